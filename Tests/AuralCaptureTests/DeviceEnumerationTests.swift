import AuralCore
import CV4L2
import Glibc
import Testing

@testable import AuralCapture

/// A camera behind ioctl(2), from a table.
private final class FakeKernel {
    var capabilities: UInt32 = 0x8520_0001
    var deviceCapabilities: UInt32 = 0x0420_0001
    var queryStatus: Int32 = 0
    var busy: Int32 = 0
    var formats: [UInt32] = [cv4l2_pix_fmt_yuyv, cv4l2_pix_fmt_mjpeg]
    /// Width and height; nil for a stepwise range.
    var sizes: [(UInt32, UInt32)?] = [(640, 480)]
    /// Numerators and denominators; nil for a range.
    var intervals: [(UInt32, UInt32)?] = [(1, 30), (1001, 30_000)]
    /// Never ends a list.
    var isEndless = false
    private(set) var calls = 0

    func call(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
        calls += 1
        switch request {
        case cv4l2_querycap:
            let capability = argument.assumingMemoryBound(to: v4l2_capability.self)
            capability.pointee.capabilities = capabilities
            capability.pointee.device_caps = deviceCapabilities
            withUnsafeMutableBytes(of: &capability.pointee.card) { $0.copyBytes(from: "A camera with a name of 32 bytes".utf8) }
            withUnsafeMutableBytes(of: &capability.pointee.driver) { $0.copyBytes(from: "fake".utf8) }
            return queryStatus
        case cv4l2_enum_fmt:
            let description = argument.assumingMemoryBound(to: v4l2_fmtdesc.self)
            guard let format = pick(formats, description.pointee.index) else { return EINVAL }
            description.pointee.pixelformat = format
            return 0
        case cv4l2_enum_framesizes:
            let size = argument.assumingMemoryBound(to: v4l2_frmsizeenum.self)
            guard let extent = pick(sizes, size.pointee.index) else { return EINVAL }
            guard let extent else {
                size.pointee.type = V4L2_FRMSIZE_TYPE_STEPWISE.rawValue
                size.pointee.stepwise = v4l2_frmsize_stepwise(
                    min_width: 16, max_width: 1921, step_width: 16, min_height: 16, max_height: 1080, step_height: 8)
                return 0
            }
            size.pointee.type = V4L2_FRMSIZE_TYPE_DISCRETE.rawValue
            size.pointee.discrete = v4l2_frmsize_discrete(width: extent.0, height: extent.1)
            return 0
        case cv4l2_enum_frameintervals:
            let interval = argument.assumingMemoryBound(to: v4l2_frmivalenum.self)
            guard let fraction = pick(intervals, interval.pointee.index) else { return EINVAL }
            guard let fraction else {
                interval.pointee.type = V4L2_FRMIVAL_TYPE_CONTINUOUS.rawValue
                interval.pointee.stepwise = v4l2_frmival_stepwise(
                    min: v4l2_fract(numerator: 1, denominator: 60), max: v4l2_fract(numerator: 1, denominator: 1),
                    step: v4l2_fract(numerator: 1, denominator: 1))
                return 0
            }
            interval.pointee.type = V4L2_FRMIVAL_TYPE_DISCRETE.rawValue
            interval.pointee.discrete = v4l2_fract(numerator: fraction.0, denominator: fraction.1)
            return 0
        case cv4l2_reqbufs:
            #expect(argument.assumingMemoryBound(to: v4l2_requestbuffers.self).pointee.count == 0)
            return busy
        default:
            Issue.record("an unexpected request \(request)")
            return ENOTTY
        }
    }

    private func pick<Element>(_ list: [Element], _ index: UInt32) -> Element? {
        isEndless ? list.first : list.dropFirst(Int(index)).first
    }
}

@Suite struct DeviceEnumerationTests {
    @Test("what a camera lists is read as it is", .timeLimit(.minutes(5)))
    func listed() throws {
        let kernel = FakeKernel()
        let enumeration = CameraEnumeration(kernel.call)
        let identity = try enumeration.identity()
        #expect(identity == CameraIdentity(card: "A camera with a name of 32 bytes", driver: "fake", bus: "", isCapture: true))
        let formats = enumeration.formats()
        #expect(formats.map(\.code) == ["YUYV", "MJPG"] && formats.map(\.pixelFormat) == [.yuyv, .mjpeg])
        #expect(formats[0].sizes == [CameraSize(width: 640, height: 480, rates: .listed([30, 30_000.0 / 1001]))])
    }

    @Test("ranges stay ranges", .timeLimit(.minutes(5)))
    func ranges() {
        let kernel = FakeKernel()
        kernel.sizes = [nil]
        kernel.intervals = [nil]
        let size = CameraEnumeration(kernel.call).formats()[0].sizes[0]
        #expect(size.smallest == .init(width: 16, height: 16) && size.largest == .init(width: 1921, height: 1080))
        #expect(size.step == .init(width: 16, height: 8) && size.rates == .range(1...60))
        #expect(size.rate(near: 30) == 30 && size.rate(near: 90) == 60)
    }

    @Test(
        "only nodes that capture by streaming are cameras, by the node's own capabilities where it has them", .timeLimit(.minutes(5)),
        arguments: [
            (0x8520_0001 as UInt32, 0x0420_0001 as UInt32, true), (0x84A0_0001, 0x04A0_0000, false), (0x8500_0001, 0x0100_0001, false),
            (0x0500_0001, 0, true), (0x0500_0002, 0xFFFF_FFFF, false), (0x8400_4000, 0x0400_4000, false),
        ])
    func capture(capabilities: UInt32, own: UInt32, isCapture: Bool) throws {
        let kernel = FakeKernel()
        kernel.capabilities = capabilities
        kernel.deviceCapabilities = own
        #expect(try CameraEnumeration(kernel.call).identity().isCapture == isCapture)
    }

    @Test("busy is EBUSY and nothing else", .timeLimit(.minutes(5)), arguments: [(0, false), (EBUSY, true), (EINVAL, false), (ENOTTY, false)])
    func busy(status: Int32, isBusy: Bool) {
        let kernel = FakeKernel()
        kernel.busy = status
        #expect(CameraEnumeration(kernel.call).isBusy() == isBusy)
    }

    @Test("a driver without end or with nonsense does no harm", .timeLimit(.minutes(5)))
    func endless() {
        let kernel = FakeKernel()
        kernel.isEndless = true
        kernel.sizes = [nil]
        kernel.intervals = [(0, 0)]
        kernel.formats = [0xFF00_0001]
        let formats = CameraEnumeration(kernel.call).formats()
        #expect(formats.count == 256 && formats[0].code == "....-BE" && formats[0].sizes[0].rates == .listed([]))
        #expect(kernel.calls < 256 * 260)
    }

    @Test("a query that fails is thrown with its number", .timeLimit(.minutes(5)))
    func failing() {
        let kernel = FakeKernel()
        kernel.queryStatus = ENODEV
        #expect(throws: CameraEnumeration.Failure(number: ENODEV)) { try CameraEnumeration(kernel.call).identity() }
    }

    @Test("a node that is no camera, and none at all, are told apart", .timeLimit(.minutes(5)))
    func realNodes() throws {
        let probe = V4L2Probe()
        let codes = ["/dev/null", "/dev/video-none"].map { node in
            do throws(DeviceError) { _ = try probe.survey(of: node) } catch { return error.code }
            return .busy
        }
        #expect(codes == [.unsupported, .absent])
    }

    @Test(
        "the recommended mode is near 640x480 at 30, raw when small, compressed when large", .timeLimit(.minutes(5)),
        arguments: [
            ("YUYV 640x480 30, MJPG 640x480 30", "yuyv 640x480 30.0"), ("YUYV 1280x720 10, MJPG 1280x720 30", "mjpeg 1280x720 30.0"),
            ("YUYV 640x480 5, YUYV 640x360 30", "yuyv 640x360 30.0"), ("GREY 640x480 30, YUYV 640x360 30", "yuyv 640x360 30.0"),
            ("H264 640x480 30", "none"), ("", "none"),
        ])
    func recommended(modes: String, expected: String) throws {
        let formats = try modes.split(separator: ", ").map { text in
            let match = try #require(text.wholeMatch(of: /(\w+) (\d+)x(\d+) (\d+)/))
            let (width, height, rate) = (try #require(Int(match.2)), try #require(Int(match.3)), try #require(Double(match.4)))
            return CameraFormat(code: String(match.1), name: "", sizes: [CameraSize(width: width, height: height, rates: .listed([rate]))])
        }
        let mode = Self.entry(formats).recommendedMode
        #expect(mode.map { "\($0.format.rawValue) \($0.width)x\($0.height) \($0.rate)" } ?? "none" == expected)
    }

    @Test("the recommended mode of a range keeps to its steps", .timeLimit(.minutes(5)))
    func recommendedOfRange() {
        let range = CameraSize(
            smallest: .init(width: 100, height: 10), largest: .init(width: 4000, height: 100), step: .init(width: 48, height: 7),
            rates: .range(1...20))
        let mode = Self.entry([CameraFormat(code: "NV12", name: "", sizes: [range])]).recommendedMode
        #expect(mode == RecommendedMode(format: .nv12, width: 100 + 48 * 11, height: 94, rate: 20))
    }

    private static func entry(_ formats: [CameraFormat]) -> CameraEntry {
        CameraEntry(node: "/dev/video0", name: "", card: "", driver: "", bus: "", isCapture: true, formats: formats, access: .free)
    }
}
