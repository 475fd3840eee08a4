import AuralCapture
import AuralCore
import CV4L2
import Testing

@Suite struct CameraModeTests {
    private static func offer(_ code: UInt32, _ format: PixelFormat, _ width: Int, _ height: Int, _ rates: [Double]) -> CameraOffer {
        CameraOffer(
            code: code, format: format, size: .init(width, height),
            intervals: rates.isEmpty ? .unknown : .discrete(rates.compactMap { FrameInterval(rate: $0) }))
    }

    /// What a common webcam offers: bare pixels are slow where they are many.
    private static let webcam = [
        offer(cv4l2_pix_fmt_yuyv, .yuyv, 640, 480, [30, 15]), offer(cv4l2_pix_fmt_yuyv, .yuyv, 320, 240, [30]),
        offer(cv4l2_pix_fmt_yuyv, .yuyv, 800, 600, [15]), offer(cv4l2_pix_fmt_yuyv, .yuyv, 1280, 720, [10]),
        offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 640, 480, [60, 30]), offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 800, 600, [30]),
        offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 1280, 720, [30]), offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 1920, 1080, [30]),
    ]

    private struct Case: CustomTestStringConvertible, Sendable {
        var wanted: (width: Int, height: Int, rate: Double, format: PixelFormat?)
        var given: (format: PixelFormat, width: Int, height: Int, rate: Double)
        var testDescription: String { "\(wanted) → \(given)" }

        init(_ wanted: (Int, Int, Double, PixelFormat?), _ given: (PixelFormat, Int, Int, Double)) {
            self.wanted = wanted
            self.given = given
        }
    }

    @Test(
        "the mode nearest to what is asked is chosen",
        arguments: [
            Case((640, 480, 30, nil), (.yuyv, 640, 480, 30)), Case((640, 480, 25, nil), (.yuyv, 640, 480, 30)),
            Case((640, 480, 60, nil), (.mjpeg, 640, 480, 60)), Case((640, 480, 15, nil), (.yuyv, 640, 480, 15)),
            Case((800, 600, 30, nil), (.mjpeg, 800, 600, 30)), Case((800, 600, 15, nil), (.yuyv, 800, 600, 15)),
            Case((1280, 720, 30, nil), (.mjpeg, 1280, 720, 30)), Case((1280, 720, 10, nil), (.mjpeg, 1280, 720, 30)),
            Case((1280, 720, 30, .yuyv), (.yuyv, 1280, 720, 10)), Case((1920, 1080, 30, .yuyv), (.yuyv, 1280, 720, 10)),
            Case((640, 480, 30, .mjpeg), (.mjpeg, 640, 480, 30)), Case((640, 480, 29.97, .mjpeg), (.mjpeg, 640, 480, 30)),
            Case((4000, 3000, 30, nil), (.mjpeg, 1920, 1080, 30)), Case((1, 1, 5, nil), (.yuyv, 320, 240, 30)),
            // A format that is not offered is better replaced than missed.
            Case((640, 480, 30, .nv12), (.yuyv, 640, 480, 30)),
        ])
    private func choice(_ test: Case) throws {
        let wanted = test.wanted
        let settings = CameraSettings(device: "", width: wanted.width, height: wanted.height, rate: wanted.rate, format: wanted.format)
        let mode = try #require(CameraMode.best(of: Self.webcam.reversed(), for: settings))
        #expect(mode.format == test.given.format)
        #expect(mode.size == .init(test.given.width, test.given.height))
        #expect(mode.interval?.rate == test.given.rate)
        #expect(CameraMode.best(of: Self.webcam, for: settings) == mode)
    }

    @Test("nothing is chosen from nothing, and a driver that keeps its rates to itself is believed to have all")
    func unknown() throws {
        let settings = CameraSettings(device: "", width: 640, height: 480, rate: 30)
        #expect(CameraMode.best(of: [], for: settings) == nil)
        let offers = [Self.offer(cv4l2_pix_fmt_yuyv, .yuyv, 640, 480, []), Self.offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 640, 480, [30])]
        let mode = try #require(CameraMode.best(of: offers, for: settings))
        #expect(mode.format == .yuyv && mode.interval == nil)
    }

    @Test("colour is only done without where there is none")
    func grey() throws {
        let offers = [Self.offer(cv4l2_pix_fmt_grey, .grey, 640, 480, [30]), Self.offer(cv4l2_pix_fmt_mjpeg, .mjpeg, 640, 480, [30])]
        #expect(CameraMode.best(of: offers, for: CameraSettings(device: ""))?.format == .mjpeg)
        #expect(CameraMode.best(of: Array(offers.prefix(1)), for: CameraSettings(device: ""))?.format == .grey)
    }

    @Test(
        "of a range of sizes the nearest step is a candidate",
        arguments: [
            ((640, 480), (640, 480)), ((641, 483), (640, 484)), ((5000, 5000), (1920, 1080)), ((1, 1), (32, 16)), ((-4, 0), (32, 16)),
        ])
    func stepwise(wanted: (Int, Int), nearest: (Int, Int)) {
        let sizes = FrameSizes.stepwise(smallest: .init(32, 16), largest: .init(1920, 1080), step: .init(8, 4))
        #expect(sizes.candidates(near: .init(wanted.0, wanted.1)) == [.init(nearest.0, nearest.1)])
    }

    @Test("ranges that make no sense give a size within them")
    func nonsense() {
        let stepless = FrameSizes.stepwise(smallest: .init(10, 10), largest: .init(20, 20), step: .init(0, 0))
        #expect(stepless.candidates(near: .init(15, 15)) == [.init(15, 15)])
        let inverted = FrameSizes.stepwise(smallest: .init(20, 20), largest: .init(10, 10), step: .init(3, 3))
        #expect(inverted.candidates(near: .init(15, 15)) == [.init(20, 20)])
        let huge = FrameSizes.stepwise(smallest: .init(2, 2), largest: .init(4_294_967_295, 4_294_967_295), step: .init(4_294_967_295, 1))
        #expect(huge.candidates(near: .init(640, 480)) == [.init(2, 480)])
    }

    @Test("a range of intervals gives the rate itself within it, and its ends outside")
    func intervalRange() throws {
        let range = FrameIntervals.range(shortest: try #require(FrameInterval(1, 60)), longest: try #require(FrameInterval(1, 5)))
        #expect(range.nearest(to: 30) == FrameInterval(1, 30))
        #expect(range.nearest(to: 7.5) == FrameInterval(1000, 7500))
        #expect(range.nearest(to: 100) == FrameInterval(1, 60))
        #expect(range.nearest(to: 1) == FrameInterval(1, 5))
        #expect(range.nearest(to: 0) == FrameInterval(1, 5))
    }

    @Test("rates that no camera has are none", arguments: [0, -1, 1e9, .infinity, .nan])
    func badRates(rate: Double) {
        #expect(FrameInterval(rate: rate) == nil)
    }
}
