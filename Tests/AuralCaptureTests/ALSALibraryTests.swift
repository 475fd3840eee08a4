import AuralCapture
import AuralCore
import Foundation
import Glibc
import Synchronization
import Testing

/// alsa-lib itself, with its `file` plugin in front of `null`: it reads raw samples from a file, as fast as it is asked.
@Suite struct ALSALibraryTests {
    struct Located: DeviceLocator {
        var name: String
        func locate(_ name: String) throws(DeviceError) -> LocatedDevice { LocatedDevice(path: self.name, label: self.name) }
        func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError { error }
    }

    private func definitions(_ path: String) -> String {
        "pcm.clip { type file slave.pcm { type null } file \"/dev/null\" infile \"\(path)\" format \"raw\" }"
    }

    @Test(
        "samples of a file arrive exactly", .timeLimit(.minutes(5)), arguments: [SampleFormat.s16, .s32, .float, .packed24, .padded24], [1, 2, 8])
    func exact(format: SampleFormat, channels: Int) throws {
        var random = SplitMix64(seed: UInt64(channels))
        let frames = 8000
        var bytes: [UInt8] = []
        var expected: [Float] = []
        for _ in 0..<(frames * channels) {
            switch format {
            case .s16:
                let value = Int16(truncatingIfNeeded: random.next())
                bytes += withUnsafeBytes(of: value) { Array($0) }
                expected.append(Float(value) / 32768)
            case .s32:
                let value = Int32(truncatingIfNeeded: random.next())
                bytes += withUnsafeBytes(of: value) { Array($0) }
                expected.append(Float(value) / 2_147_483_648)
            case .float:
                let value = Float(random.unit())
                bytes += withUnsafeBytes(of: value) { Array($0) }
                expected.append(value)
            case .packed24, .padded24:
                let value = Int32(truncatingIfNeeded: random.next()) >> 8
                bytes += withUnsafeBytes(of: value) { Array($0) }.prefix(format.bytes)
                expected.append(Float(value) / 8_388_608)
            }
        }
        try Fixtures.withFile(bytes) { path in
            let counters = SourceCounters()
            let board = SoundBoard()
            let driver = MicrophoneDriver(
                settings: MicrophoneSettings(device: "clip", rate: 16_000, channels: channels, format: format),
                system: try ALSALibrary(definitions: definitions(path)), locator: Located(name: "clip"), counters: counters, board: board,
                onEvent: { _ in })
            let clock = SystemTimeSource()
            driver.start(at: clock.now())
            let stream = try #require(board.stream)
            #expect(stream.ring.channels == channels && stream.ring.sampleRate == 16_000)
            var descriptors: [pollfd] = []
            while counters.samples.load(ordering: .relaxed) < frames {
                descriptors.removeAll()
                _ = driver.prepare(&descriptors)
                try #require(!descriptors.isEmpty)
                #expect(poll(&descriptors, nfds_t(descriptors.count), 1000) > 0)
                driver.advance(descriptors[...], at: clock.now())
            }
            #expect(counters.openings.load(ordering: .relaxed) == 1)
            #expect(stream.clock.reading?.timestampSource == .device)
            driver.stop(at: clock.now())

            // It is not paced: its clock says of some samples that they were lost.
            var values = [Float](repeating: 9, count: Int(stream.ring.written) * channels)
            var span = values.mutableSpan
            let written = Int(stream.ring.written)
            #expect(stream.ring.read(0..<stream.ring.written, into: &span).range.count == written)
            let gaps = stream.ring.gaps(in: 0..<stream.ring.written)
            let heard = (0..<written).filter { index in !gaps.contains { $0.contains(Int64(index)) } }
            try #require(heard.count >= frames)
            for channel in 0..<channels {
                let arrived: [Float] = heard.prefix(frames).map { values[channel * written + $0] }
                let sent: [Float] = (0..<frames).map { expected[$0 * channels + channel] }
                #expect(arrived == sent)
            }
        }
    }

    @Test("a PCM that is not defined is absent, one that is wrongly defined is a fault")
    func missing() throws {
        let library = try ALSALibrary(definitions: definitions("/nonexistent"))
        let missing = #expect(throws: ALSAFailure.self) { try library.open("nothing") }
        #expect(missing == ALSAFailure("snd_pcm_open", ENOENT))
        #expect(throws: ALSAFailure.self) { try library.open("clip") }
        #expect(throws: ALSAFailure.self) { try ALSALibrary(definitions: "pcm.clip {") }
    }

    @Test("a card that is not there is said to be absent")
    func absentCard() {
        let events = Mutex<[SourceEvent]>([])
        let driver = MicrophoneDriver(
            settings: MicrophoneSettings(device: "hw:CARD=NoSuchCard"), system: ALSALibrary(), locator: Located(name: "hw:CARD=NoSuchCard"),
            counters: SourceCounters(), board: SoundBoard(), onEvent: { event in events.withLock { $0.append(event) } })
        driver.start(at: SystemTimeSource().now())
        let last = events.withLock(\.last)
        guard case .state(.absent, let detail?) = last else {
            Issue.record("not absent: \(String(describing: last))")
            return
        }
        #expect(detail.hasPrefix("hw:CARD=NoSuchCard: "))
    }

    @Test("the actor reads on its own thread until it is stopped, and begins again", .timeLimit(.minutes(5)))
    func actor() async throws {
        let bytes = [UInt8](repeating: 0x40, count: 2_000_000)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("aurald-\(UUID()).raw").path
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (states, reporter) = AsyncStream.makeStream(of: SourceState.self)
        let microphone = ALSAMicrophone(
            settings: MicrophoneSettings(device: "clip", rate: 16_000, channels: 2), system: try ALSALibrary(definitions: definitions(path)),
            locator: Located(name: "clip"), counters: SourceCounters(),
            onEvent: { if case .state(let state, _) = $0 { reporter.yield(state) } })
        #expect(microphone.sound == nil)
        var iterator = states.makeAsyncIterator()
        for _ in 0..<2 {
            await microphone.start()
            #expect(await iterator.next() == .opening)
            #expect(await iterator.next() == .streaming)
            await microphone.devicesChanged()
            await microphone.stop()
            #expect(await iterator.next() == .ended)
        }
        let ring = try #require(microphone.sound).ring
        #expect(ring.written > 0 && ring.channels == 2)
        await microphone.reconfigure(MicrophoneSettings(device: "clip", rate: 8000, channels: 1))
        await microphone.start()
        #expect(await iterator.next() == .opening)
        #expect(await iterator.next() == .streaming)
        #expect(try #require(microphone.sound).generation == 1)
        await microphone.stop()
    }
}
