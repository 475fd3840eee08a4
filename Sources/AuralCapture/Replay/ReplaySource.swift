import AuralCore
import Foundation
import Synchronization

/// Plays a clip into a mailbox on a thread of its own, as a camera would: frame n has the time start + n · duration, whenever it
/// was really read. Closes the mailbox when it ends, however it ends.
package final class ReplaySource: Sendable {
    /// How a clip is played.
    package struct Options: Sendable {
        /// Begin again at the end; sequence numbers and times go on.
        package var loops: Bool
        /// Nanoseconds from frame to frame; nil for the clip's own.
        package var frameDurationNanoseconds: Int64?

        /// By default the clip is played once at its own pace.
        package init(loops: Bool = false, frameDurationNanoseconds: Int64? = nil) {
            self.loops = loops
            self.frameDurationNanoseconds = frameDurationNanoseconds
        }
    }

    /// Everything but the frames. Ends after `ended`, `stopped` or `failed`. One consumer; a slow one misses old `looped` events.
    package let events: AsyncStream<ReplayEvent>

    private let reporter: AsyncStream<ReplayEvent>.Continuation
    private let reader: Mutex<Reader?>
    private let mailbox: FrameMailbox
    private let pacer: any Pacer
    private let isStopping = Atomic<Bool>(false)

    /// The reader and its schedule on their way to the thread.
    private struct Reader: @unchecked Sendable {
        // SAFETY: `sending` in the initialiser says that nobody else has the reader; it is taken out of the mutex once, by
        // the thread, and used by it alone.
        var frames: any FrameReader
        var machine: ReplayMachine
    }

    /// Prepares to play `reader` from where it stands into `mailbox`; `start` begins.
    package init(
        _ reader: sending any FrameReader, into mailbox: FrameMailbox, pacer: any Pacer = SystemPacer(),
        options: Options = Options()
    ) {
        (events, reporter) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
        let machine = ReplayMachine(
            frameDuration: options.frameDurationNanoseconds ?? reader.frameDurationNanoseconds, loops: options.loops)
        self.reader = Mutex(Reader(frames: reader, machine: machine))
        self.mailbox = mailbox
        self.pacer = pacer
    }

    /// Starts the thread. Has an effect once.
    package func start() {
        guard let taken = reader.withLock({ $0.take() }) else { return }
        // The closure is formed here, in a nonisolated function: one formed on an actor would demand that actor's thread and end
        // the process.
        let thread = Thread { [self] in
            ThreadName.set("replay")
            run(taken)
        }
        thread.start()
    }

    /// Ends the replay; returns at once. `events` says `stopped` when the thread has seen it.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        pacer.interrupt()
        mailbox.close()
        // A replay that never started has no thread to report.
        if reader.withLock({ $0.take() }) != nil { finish(.stopped) }
    }

    private func run(_ reader: Reader) {
        let frames = reader.frames
        var machine = reader.machine
        var step = machine.advance(.began(pacer.now()))
        while true {
            switch step {
            case .read: step = machine.advance(read(frames))
            case .deliver(let frame):
                pacer.wait(until: frame.time)
                step = machine.advance(mailbox.offer(frame) ? .delivered : .refused)
            case .rewind(let pass):
                reporter.yield(.looped(pass: pass))
                step = machine.advance(rewind(frames))
            case .finish(let event):
                finish(event)
                return
            }
        }
    }

    private func read(_ frames: any FrameReader) -> ReplayMachine.Result {
        guard !isStopping.load(ordering: .acquiring) else { return .refused }
        do {
            guard let image = try frames.next() else { return .reachedEnd }
            return .read(image)
        } catch {
            return .failed(error)
        }
    }

    private func rewind(_ frames: any FrameReader) -> ReplayMachine.Result {
        do {
            try frames.rewind()
            return .rewound
        } catch {
            return .failed(error)
        }
    }

    private func finish(_ event: ReplayEvent) {
        mailbox.close()
        reporter.yield(event)
        reporter.finish()
    }
}
