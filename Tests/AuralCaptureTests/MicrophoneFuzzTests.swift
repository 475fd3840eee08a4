import AuralCapture
import AuralCore
import AuralTesting
import Glibc
import Testing

@Suite struct MicrophoneFuzzTests {
    @Test(
        "whatever happens to it: the index never goes back and keeps up with the card's, and nothing stays open", .timeLimit(.minutes(5)),
        arguments: 0..<16 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var random = SplitMix64(seed: seed &* 77 &+ 1)
        func pick(_ count: UInt64) -> UInt64 { random.next() % count }
        let rig = MicrophoneRig(MicrophoneSettings(device: "Mic", rate: 1000, channels: 1 + Int(seed % 3), ringSeconds: 2)) {
            $0.rates = [1000]
            $0.ppm = Double(pick(600)) - 300
            $0.granularity = pick(2) == 0 ? 1 : 5
            $0.largestRead = pick(3) == 0 ? 7 : .max
            $0.stamps = pick(3) == 0 ? .none : .monotonic
        }
        let calls = [
            "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_prepare", "snd_pcm_start", "snd_pcm_resume", "snd_pcm_avail", "snd_pcm_readi",
        ]
        let errors = [EPIPE, ESTRPIPE, ENODEV, EBADFD, EIO, EAGAIN, EINTR, EBUSY, EINVAL, ENOSYS, 4711]
        rig.start()
        rig.run(seconds: 3)
        let start = try rig.skew()
        var (written, wakes, simulated) = (try rig.stream().ring.written, 0, 0.0)
        var drift = 0.0
        for _ in 0..<60 {
            switch pick(9) {
            case 0: rig.card.suspend()
            case 1: rig.card.change { $0.presence = .absent }
            case 2: rig.card.change { $0.presence = [.busy, .denied][Int(pick(2))] }
            case 3: rig.card.change { $0.failures[calls[Int(pick(7))], default: []] += [errors[Int(pick(11))], errors[Int(pick(11))]] }
            case 4: rig.card.advance(to: rig.card.now().advanced(byNanoseconds: Int64(pick(2_000_000_000))))
            case 5: rig.card.change { $0.resumesAfter = Int(pick(5)) - 1 }
            case 6: rig.driver.devicesChanged(at: rig.card.now())
            case 7:
                rig.driver.stop(at: rig.card.now())
                rig.start()
            default: break
            }
            let seconds = Double(pick(400)) / 100
            wakes += rig.run(seconds: seconds, lateness: { Int64(pick(3_000_000)) })
            simulated += seconds
            if pick(2) == 0 { rig.card.change { $0.presence = .present } }
            let now = try rig.stream().ring.written
            #expect(now >= written)
            written = now
            #expect(rig.card.openHandles <= 1)
        }
        // Let it come to rest.
        rig.card.change {
            $0.presence = .present
            $0.failures = [:]
            $0.resumesAfter = 0
        }
        rig.driver.devicesChanged(at: rig.card.now())
        rig.run(seconds: 40)
        #expect(rig.states.last == .streaming)
        for gap in rig.gaps { drift += 0.012 + Double(gap.samples) / 1000 * 400e-6 }
        // Each gap is as long as it was, to the jitter of two observations and to what the card is off.
        #expect(abs(Double(try rig.skew() - start)) / 1000 <= 0.01 + drift)
        #expect(try rig.clockError() <= 12_000_000)
        #expect(try rig.checkContinuity() > 1000)
        // 50 a second, and a few for each fault: it does not turn round.
        #expect(Double(wakes) < simulated * 60 + 1000)
        rig.driver.stop(at: rig.card.now())
        #expect(rig.card.openHandles == 0)
    }
}
