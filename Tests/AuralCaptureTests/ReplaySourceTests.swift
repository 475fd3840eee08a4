import AuralCore
import Foundation
import Synchronization
import Testing

@testable import AuralCapture

@Suite struct ReplaySourceTests {
    /// A clip of as many frames as wanted, each of which holds its number; fails at `failing`.
    private final class NumberedReader: FrameReader {
        let width = 1
        let height = 1
        let frameCount: Int?
        let frameDurationNanoseconds: Int64 = 100
        private let failing: Int?
        private var position = 0

        init(_ count: Int, failing: Int? = nil) {
            frameCount = count
            self.failing = failing
        }

        func next() throws(CaptureError) -> RGBImage? {
            if position == failing { throw CaptureError.truncated(path: "numbers", frame: position) }
            guard position < frameCount ?? 0, let image = RGBImage(width: 1, height: 1) else { return nil }
            image.bytes[0] = UInt8(truncatingIfNeeded: position)
            position += 1
            return image
        }

        func rewind() throws(CaptureError) { position = 0 }
    }

    /// A clock whose hands jump to where somebody waits for them; remembers the waits.
    private final class JumpingPacer: Pacer {
        private let state: Mutex<(now: Int64, waits: [Int64])>
        init(_ now: Int64) { state = Mutex((now, [])) }
        var waits: [Int64] { state.withLock { $0.waits } }
        func now() -> MonoTime { state.withLock { MonoTime(nanoseconds: $0.now) } }
        func wait(until time: MonoTime) {
            state.withLock {
                $0.waits.append(time.nanoseconds)
                $0.now = max($0.now, time.nanoseconds)
            }
        }
        func interrupt() {}
    }

    private func play(
        _ count: Int, failing: Int? = nil, options: ReplaySource.Options = .init(), taking: Int = .max
    ) async -> (frames: [(UInt64, Int64, UInt8)], events: [ReplayEvent], waits: [Int64]) {
        let mailbox = FrameMailbox(pressure: .wait)
        let pacer = JumpingPacer(1000)
        let source = ReplaySource(NumberedReader(count, failing: failing), into: mailbox, pacer: pacer, options: options)
        source.start()
        source.start()
        var frames: [(UInt64, Int64, UInt8)] = []
        while frames.count < taking, let frame = await mailbox.take() {
            frames.append((frame.sequence, frame.time.nanoseconds, frame.image?.bytes[0] ?? 0))
        }
        source.stop()
        var events: [ReplayEvent] = []
        for await event in source.events { events.append(event) }
        return (frames, events, pacer.waits)
    }

    @Test("frame n has the time start + n · duration, and is waited for", .timeLimit(.minutes(5)))
    func pace() async {
        let result = await play(4)
        #expect(result.frames.map(\.0) == [0, 1, 2, 3])
        #expect(result.frames.map(\.1) == [1000, 1100, 1200, 1300])
        #expect(result.frames.map(\.2) == [0, 1, 2, 3])
        #expect(result.waits == [1000, 1100, 1200, 1300])
        #expect(result.events == [.ended(frameCount: 4)])
    }

    @Test("a rate of one's own replaces the clip's", .timeLimit(.minutes(5)))
    func rate() async {
        let result = await play(3, options: .init(frameDurationNanoseconds: 7))
        #expect(result.frames.map(\.1) == [1000, 1007, 1014])
    }

    @Test("a loop goes on in sequence and time, until it is stopped", .timeLimit(.minutes(5)))
    func loop() async {
        let result = await play(2, options: .init(loops: true), taking: 5)
        #expect(result.frames.map(\.0) == [0, 1, 2, 3, 4])
        #expect(result.frames.map(\.1) == [1000, 1100, 1200, 1300, 1400])
        #expect(result.frames.map(\.2) == [0, 1, 0, 1, 0])
        #expect(result.events.starts(with: [.looped(pass: 1), .looped(pass: 2)]))
        #expect(result.events.last == .stopped)
    }

    @Test("an error is reported after the frames before it", .timeLimit(.minutes(5)))
    func failure() async {
        let result = await play(5, failing: 2)
        #expect(result.frames.map(\.0) == [0, 1])
        #expect(result.events == [.failed(.truncated(path: "numbers", frame: 2))])
    }

    @Test("a clip without frames ends at once, even in a loop", .timeLimit(.minutes(5)))
    func empty() async {
        let result = await play(0, options: .init(loops: true))
        #expect(result.frames.isEmpty)
        #expect(result.events == [.ended(frameCount: 0)])
    }

    @Test("stopping a replay that never started ends its events", .timeLimit(.minutes(5)))
    func neverStarted() async {
        let mailbox = FrameMailbox(pressure: .live)
        let source = ReplaySource(NumberedReader(3), into: mailbox)
        source.stop()
        source.start()
        var events: [ReplayEvent] = []
        for await event in source.events { events.append(event) }
        #expect(events == [.stopped])
        #expect(await mailbox.take() == nil)
    }

    @Test(
        "the system's pacer waits until the time, not at all for one that is past, and can be interrupted",
        .timeLimit(.minutes(5)))
    func systemPacer() {
        let pacer = SystemPacer()
        let start = pacer.now()
        pacer.wait(until: start.advanced(byNanoseconds: 2_000_000))
        #expect(pacer.now().nanoseconds(since: start) >= 2_000_000)
        pacer.wait(until: MonoTime(nanoseconds: .min))
        pacer.interrupt()
        // Three hundred years: only the interruption lets this return.
        pacer.wait(until: MonoTime(nanoseconds: .max))
    }

    @Test("a real clip plays from an actor without tripping over its isolation", .timeLimit(.minutes(5)))
    @MainActor func realClip() async throws {
        let mailbox = FrameMailbox(pressure: .wait)
        let reader = try FrameReaders.open(Fixtures.path("video/mjpeg.avi"), pool: ImagePool())
        let source = ReplaySource(reader, into: mailbox, pacer: UnpacedPacer())
        source.start()
        var times: [Int64] = []
        while let frame = await mailbox.take() {
            #expect(frame.image?.width == 64)
            times.append(frame.time.nanoseconds)
        }
        #expect(times.count == 4)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 66_666_667 })
    }
}
