import AuralCapture
import AuralCore
import AuralTesting
import Synchronization
import Testing

@Suite struct MicrophoneTests {
    @Test("sound arrives exactly, in every format and number of channels", arguments: SampleFormat.allCases, [1, 2, 3, 8])
    func formats(format: SampleFormat, channels: Int) throws {
        let rig = MicrophoneRig(MicrophoneSettings(device: "Mic", rate: 16_000, channels: channels, format: format)) { $0.largestRead = 100 }
        rig.start()
        rig.run(seconds: 3)
        let ring = try rig.stream().ring
        #expect(ring.channels == channels && ring.sampleRate == 16_000 && ring.written > 47_000)
        #expect(try rig.checkContinuity() == Int(ring.written))
        // The first sample is the card's that came when it was started.
        #expect(try rig.samples(0..<1).first == FakeALSAPCM.sample(rig.skew(), 0))
        #expect(rig.states == [.opening, .streaming] && rig.gaps.isEmpty)
        #expect(rig.counters.samples.load(ordering: .relaxed) == UInt64(ring.written))
        rig.driver.stop(at: rig.card.now())
        #expect(rig.card.openHandles == 0 && rig.states.last == .ended)
    }

    @Test("full scale is ±1, exactly, and only what 32 bits hold too much is rounded")
    func fullScale() {
        func decode(_ bytes: [UInt8], _ format: SampleFormat) -> [Float] {
            var values = [Float](repeating: 9, count: bytes.count / format.bytes)
            var span = values.mutableSpan
            format.decode(bytes.span.bytes, into: &span)
            return values
        }
        let short: [Float] = [-1, 0x7FFFp-15, 0x1p-15, -0x1p-15]
        #expect(decode([0, 0x80, 0xFF, 0x7F, 1, 0, 0xFF, 0xFF], .s16) == short)
        let packed: [Float] = [-1, 0x7FFFFFp-23, 0x1p-23]
        #expect(decode([0, 0, 0x80, 0xFF, 0xFF, 0x7F, 1, 0, 0], .packed24) == packed)
        let padded: [Float] = [-1, 0x7FFFFFp-23]
        #expect(decode([0, 0, 0x80, 0x7F, 0xFF, 0xFF, 0x7F, 0x80], .padded24) == padded)
        let long: [Float] = [-1, 0x1p-23, 1]
        #expect(decode([0, 0, 0, 0x80, 0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F], .s32) == long)
        let floats: [Float] = [0.1, -2, .nan, .infinity]
        #expect(decode(floats.flatMap { Self.bytes($0) }, .float) == [0.1, -2, 0, 0])
        // What is left of an incomplete sample is ignored; memory that is too small is not left.
        #expect(decode([0, 0x40, 7], .s16) == [0.5])
    }

    @Test("what the card does not have becomes the nearest, and is said")
    func nearest() throws {
        let rig = MicrophoneRig(MicrophoneSettings(device: "Mic", rate: 22_050, channels: 1)) {
            $0.channels = 2...2
            $0.formats = [.s32]
        }
        rig.start()
        let wanted =
            "hw:CARD=Mic (Fake card): S32_LE, 2 channels, 16000 Hz, read every 20 ms out of 200 ms; 22050 Hz, 1 channels had been asked for"
        #expect(rig.events.contains(.configured(wanted)))
    }

    @Test(
        "time stamps that are worth nothing are replaced by arrival times, and that is said",
        arguments: [(.monotonic, .device), (.none, .arrival), (.foreign, .arrival), (.stuck, .arrival)]
            as [(FakeALSACard.Stamps, TimestampSource)])
    func stamps(stamps: FakeALSACard.Stamps, source: TimestampSource) throws {
        let rig = MicrophoneRig { $0.stamps = stamps }
        rig.start()
        rig.run(seconds: 5)
        #expect(try rig.stream().clock.reading?.timestampSource == source)
        #expect(try rig.clockError() < 1_000_000)
    }

    @Test("one bad stamp is no reason to distrust the rest")
    func oneBadStamp() throws {
        let rig = MicrophoneRig()
        rig.start()
        rig.run(seconds: 1)
        rig.card.change { $0.stamps = .none }
        rig.run(seconds: 0.03)
        #expect(try rig.stream().clock.reading?.timestampSource == .arrival)
        rig.card.change { $0.stamps = .monotonic }
        rig.run(seconds: 1)
        #expect(try rig.stream().clock.reading?.timestampSource == .device)
    }

    @Test(
        "a card that drifts, seen through late wake-ups and a server's blocks, stays within 20 ms", .timeLimit(.minutes(5)),
        arguments: [-10_000.0, -200, 200], [FakeALSACard.Stamps.monotonic, .none])
    func drift(ppm: Double, stamps: FakeALSACard.Stamps) throws {
        let rig = MicrophoneRig(MicrophoneSettings(device: "Mic", rate: 8000, channels: 1)) {
            $0.ppm = ppm
            $0.stamps = stamps
            $0.granularity = 40
        }
        var random = SplitMix64(seed: 3)
        rig.start()
        rig.run(seconds: 2)
        var worst: Int64 = 0
        var failure: (any Error)?
        rig.run(seconds: 100, lateness: { Int64(random.next() % 5_000_000) }) {
            do { worst = max(worst, try rig.clockError()) } catch { failure = error }
        }
        #expect(failure == nil)
        let reading = try #require(try rig.stream().clock.reading)
        print("microphone: \(ppm) ppm, \(stamps) stamps: at most \(Double(worst / 10_000) / 100) ms off, \(reading.ppm) ppm")
        #expect(worst <= 20_000_000)
        #expect(reading.isLocked && abs(reading.ppm - ppm) <= 10 + 0.05 * abs(ppm))
        #expect(rig.gaps.isEmpty)
    }

    @Test("a quiet thread: one wake-up a period, and nothing is asked of a device that sleeps")
    func wakes() {
        let rig = MicrophoneRig()
        rig.start()
        #expect(abs(rig.run(seconds: 10) - 500) <= 2)
        rig.card.change { $0.resumesAfter = 10 }
        rig.card.suspend()
        #expect((10...20).contains(rig.run(seconds: 0.5)))
    }

    @Test("another rate begins another stream, whose index goes on; who holds the old one keeps it")
    func reconfiguring() throws {
        let rig = MicrophoneRig()
        rig.start()
        rig.run(seconds: 2)
        let old = try rig.stream()
        let written = old.ring.written
        rig.driver.reconfigure(MicrophoneSettings(device: "Mic", rate: 16_000, channels: 1), at: rig.card.now())
        rig.run(seconds: 1)
        let new = try rig.stream()
        #expect(old.generation == 0 && new.generation == 1)
        #expect(old.ring.written == written && old.ring.sampleRate == 48_000)
        #expect(new.ring.start == written && new.ring.sampleRate == 16_000 && new.ring.channels == 1)
        #expect(rig.gaps.count == 1 && rig.gaps.first?.at == written && rig.gaps.first?.reason == "reopen")
        #expect(new.clock.reading?.nominalRate == 16_000)
        #expect(rig.card.openHandles == 1)
        // The same settings again are no reason to do anything.
        rig.driver.reconfigure(MicrophoneSettings(device: "Mic", rate: 16_000, channels: 1), at: rig.card.now())
        #expect(rig.card.openings == 2)
    }

    /// The bytes of a float32, lowest first.
    private static func bytes(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
}
