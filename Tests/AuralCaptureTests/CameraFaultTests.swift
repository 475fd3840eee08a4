import AuralCapture
import AuralCore
import AuralTesting
import CV4L2
import Glibc
import Synchronization
import Testing

/// Each fault of a real driver, on a clock that is turned by hand: the stream comes back by itself, everybody is told, nothing leaks.
@Suite struct CameraFaultTests {
    private static let path = "/dev/video0"

    /// A camera of 32x24 at 25 frames a second that streams: its first frame has been dropped, twelve have come.
    private func streaming(_ device: FakeV4L2Device = .simple()) -> FakeV4L2KernelSession {
        let kernel = FakeV4L2Kernel()
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path, width: 32, height: 24, rate: 25), kernel: kernel)
        session.start()
        session.run(milliseconds: 530)
        #expect(session.frames.count == 12)
        #expect(session.states == [.opening, .streaming])
        session.forget()
        return session
    }

    /// It streams now: 25 frames in a second, numbered without a gap.
    private func expectStreams(_ session: FakeV4L2KernelSession, _ location: SourceLocation = #_sourceLocation) {
        session.forget()
        session.run(milliseconds: 1000)
        #expect((24...26).contains(session.frames.count), sourceLocation: location)
        let numbers = session.frames.map(\.sequence)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }, sourceLocation: location)
        let times = session.frames.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1.nanoseconds(since: $0) == 40_000_000 }, sourceLocation: location)
        #expect(session.kernel.leaks == .init(descriptors: 1, mappings: 4), sourceLocation: location)
    }

    /// After the end nothing is open.
    private func expectClean(_ session: FakeV4L2KernelSession, _ location: SourceLocation = #_sourceLocation) {
        session.stop()
        #expect(session.states.last == .ended, sourceLocation: location)
        #expect(session.kernel.leaks == .init(), sourceLocation: location)
    }

    @Test("a frame that is flagged as corrupt or too short is dropped and counted, and the stream goes on", arguments: [true, false])
    func damagedFrames(isFlagged: Bool) {
        let session = streaming()
        session.kernel.change(Self.path) { device in
            if isFlagged { device.corruptFrames = 2 } else { device.shortFrames = 2 }
        }
        session.run(milliseconds: 200)
        // Five frames were made, two of them bad; the gap shows.
        #expect(session.frames.map(\.sequence) == [14, 15, 16])
        #expect(session.counters.corrupt.load(ordering: .relaxed) == 2)
        #expect(session.counters.lost.load(ordering: .relaxed) == 0)
        #expect(session.states.isEmpty)
        expectStreams(session)
        expectClean(session)
    }

    @Test("frames that only come damaged are a stall")
    func onlyDamagedFrames() {
        let session = streaming()
        session.kernel.change(Self.path) { $0.corruptFrames = 60 }
        session.run(milliseconds: 2100)
        #expect(session.states == [.stalled, .opening])
        #expect(session.counters.openings.load(ordering: .relaxed) == 2)
        session.run(milliseconds: 2000)
        expectStreams(session)
        expectClean(session)
    }

    @Test("frames that the driver lost are gaps in our numbers and are counted")
    func lostFrames() {
        let session = streaming()
        session.kernel.change(Self.path) { $0.lostFrames = 3 }
        session.run(milliseconds: 80)
        #expect(session.frames.map(\.sequence) == [15, 16])
        #expect(session.counters.lost.load(ordering: .relaxed) == 3)
        // A count that jumps by thousands has started anew.
        session.kernel.change(Self.path) { $0.lostFrames = 5000 }
        session.run(milliseconds: 80)
        #expect(session.frames.map(\.sequence) == [15, 16, 17, 18])
        #expect(session.counters.lost.load(ordering: .relaxed) == 3)
        expectStreams(session)
        expectClean(session)
    }

    @Test("a driver that numbers all frames alike loses none")
    func numberless() {
        var device = FakeV4L2Device.simple()
        device.countsNothing = true
        let session = streaming(device)
        #expect(session.counters.lost.load(ordering: .relaxed) == 0)
        expectStreams(session)
    }

    @Test("giving a buffer back that fails once is tried again; twice, the camera is opened again at once", arguments: [1, 2])
    func failingQueue(times: Int) {
        let session = streaming()
        session.kernel.fail(cv4l2_qbuf, with: EINVAL, times: times)
        session.run(milliseconds: 200)
        #expect(session.counters.openings.load(ordering: .relaxed) == UInt64(times))
        #expect(session.states == (times == 1 ? [] : [.opening, .streaming]))
        expectStreams(session)
        expectClean(session)
    }

    @Test(
        "a call that fails while the camera is opened is tried again within a second, and nothing stays open meanwhile",
        arguments: [
            (cv4l2_s_fmt, EINVAL), (cv4l2_reqbufs, EINVAL), (cv4l2_reqbufs, ENOMEM), (cv4l2_querybuf, EINVAL), (cv4l2_streamon, EINVAL),
            (cv4l2_streamon, ENOSPC), (cv4l2_streamon, EIO), (FakeV4L2Kernel.openRequest, EMFILE), (FakeV4L2Kernel.mapRequest, ENOMEM),
            (cv4l2_querycap, EIO), (cv4l2_enum_fmt, EIO),
        ])
    func failingOpening(request: UInt, number: Int32) {
        let session = streaming()
        session.kernel.kill(Self.path)
        // The dead stream's buffers are given back by a call of the same name.
        session.kernel.fail(request, with: number, after: request == cv4l2_reqbufs ? 1 : 0)
        session.run(milliseconds: 50)
        #expect(session.states == [.opening, .backoff])
        #expect(session.kernel.leaks == .init())
        session.run(milliseconds: 1000)
        #expect(session.states == [.opening, .backoff, .opening, .streaming])
        expectStreams(session)
        expectClean(session)
    }

    @Test("a driver without rates, frame sizes or controls is none the worse for it")
    func plainDriver() {
        let kernel = FakeV4L2Kernel()
        kernel.plug(FakeV4L2Device(formats: [.init(cv4l2_pix_fmt_yuyv, sizes: .unknown, intervals: .unknown)]), at: Self.path)
        kernel.fail(cv4l2_s_ctrl, with: EINVAL)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path, width: 64, height: 48, isRateFixed: true), kernel: kernel)
        session.start()
        session.run(milliseconds: 500)
        #expect(session.configurations == ["64x48 YUYV"])
        #expect(session.frames.count > 10)
        expectClean(session)
    }

    @Test("a dead stream is opened again at once, and later after growing waits")
    func deadStream() {
        let session = streaming()
        session.kernel.kill(Self.path)
        session.run(milliseconds: 200)
        #expect(session.states == [.opening, .streaming])
        #expect(session.counters.openings.load(ordering: .relaxed) == 2)
        // Before it has earned a new start it dies again.
        session.kernel.kill(Self.path)
        session.run(milliseconds: 100)
        #expect(session.states == [.opening, .streaming, .backoff])
        session.run(milliseconds: 600)
        #expect(session.states == [.opening, .streaming, .backoff, .opening, .streaming])
        expectStreams(session)
        expectClean(session)
    }

    @Test("poll reporting an error that dequeuing does not is the end of the stream too", arguments: [POLLERR, POLLHUP, POLLNVAL])
    func pollErrors(event: Int32) throws {
        let kernel = FakeV4L2Kernel()
        kernel.plug(.simple(), at: Self.path)
        let states = Mutex<[SourceState]>([])
        let driver = CameraDriver(
            settings: CameraSettings(device: Self.path), kernel: kernel, locator: kernel, clock: kernel, counters: SourceCounters(),
            deliver: { _ in },
            onEvent: { event in
                if case .state(let state, _) = event { states.withLock { $0.append(state) } }
            })
        driver.start(at: kernel.now())
        var descriptors: [pollfd] = []
        _ = driver.prepare(&descriptors)
        try #require(descriptors.count == 1)
        descriptors[0].revents = Int16(event)
        driver.advance(descriptors[...], at: kernel.now())
        // Unplugged means waiting for the device; anything else another try at once.
        #expect(states.withLock { $0 } == (event == POLLHUP ? [.opening, .absent] : [.opening, .opening]))
        #expect(kernel.openings.count == (event == POLLHUP ? 1 : 2))
        driver.stop(at: kernel.now())
        #expect(kernel.leaks == .init())
    }

    @Test("an unplugged camera is absent, and streams within two seconds of being plugged in again, told of it or not", arguments: [true, false])
    func unplug(isTold: Bool) {
        let session = streaming()
        session.kernel.unplug(Self.path)
        session.run(milliseconds: 100)
        #expect(session.states == [.absent])
        #expect(session.kernel.leaks == .init())
        session.run(milliseconds: isTold ? 60_000 : 300)
        #expect(session.states == [.absent])
        session.kernel.plug(.simple(), at: Self.path)
        if isTold { session.devicesChanged() }
        session.run(milliseconds: 2000)
        #expect(session.states == [.absent, .opening, .streaming])
        let numbers = session.frames.map(\.sequence)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 } && numbers.first == 12)
        #expect(session.counters.first.load(ordering: .relaxed) == 2)
        expectStreams(session)
        expectClean(session)
    }

    @Test("a camera that another program has is busy, with its holder, and is had as soon as it is free")
    func busy() {
        let kernel = FakeV4L2Kernel()
        var device = FakeV4L2Device.simple()
        device.access = .busy
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path), kernel: kernel)
        session.start()
        #expect(session.states == [.opening, .busy])
        #expect(session.detail?.hasSuffix("end it (pid 1234, fake)") == true)
        session.run(milliseconds: 900)
        kernel.change(Self.path) { $0.access = .free }
        session.run(milliseconds: 2000)
        #expect(session.states == [.opening, .busy, .opening, .streaming])
        expectStreams(session)
        expectClean(session)
    }

    @Test("a node without permission is denied until the permission comes")
    func denied() {
        let kernel = FakeV4L2Kernel()
        var device = FakeV4L2Device.simple()
        device.access = .denied
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path), kernel: kernel)
        session.start()
        session.run(milliseconds: 20_000)
        #expect(session.states == [.opening, .denied])
        kernel.change(Self.path) { $0.access = .free }
        session.devicesChanged()
        session.run(milliseconds: 500)
        #expect(session.states == [.opening, .denied, .opening, .streaming])
        expectStreams(session)
        expectClean(session)
    }

    @Test("a producer that dies is a stall; a loopback device without one is absent until it plays again")
    func deadProducer() {
        let session = streaming(.simple(cv4l2_pix_fmt_mjpeg))
        session.kernel.change(Self.path) { $0.isSilent = true }
        session.run(milliseconds: 2100)
        #expect(session.states == [.stalled, .opening])
        #expect(session.kernel.leaks == .init(descriptors: 1, mappings: 4))
        let formats = FakeV4L2Device.simple(cv4l2_pix_fmt_mjpeg).formats
        session.kernel.change(Self.path) { $0.formats = [] }
        session.run(milliseconds: 2500)
        #expect(session.states == [.stalled, .opening, .stalled, .backoff, .absent])
        session.kernel.change(Self.path) { device in
            device.formats = formats
            device.isSilent = false
        }
        session.devicesChanged()
        session.run(milliseconds: 1000)
        #expect(session.states.suffix(2) == [.opening, .streaming])
        expectStreams(session)
        expectClean(session)
    }

    @Test("a loopback device streams within two seconds of its producer, of which nobody is told", arguments: [true, false])
    func lateProducer(hasAbility: Bool) {
        let kernel = FakeV4L2Kernel()
        let whole = FakeV4L2Device.simple(cv4l2_pix_fmt_mjpeg)
        var device = whole
        if hasAbility { device.formats = [] } else { device.nodeCapabilities = UInt32(bitPattern: V4L2_CAP_STREAMING | V4L2_CAP_VIDEO_OUTPUT) }
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path), kernel: kernel)
        session.start()
        session.run(milliseconds: 70_000)
        #expect(session.states == [.opening, .absent])
        #expect(kernel.leaks == .init())
        kernel.plug(whole, at: Self.path)
        session.run(milliseconds: 2000)
        #expect(session.states == [.opening, .absent, .opening, .streaming])
        expectStreams(session)
        expectClean(session)
        // No look is due after the end.
        kernel.plug(device, at: Self.path)
        session.start()
        session.stop()
        let openings = kernel.openings.count
        session.run(milliseconds: 10_000)
        #expect(kernel.openings.count == openings)
    }

    @Test("stamps that cannot be believed give way to the time of arrival, which never goes back", arguments: FakeV4L2Device.Stamps.allCases)
    func stamps(_ stamps: FakeV4L2Device.Stamps) {
        var device = FakeV4L2Device.simple()
        device.stamps = stamps
        let session = streaming(device)
        session.run(milliseconds: 400)
        #expect(session.frames.allSatisfy { $0.timestampSource == (stamps == .monotonic || stamps == .slightlyAhead ? .device : .arrival) })
        #expect(session.frames.count == 10)
        // Back in order, they are believed after a while.
        session.kernel.change(Self.path) { $0.stamps = .monotonic }
        session.run(milliseconds: 1400)
        #expect(session.frames.last?.timestampSource == .device)
        let times = session.frames.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 > $0 })
        expectStreams(session)
    }

    @Test("other settings open the camera anew; the same ones leave it alone")
    func reconfigure() {
        let session = streaming()
        let settings = CameraSettings(device: Self.path, width: 32, height: 24, rate: 25)
        session.reconfigure(settings)
        #expect(session.events.isEmpty)
        session.kernel.plug(.simple(cv4l2_pix_fmt_grey), at: "/dev/video1")
        var other = settings
        other.device = "/dev/video1"
        session.reconfigure(other)
        session.run(milliseconds: 200)
        #expect(session.configurations == ["32x24 GREY at 25 frames/s"])
        #expect(session.states == [.opening, .streaming])
        #expect(session.frames.first?.sequence == 12)
        expectStreams(session)
        expectClean(session)
        // Nothing is opened by settings that come after the end.
        session.reconfigure(settings)
        #expect(session.kernel.leaks == .init())
        session.start()
        session.run(milliseconds: 1000)
        expectStreams(session)
        expectClean(session)
    }

    @Test("a slow camera is given the time of ten frames")
    func patience() {
        let kernel = FakeV4L2Kernel()
        var device = FakeV4L2Device.simple()
        device.formats[0].intervals = .discrete([FrameInterval(3, 1)].compactMap { $0 })
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path, width: 32, height: 24, rate: 1 / 3), kernel: kernel)
        session.start()
        session.run(milliseconds: 31_000)
        #expect(session.states == [.opening, .streaming])
        #expect(session.frames.count == 9)
    }

    @Test("whatever goes wrong in whatever order, the camera streams again once nothing does", .timeLimit(.minutes(5)), arguments: 0..<40)
    func fuzz(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let codes = [cv4l2_pix_fmt_yuyv, cv4l2_pix_fmt_mjpeg, cv4l2_pix_fmt_nv12, cv4l2_pix_fmt_grey]
        let device = FakeV4L2Device.simple(codes[seed % codes.count])
        let kernel = FakeV4L2Kernel()
        kernel.plug(device, at: Self.path)
        var settings = CameraSettings(device: Self.path, width: 32, height: 24, rate: 25)
        let session = FakeV4L2KernelSession(settings, kernel: kernel)
        session.start()
        let requests = [
            cv4l2_querycap, cv4l2_enum_fmt, cv4l2_enum_framesizes, cv4l2_enum_frameintervals, cv4l2_s_fmt, cv4l2_s_parm, cv4l2_reqbufs,
            cv4l2_querybuf, cv4l2_qbuf, cv4l2_dqbuf, cv4l2_streamon, cv4l2_streamoff, FakeV4L2Kernel.openRequest, FakeV4L2Kernel.mapRequest,
        ]
        let numbers = [EIO, EINVAL, ENODEV, EBUSY, EACCES, ENOMEM, ENOSPC, EAGAIN, EPIPE, ENOTTY]
        var last: UInt64?
        for _ in 0..<200 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: kernel.unplug(Self.path)
            case 1, 2: kernel.plug(device, at: Self.path)
            case 3: kernel.kill(Self.path)
            case 4, 5:
                kernel.fail(
                    requests[Int.random(in: 0..<requests.count, using: &random)], with: numbers[Int.random(in: 0..<numbers.count, using: &random)],
                    after: Int.random(in: 0..<4, using: &random), times: Int.random(in: 1..<4, using: &random))
            case 6: kernel.change(Self.path) { $0.corruptFrames = Int.random(in: 0..<80, using: &random) }
            case 7: kernel.change(Self.path) { $0.lostFrames = UInt32.random(in: 0..<2000, using: &random) }
            case 8: kernel.change(Self.path) { $0.stamps = FakeV4L2Device.Stamps.allCases.randomElement(using: &random) ?? .monotonic }
            case 9: kernel.change(Self.path) { $0.isSilent = Bool.random(using: &random) }
            case 10: kernel.change(Self.path) { $0.access = [.free, .busy, .denied][Int.random(in: 0..<3, using: &random)] }
            default:
                settings.rate = Double.random(in: 1..<60, using: &random)
                if Bool.random(using: &random) { session.reconfigure(settings) } else { session.devicesChanged() }
            }
            session.run(milliseconds: Int64.random(in: 0..<1500, using: &random))
            for frame in session.frames {
                if let last { #expect(frame.sequence > last) }
                last = frame.sequence
            }
            session.forget()
            let leaks = kernel.leaks
            #expect(leaks.misuses.isEmpty && leaks.buffers == 0 && leaks.descriptors <= 1 && leaks.mappings == 4 * leaks.descriptors)
        }
        kernel.forgetFaults()
        kernel.unplug(Self.path)
        session.run(milliseconds: 100)
        kernel.plug(device, at: Self.path)
        session.devicesChanged()
        session.run(milliseconds: 2000)
        expectStreams(session)
        expectClean(session)
    }
}
