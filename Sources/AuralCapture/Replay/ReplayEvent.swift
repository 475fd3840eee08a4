/// What a replay reports beside its frames.
package enum ReplayEvent: Sendable, Equatable {
    /// The clip begins again; the number counts the passes that are finished.
    case looped(pass: Int)
    /// The clip is at its end and all its frames are in the mailbox, or were; the number counts them over all passes.
    case ended(frameCount: UInt64)
    /// The replay was stopped from outside, or its mailbox was closed.
    case stopped
    /// The clip cannot be read any further.
    case failed(CaptureError)
}
