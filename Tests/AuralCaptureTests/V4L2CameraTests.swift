import AuralCapture
import AuralCore
import AuralTesting
import CV4L2
import Glibc
import Synchronization
import Testing

/// The actor on a real thread with poll(2), on pipes of the fake kernel.
@Suite struct V4L2CameraTests {
    private static let path = "/dev/video0"

    private struct Set {
        let kernel = FakeV4L2Kernel(startingAt: SystemTimeSource().now())
        let mailbox = FrameMailbox(pressure: .live)
        let counters = SourceCounters()
        let camera: V4L2Camera
        var events: AsyncStream<SourceEvent>.Iterator

        init(_ settings: CameraSettings) {
            kernel.plug(.simple(), at: V4L2CameraTests.path)
            let (stream, reporter) = AsyncStream<SourceEvent>.makeStream()
            events = stream.makeAsyncIterator()
            camera = V4L2Camera(
                settings: settings, kernel: kernel, locator: kernel, into: mailbox, counters: counters, onEvent: { reporter.yield($0) })
        }

        /// Waits for a state.
        mutating func wait(for state: SourceState) async {
            while let event = await events.next() {
                if case .state(state, _) = event { return }
            }
        }

        /// Lets one frame be made; frames come whenever they are made, not by the real clock.
        func makeFrame() {
            kernel.advance(to: kernel.nextFrame ?? kernel.now())
        }
    }

    private let settings = CameraSettings(device: path, width: 32, height: 24, rate: 25, stallNanoseconds: 600_000_000_000)

    @Test("frames come through the thread, an unplugged camera comes back, and stopping leaves nothing open", .timeLimit(.minutes(5)))
    func life() async throws {
        var set = Set(settings)
        await set.camera.start()
        #expect(set.kernel.leaks == .init(descriptors: 1, mappings: 4))
        set.makeFrame()
        await set.wait(for: .streaming)
        for number in 0..<20 as Range<UInt64> {
            set.makeFrame()
            let frame = try #require(await set.mailbox.take())
            #expect(frame.sequence == number)
            #expect(frame.size == (32, 24))
        }
        set.kernel.unplug(Self.path)
        await set.wait(for: .absent)
        #expect(set.kernel.leaks == .init())
        set.kernel.plug(.simple(), at: Self.path)
        await set.camera.devicesChanged()
        await set.wait(for: .opening)
        set.makeFrame()
        await set.wait(for: .streaming)
        set.makeFrame()
        #expect(await set.mailbox.take()?.sequence == 20)
        await set.camera.stop()
        #expect(set.kernel.leaks == .init())
        await set.wait(for: .ended)
        #expect(set.counters.frames.load(ordering: .relaxed) == 21)
    }

    @Test("it can be started again, and takes other settings while it runs", .timeLimit(.minutes(5)))
    func again() async throws {
        var set = Set(settings)
        for _ in 0..<3 {
            await set.camera.start()
            set.makeFrame()
            await set.wait(for: .streaming)
            await set.camera.stop()
            await set.wait(for: .ended)
            #expect(set.kernel.leaks == .init())
        }
        await set.camera.start()
        set.kernel.plug(.simple(cv4l2_pix_fmt_grey), at: "/dev/video1")
        var other = settings
        other.device = "/dev/video1"
        await set.camera.reconfigure(other)
        set.makeFrame()
        await set.wait(for: .streaming)
        set.makeFrame()
        let frame = try #require(await set.mailbox.take())
        if case .captured(let picture) = frame.content { #expect(picture.format == .grey) }
        await set.camera.stop()
        #expect(set.kernel.leaks == .init())
    }

    @Test("the actor and its thread go when it has been stopped", .timeLimit(.minutes(5)))
    func release() async {
        weak var camera: V4L2Camera?
        let (gone, reporter) = AsyncStream<Void>.makeStream()
        do {
            let kernel = FakeV4L2Kernel()
            let token = Token { reporter.finish() }
            // The events' closure holds the token, the actor the closure.
            let made = V4L2Camera(
                settings: settings, kernel: kernel, locator: kernel, counters: SourceCounters(), deliver: { _ in },
                onEvent: { _ in token.touch() })
            camera = made
            await made.start()
            await made.stop()
        }
        for await _ in gone {}
        #expect(camera == nil)
    }

    private final class Token: Sendable {
        private let end: @Sendable () -> Void
        init(_ end: @escaping @Sendable () -> Void) { self.end = end }
        func touch() {}
        deinit { end() }
    }
}
