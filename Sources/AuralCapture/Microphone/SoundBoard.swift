import Synchronization

/// Where a microphone's stream is looked up by others.
package final class SoundBoard: Sendable {
    private let current = Mutex<SoundStream?>(nil)

    /// No stream yet.
    package init() {}

    /// The newest stream; nil until the microphone was opened for the first time.
    package var stream: SoundStream? { current.withLock { $0 } }

    /// Replaces the stream.
    package func publish(_ stream: SoundStream) { current.withLock { $0 = stream } }
}
