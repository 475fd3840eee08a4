import AuralCapture
import AuralCore
import AuralTesting
import CV4L2
import Glibc
import Synchronization
import Testing

@Suite struct V4L2DeviceTests {
    private static let path = "/dev/video0"

    private func session(_ device: FakeV4L2Device, _ settings: CameraSettings? = nil) -> FakeV4L2KernelSession {
        let kernel = FakeV4L2Kernel()
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(settings ?? CameraSettings(device: Self.path), kernel: kernel)
        session.start()
        return session
    }

    private static func intervals(_ rates: Double...) -> FrameIntervals { .discrete(rates.compactMap { FrameInterval(rate: $0) }) }

    @Test("what the driver gives is told, and what was asked where that differs")
    func adjusted() {
        // vivid: 640x480 at 25 frames a second at most, and no MJPG, whatever is asked.
        let vivid = FakeV4L2Device(formats: [
            .init(cv4l2_pix_fmt_yuyv, sizes: .discrete([.init(320, 180), .init(640, 480)]), intervals: Self.intervals(25, 12.5)),
            .init(cv4l2_pix_fmt_nv12, sizes: .discrete([.init(640, 480)]), intervals: Self.intervals(25)),
        ])
        let cases: [(CameraSettings, String)] = [
            (CameraSettings(device: Self.path, rate: 30), "640x480 YUYV at 25 frames/s (asked: 30)"),
            (CameraSettings(device: Self.path, rate: 25), "640x480 YUYV at 25 frames/s"),
            (CameraSettings(device: Self.path, rate: 12), "640x480 YUYV at 12.5 frames/s (asked: 12)"),
            (CameraSettings(device: Self.path, rate: 25, format: .nv12), "640x480 NV12 at 25 frames/s"),
            (CameraSettings(device: Self.path, rate: 25, format: .mjpeg), "640x480 YUYV at 25 frames/s (asked: MJPEG)"),
            (
                CameraSettings(device: Self.path, width: 1280, height: 720, rate: 30, format: .mjpeg),
                "640x480 YUYV at 25 frames/s (asked: 1280x720 MJPEG at 30)"
            ),
        ]
        for (settings, text) in cases { #expect(session(vivid, settings).configurations == [text]) }
    }

    @Test("a driver that changes the format behind our back is believed, not what it listed")
    func silentChange() {
        var device = FakeV4L2Device.simple()
        device.formats.insert(.init(cv4l2_pix_fmt_grey, sizes: .discrete([.init(32, 24)]), intervals: .unknown), at: 0)
        let kernel = FakeV4L2Kernel()
        kernel.plug(device, at: Self.path)
        let session = FakeV4L2KernelSession(CameraSettings(device: Self.path, width: 32, height: 24, rate: 25, format: .yuyv), kernel: kernel)
        session.start()
        session.run(milliseconds: 200)
        #expect(session.configurations == ["32x24 YUYV at 25 frames/s"])
    }

    @Test("MJPEG frames are passed on as they come, without reading them")
    func compressed() throws {
        var device = FakeV4L2Device.simple(cv4l2_pix_fmt_mjpeg)
        device.picture = [0xFF, 0xD8, 1, 2, 3, 4, 5]
        let session = session(device, CameraSettings(device: Self.path, width: 32, height: 24, rate: 25))
        session.run(milliseconds: 100)
        let frame = try #require(session.frames.first)
        guard case .captured(let picture) = frame.content else {
            Issue.record("not a captured picture")
            return
        }
        #expect(picture.format == .mjpeg && picture.width == 32 && picture.height == 24 && picture.bytesPerLine == 0)
        #expect(picture.bytes.withBytes { Array($0) } == device.picture)
        // What does not begin as a JPEG picture does is damage.
        session.kernel.change(Self.path) { $0.picture = [0, 0, 0, 0, 0] }
        session.forget()
        session.run(milliseconds: 80)
        #expect(session.frames.isEmpty && session.counters.corrupt.load(ordering: .relaxed) == 2)
    }

    @Test("rows that are longer than their pixels are passed on with their length")
    func padding() throws {
        var device = FakeV4L2Device.simple()
        device.padding = 12
        let session = session(device, CameraSettings(device: Self.path, width: 32, height: 24, rate: 25))
        session.run(milliseconds: 100)
        guard case .captured(let picture) = try #require(session.frames.first).content else {
            Issue.record("not a captured picture")
            return
        }
        #expect(picture.bytesPerLine == 76)
        // The padding of the last row is not needed.
        #expect(picture.bytes.count == 76 * 23 + 64)
        #expect(picture.bytes.withBytes { $0.allSatisfy { $0 == 1 } })
    }

    @Test("payloads lie in the same few pieces of memory, however many frames come")
    func pooled() {
        let session = session(.simple(), CameraSettings(device: Self.path, width: 32, height: 24, rate: 25))
        var places: Set<UnsafeRawPointer?> = []
        for _ in 0..<100 {
            session.run(milliseconds: 40)
            for frame in session.frames {
                if case .captured(let picture) = frame.content { places.insert(picture.bytes.withBytes { $0.baseAddress }) }
            }
            session.forget()
        }
        #expect(session.counters.frames.load(ordering: .relaxed) == 99)
        #expect(places.count <= 2)
    }

    @Test(
        "colours are what the driver says, or by the kernel's rules",
        arguments: [
            (cv4l2_pix_fmt_yuyv, V4L2_COLORSPACE_SRGB.rawValue, 0 as UInt32, 0 as UInt32, false, YCbCrEncoding.bt601),
            (cv4l2_pix_fmt_yuyv, V4L2_COLORSPACE_JPEG.rawValue, 0, 0, true, .bt601),
            (cv4l2_pix_fmt_yuyv, V4L2_COLORSPACE_REC709.rawValue, 0, 0, false, .bt709),
            (cv4l2_pix_fmt_nv12, V4L2_COLORSPACE_SRGB.rawValue, V4L2_YCBCR_ENC_709.rawValue, V4L2_QUANTIZATION_FULL_RANGE.rawValue, true, .bt709),
            (cv4l2_pix_fmt_yuyv, V4L2_COLORSPACE_BT2020.rawValue, 0, 0, false, .bt2020),
            (cv4l2_pix_fmt_yuyv, V4L2_COLORSPACE_REC709.rawValue, V4L2_YCBCR_ENC_601.rawValue, 0, false, .bt601),
            (cv4l2_pix_fmt_grey, V4L2_COLORSPACE_SRGB.rawValue, 0, 0, true, .bt601),
            (cv4l2_pix_fmt_grey, V4L2_COLORSPACE_SRGB.rawValue, 0, V4L2_QUANTIZATION_LIM_RANGE.rawValue, false, .bt601),
            (cv4l2_pix_fmt_mjpeg, V4L2_COLORSPACE_SRGB.rawValue, 0, 0, true, .bt601),
        ])
    func colors(code: UInt32, space: UInt32, encoding: UInt32, quantization: UInt32, isFullRange: Bool, expected: YCbCrEncoding) throws {
        var device = FakeV4L2Device.simple(code)
        device.colors = (space, encoding, quantization)
        let opened = try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path), kernel: kernel(device))
        #expect(opened.format?.isFullRange == isFullRange && opened.format?.encoding == expected)
    }

    private func kernel(_ device: FakeV4L2Device) -> FakeV4L2Kernel {
        let kernel = FakeV4L2Kernel()
        kernel.plug(device, at: Self.path)
        return kernel
    }

    @Test("a camera with a format of ours is never converted; one without is")
    func conversion() throws {
        let h264: UInt32 = 0x3436_3248
        let foreign = FakeV4L2Device.Format(h264, sizes: .discrete([.init(32, 24)]), intervals: Self.intervals(25))
        let rgb = FakeV4L2Device.Format(cv4l2_pix_fmt_rgb24, sizes: .discrete([.init(32, 24)]), intervals: Self.intervals(25))
        var native = FakeV4L2Device.simple()
        native.formats.append(foreign)
        native.emulated = [rgb]
        let first = kernel(native)
        _ = try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path, format: .rgb24), kernel: first)
        #expect(first.openings == [false])

        var converted = FakeV4L2Device(formats: [foreign])
        converted.emulated = [rgb]
        let session = session(converted, CameraSettings(device: Self.path, width: 32, height: 24, rate: 25))
        session.run(milliseconds: 100)
        #expect(session.kernel.openings == [false, true])
        #expect(session.configurations == ["32x24 RGB24 (converted by libv4l2) at 25 frames/s"])
        #expect(session.frames.count == 1)

        let neither = kernel(FakeV4L2Device(formats: [foreign]))
        let error = #expect(throws: DeviceError.self) {
            try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path), kernel: neither)
        }
        #expect(error?.code == .unsupported && error?.message.contains("H264") == true)
        #expect(neither.leaks == .init())
    }

    @Test(
        "what is no camera is refused, and said what it is",
        arguments: [
            (V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING, DeviceError.Code.unsupported, "metadata"),
            (V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_STREAMING, .unsupported, "multi-planar"),
            (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_READWRITE, .unsupported, "mapped buffers"),
            (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING, .absent, "loopback"), (V4L2_CAP_TUNER, .unsupported, "captures no video"),
        ])
    func abilities(abilities: Int32, code: DeviceError.Code, text: String) {
        var device = FakeV4L2Device.simple()
        device.nodeCapabilities = UInt32(bitPattern: abilities)
        let kernel = kernel(device)
        let error = #expect(throws: DeviceError.self) {
            try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path), kernel: kernel)
        }
        #expect(error?.code == code && error?.message.contains(text) == true)
        #expect(kernel.leaks == .init())
    }

    @Test("an old driver without device_caps is judged by its capabilities")
    func oldDriver() throws {
        var device = FakeV4L2Device.simple()
        device.capabilities = UInt32(bitPattern: V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING)
        device.nodeCapabilities = 0
        let opened = try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path), kernel: kernel(device))
        #expect(opened.format?.format == .yuyv)
    }

    @Test("as many buffers as the driver gives are used; too few to stream are refused", arguments: [0, 1, 2, 8, 33])
    func buffers(count: UInt32) {
        var device = FakeV4L2Device.simple()
        device.buffers = count
        let kernel = kernel(device)
        let settings = CameraSettings(device: Self.path)
        if (2...32).contains(count) {
            #expect(throws: Never.self) { try V4L2Device.open(Self.path, settings: settings, kernel: kernel).close() }
        } else {
            #expect(throws: DeviceError.self) { try V4L2Device.open(Self.path, settings: settings, kernel: kernel) }
        }
        #expect(kernel.leaks == .init())
    }

    @Test("the rate is fixed in the dark only where that is asked for", arguments: [true, false])
    func fixedRate(isFixed: Bool) throws {
        let kernel = kernel(.simple())
        _ = try V4L2Device.open(Self.path, settings: CameraSettings(device: Self.path, isRateFixed: isFixed), kernel: kernel)
        #expect(kernel.controls == (isFixed ? [cv4l2_cid_exposure_dynamic_framerate: 0] : [:]))
    }

    @Test("the real kernel says what is wrong with nodes that are none")
    func realKernel() throws {
        let settings = CameraSettings(device: "")
        let cases: [(String, DeviceError.Code)] = [("/dev/video-that-is-none", .absent), ("/dev/null", .unsupported), ("/", .failed(errno: EISDIR))]
        for (path, code) in cases {
            let error = #expect(throws: DeviceError.self) { try V4L2Device.open(path, settings: settings, kernel: LibV4L2Kernel()) }
            #expect(error?.code == code)
        }
        // The library refuses what is no V4L2 device, and leaves the descriptor to us.
        let before = try openDescriptors()
        #expect(throws: KernelError.self) { try LibV4L2Kernel().open("/dev/null", converting: true) }
        #expect(try openDescriptors() == before)
    }

    /// Those of this process that are open to /dev/null: other tests run at the same time and open other things.
    private func openDescriptors() throws -> Int {
        (0..<1024).count { descriptor in
            var status = stat()
            return fstat(Int32(descriptor), &status) == 0 && status.st_rdev == 0x103
        }
    }
}
