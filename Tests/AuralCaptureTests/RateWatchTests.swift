import AuralCapture
import AuralCore
import AuralTesting
import CV4L2
import Testing

@Suite struct RateWatchTests {
    /// Lets frames come at a rate for some seconds; returns what was said, with the second.
    private func watch(
        _ watch: inout RateWatch, rate: Double, seconds: Double, from start: Double = 0, sequence: UInt64 = 0, step: UInt64 = 1
    ) -> [Double] {
        (0...Int(rate * seconds)).compactMap { index in
            let time = MonoTime(nanoseconds: Int64((start + Double(index) / rate) * 1e9))
            return watch.note(sequence: sequence + UInt64(index) * step, at: time)
        }
    }

    @Test(
        "below 80 % of the promised rate it speaks, once",
        arguments: [(30, 30, false), (30, 24.5, false), (30, 23.5, true), (30, 15, true), (25, 60, false), (1, 0.5, true), (1, 0.9, false)])
    func threshold(promised: Double, rate: Double, speaks: Bool) throws {
        var watch = RateWatch(promised: promised)
        let said = self.watch(&watch, rate: rate, seconds: 120)
        #expect(said.count == (speaks ? 1 : 0))
        if let measured = said.first { #expect(abs(measured - rate) < 0.5) }
    }

    @Test("what is lost on the way is not the camera's slowness, and odd numbers and times do no harm")
    func odd() {
        var watch = RateWatch(promised: 30)
        #expect(self.watch(&watch, rate: 10, seconds: 60, step: 3).isEmpty)
        for (sequence, time) in [(0, 5), (0, 5), (7, 4), (UInt64.max, Int64.max), (0, 0), (1, .min)] as [(UInt64, Int64)] {
            #expect(watch.note(sequence: sequence, at: MonoTime(nanoseconds: time)) == nil)
        }
        for promised in [0, -1, .nan, .infinity, 1e-300] {
            var none = RateWatch(promised: promised)
            #expect(none.note(sequence: 0, at: MonoTime(nanoseconds: 0)) == nil)
            #expect(none.note(sequence: 1, at: MonoTime(nanoseconds: 60_000_000_000)) == nil)
        }
    }

    @Test("a rate that falls later is seen as well, and a slow start of less than five seconds is not")
    func change() {
        var watch = RateWatch(promised: 30)
        #expect(watch.note(sequence: 0, at: MonoTime(nanoseconds: 0)) == nil)
        #expect(watch.note(sequence: 10, at: MonoTime(nanoseconds: 1_000_000_000)) == nil)
        #expect(self.watch(&watch, rate: 30, seconds: 60, from: 1.1, sequence: 11).isEmpty)
        #expect(self.watch(&watch, rate: 10, seconds: 60, from: 62, sequence: 1812).count == 1)
    }

    @Test("the camera says it once for each opening, and what to do about it", arguments: [false, true])
    func camera(isFixed: Bool) {
        let kernel = FakeV4L2Kernel()
        kernel.plug(.simple(), at: "/dev/video0")
        let settings = CameraSettings(device: "/dev/video0", width: 32, height: 24, rate: 25, isRateFixed: isFixed, stallNanoseconds: 60_000_000_000)
        let session = FakeV4L2KernelSession(settings, kernel: kernel)
        session.start()
        session.run(milliseconds: 10_000)
        func warnings() -> [String] { session.events.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
        #expect(warnings() == [])
        for opening in 1...2 {
            // Two of three seconds nothing comes, and the driver's count stands still meanwhile.
            for _ in 0..<10 {
                kernel.change("/dev/video0") { $0.isSilent = true }
                session.run(milliseconds: 2000)
                kernel.change("/dev/video0") { $0.isSilent = false }
                session.run(milliseconds: 1000)
            }
            #expect(warnings().count == opening, "\(warnings())")
            kernel.kill("/dev/video0")
            session.run(milliseconds: 3000)
        }
        let text = warnings().first ?? ""
        #expect(text.contains("frames/s come instead of 25; ") && text.contains("camera.fixed_rate") == !isFixed, "\(text)")
        #expect(kernel.controls[cv4l2_cid_exposure_dynamic_framerate] == (isFixed ? 0 : nil))
    }
}
