import AuralCore

/// The order of a replay's steps, as a pure state machine: what the thread does next, given what the last step gave.
struct ReplayMachine {
    /// What a step gave.
    enum Result {
        /// The replay begins, at this time.
        case began(MonoTime)
        /// A frame was read.
        case read(RGBImage)
        /// The clip has no more frames.
        case reachedEnd
        /// The reader is back at the first frame.
        case rewound
        /// The frame is in the mailbox.
        case delivered
        /// The mailbox is closed: somebody ended the replay.
        case refused
        /// Reading failed.
        case failed(CaptureError)
    }

    /// The next step.
    enum Step {
        /// Read a frame.
        case read
        /// Wait for the frame's time, then put it into the mailbox.
        case deliver(Frame)
        /// Go back to the first frame; `pass` counts the passes that are finished.
        case rewind(pass: Int)
        /// Report this, and stop.
        case finish(ReplayEvent)
    }

    private let frameDuration: Int64
    private let loops: Bool
    private var start = MonoTime(nanoseconds: 0)
    private var sequence: UInt64 = 0
    private var sequenceOfPass: UInt64 = 0
    private var passes = 0

    /// A replay whose frames are `frameDuration` nanoseconds apart; it begins again at the end if `loops`.
    init(frameDuration: Int64, loops: Bool) {
        self.frameDuration = max(1, frameDuration)
        self.loops = loops
    }

    mutating func advance(_ result: Result) -> Step {
        switch result {
        case .began(let time):
            start = time
            return .read
        case .read(let image):
            let (delay, overflow) = frameDuration.multipliedReportingOverflow(by: Int64(clamping: sequence))
            let frame = Frame(
                sequence: sequence, time: start.advanced(byNanoseconds: overflow ? .max : delay), image: image)
            sequence += 1
            return .deliver(frame)
        case .delivered, .rewound:
            return .read
        case .reachedEnd:
            // A pass without a frame would make the loop spin for ever.
            guard loops, sequence > sequenceOfPass else { return .finish(.ended(frameCount: sequence)) }
            sequenceOfPass = sequence
            passes += 1
            return .rewind(pass: passes)
        case .refused:
            return .finish(.stopped)
        case .failed(let error):
            return .finish(.failed(error))
        }
    }
}
