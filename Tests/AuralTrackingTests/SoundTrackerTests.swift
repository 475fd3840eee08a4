import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Synchronization
import Testing

@testable import AuralTracking

/// What sounds, followed live.
@Suite(.networks) struct SoundTrackerTests {
    @Test("silence gives an empty mask and runs no decoder, no VGGish and no fuser")
    func silence() throws {
        let fixture = try SoundFixture()
        for frame in 0..<5 {
            let results = try fixture.silence(Double(frame) / 10)
            #expect(results.map(\.object) == [.sounding])
            #expect(results[0].logits.values.allSatisfy { $0 == -1024 } && !results[0].isPresent)
        }
        #expect(Set(fixture.engine.stages) == ["image_encoder"])
        #expect(fixture.tracker.bankEntries == 0)
        // Nothing to hear with is silence too.
        #expect(try fixture.tracker.track().results.map(\.object) == [.sounding])
    }

    @Test("one audio keyframe a second; between them SAM 2's memory carries the mask")
    func keyframes() throws {
        let fixture = try SoundFixture()
        for frame in 0..<25 { try fixture.hear(Double(frame) / 10) }
        let audio = "audio_mask_decoder"
        #expect(fixture.decoders == (0..<25).map { $0 % 10 == 0 ? audio : "mask_decoder" })
        #expect(fixture.engine.count(of: .fuser) == 3 && fixture.engine.count(of: .vggish) == 3 && fixture.engine.count(of: .fuserFrame) == 3)
        #expect(fixture.tracker.audioKeyframes == 3)
        // The first frame has no memory to look at; all others have.
        #expect(fixture.engine.count(of: .memoryAttention) == 24)
        let bank = try #require(fixture.tracker.bank(of: .sounding))
        #expect(bank.conditioning.map(\.frame) == [0, 10, 20])
    }

    @Test("a keyframe becomes a conditioning memory only where the object is there and the estimate is good enough")
    func conditioning() throws {
        let fixture = try SoundFixture()
        try fixture.hear(0)
        fixture.engine.setObjectScore(-1)
        let absent = try fixture.hear(1)
        // As upstream does, the mask stays even so.
        #expect(absent[0].logits.values.contains { $0 > 0 } && !absent[0].isPresent)
        #expect(fixture.tracker.bank(of: .sounding)?.conditioning.map(\.frame) == [0])
        // Estimates of the recording engine are 0.9.
        let strict = try SoundFixture(options: TrackerOptions(sound: SoundOptions(iouThreshold: 0.95)))
        try strict.hear(0)
        #expect(strict.tracker.bank(of: .sounding)?.conditioning.isEmpty == true)
        // Without any, the memories of the last frames carry the mask.
        try strict.hear(0.1)
        #expect(strict.decoders == ["audio_mask_decoder", "mask_decoder"])
    }

    @Test("conditioning memories are bounded, and what a person said outlives keyframes")
    func bounds() throws {
        let fixture = try SoundFixture(options: TrackerOptions(maximumConditioning: 3))
        try fixture.hear(0)
        try fixture.hear(0.1, prompts: [(.sounding, TrackerFixture.click)])
        for second in 1..<8 { try fixture.hear(Double(second)) }
        let bank = try #require(fixture.tracker.bank(of: .sounding))
        #expect(bank.conditioning.map(\.frame) == [1, 7, 8])
        let entries = fixture.tracker.bankEntries
        for second in 8..<200 { try fixture.hear(Double(second)) }
        #expect(fixture.tracker.bankEntries <= entries + 6)
        #expect(fixture.tracker.bank(of: .sounding)?.conditioning.first?.frame == 1)
    }

    @Test("with the sound its object goes, and the next sound starts anew")
    func anew() throws {
        let fixture = try SoundFixture()
        for frame in 0..<5 { try fixture.hear(Double(frame) / 10) }
        try fixture.silence(0.5)
        #expect(fixture.tracker.identifiers.isEmpty && fixture.tracker.bankEntries == 0)
        fixture.engine.forgetCalls()
        // A keyframe at once, though the last one was less than a second ago, and without memory.
        try fixture.hear(0.6)
        #expect(fixture.decoders == ["audio_mask_decoder"])
        #expect(fixture.engine.calls(of: .memoryAttention).isEmpty)
    }

    @Test("the fuser reads the last T keyframes, oldest first; the first one stands in for those before it")
    func window() throws {
        let fixture = try SoundFixture()
        let seen = Mutex<[(audio: [Float], frames: [Float])]>([])
        fixture.engine.observe { stage, inputs in
            guard stage == "fuser", let audio = inputs["audio"], let frames = inputs["frame_tokens"] else { return }
            let (width, size) = (audio.shape[1], frames.shape[1] * frames.shape[2])
            let values = (audio.values, frames.values)
            seen.withLock {
                $0.append(((0..<audio.shape[0]).map { values.0[$0 * width] }, (0..<frames.shape[0]).map { values.1[$0 * size] }))
            }
        }
        for second in 0..<4 { try fixture.hear(Double(second)) }
        // The recording engine's outputs hold the number of the call that made them.
        let expected: [[Float]] = [[1, 1, 1], [1, 1, 2], [1, 2, 3], [2, 3, 4]]
        #expect(seen.withLock { $0.map(\.audio) } == expected)
        #expect(seen.withLock { $0.map(\.frames) } == expected)
    }

    @Test("the online fuser hears on every frame: its own second first, then the seconds before, each with its age")
    func online() throws {
        let fixture = try SoundFixture(.online)
        let seen = Mutex<[(audio: [Float], ages: [Int64])]>([])
        fixture.engine.observe { stage, inputs in
            guard stage == "fuser", let audio = inputs["audio"], let ages = inputs["ages"] else { return }
            let values = audio.values
            seen.withLock { $0.append(((0..<audio.shape[0]).map { values[$0 * audio.shape[1]] }, Array(ages.integers))) }
        }
        for frame in 0..<60 { try fixture.hear(Double(frame) / 10) }
        #expect(fixture.engine.count(of: .fuser) == 60 && Set(fixture.decoders) == ["audio_mask_decoder"])
        let last = try #require(seen.withLock { $0.last })
        // Frame 59: the features of frames 59, 49, 39 and 29; four seconds are remembered.
        #expect(last.audio == [60, 50, 40, 30] && last.ages == [0, 1, 2, 3])
        #expect(seen.withLock { $0[0].ages } == [0])
        // Constant memory: neighbouring frames are no conditioning memories.
        let frames = try #require(fixture.tracker.bank(of: .sounding)).conditioning.map(\.frame)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $1 - $0 >= 5 } && frames.count == 4)
    }

    @Test("a click on what sounds: audio and point speak together on a keyframe, the image encoder does not run again")
    func prompts() throws {
        let fixture = try SoundFixture()
        try fixture.hear(0)
        fixture.engine.forgetCalls()
        #expect(try fixture.tracker.prompt(.sounding, TrackerFixture.click) == nil)
        #expect(fixture.engine.stages == ["prompt_encoder", "mask_prompt_encoder", "audio_prompt_mask_decoder", "memory_encoder"])
        let inputs = try #require(fixture.engine.calls(of: .audioPromptMaskDecoder).first?.inputs)
        #expect(inputs["sparse_prompt"] == [1, 2, 128] && inputs["audio_dense_0"] == [1, 256, 128] && inputs["audio_sparse_2"] == [1, 128])
        #expect(fixture.tracker.results[0].isPrompted)
        // Between keyframes the point speaks alone.
        try fixture.hear(0.1)
        fixture.engine.forgetCalls()
        #expect(try fixture.tracker.prompt(.sounding, TrackerFixture.click) == nil)
        #expect(fixture.decoders == ["mask_decoder"])
    }

    @Test("what sounds cannot be prompted while nothing does, nor by a model without ears")
    func refused() throws {
        let fixture = try SoundFixture()
        try fixture.silence(0)
        let silent = try #require(try fixture.tracker.prompt(.sounding, TrackerFixture.click))
        #expect(silent.code == .noSuchObject && silent.description.contains("nothing sounds"))
        let deaf = try TrackerFixture()
        try deaf.track()
        #expect(try deaf.tracker.prompt(.sounding, TrackerFixture.click)?.description.contains("no fuser") == true)
    }

    @Test("objects of a person are tracked beside what sounds, and the limit counts only them")
    func beside() throws {
        let fixture = try SoundFixture(options: TrackerOptions(maximumObjects: 1))
        try fixture.hear(0, prompts: [(ObjectID(7), TrackerFixture.click)])
        let results = try fixture.hear(0.1)
        #expect(results.map(\.object) == [.sounding, ObjectID(7)])
        try fixture.silence(0.2)
        #expect(fixture.tracker.results.map(\.object) == [.sounding, ObjectID(7)])
        #expect(fixture.tracker.identifiers == [ObjectID(7)])
    }

    @Test("without sparse or dense prompts the decoder is given zeros in their place")
    func ablations() throws {
        for (usesSparse, usesDense) in [(true, true), (false, true), (true, false)] {
            let options = TrackerOptions(sound: SoundOptions(usesSparse: usesSparse, usesDense: usesDense))
            let fixture = try SoundFixture(options: options)
            let seen = Mutex<[Bool]>([])
            fixture.engine.observe { stage, inputs in
                guard stage == "audio_mask_decoder", let dense = inputs["audio_dense_1"], let sparse = inputs["audio_sparse_1"] else { return }
                let anything = (sparse.values.contains { $0 != 0 }, dense.values.contains { $0 != 0 })
                seen.withLock { $0 += [anything.0, anything.1] }
            }
            try fixture.hear(0)
            #expect(seen.withLock { $0 } == [usesSparse, usesDense])
        }
    }

    @Test("an engine that fails on the first sound leaves no object behind")
    func failure() throws {
        let fixture = try SoundFixture()
        fixture.engine.failNext(.audioMaskDecoder)
        #expect(throws: EngineError.self) { try fixture.hear(0) }
        #expect(fixture.tracker.identifiers.isEmpty)
        try fixture.hear(1)
        #expect(fixture.tracker.identifiers == [.sounding])
    }

    @Test("words are rows after the sound's")
    func words() throws {
        let fixture = try SoundFixture(text: true)
        fixture.tracker.setWords(Array(repeating: 5, count: FuserRecipe.textTokens * 128))
        try fixture.hear(0)
        #expect(fixture.engine.calls(of: .fuser).first?.inputs["audio"] == [3 + FuserRecipe.textTokens, 128])
    }

    @Test("keyframes keep their beat, do not catch up, and begin again when time goes back")
    func schedule() {
        func beats(_ times: [Int64]) -> [Bool] {
            var schedule = KeyframeSchedule(everyNanoseconds: 1000)
            return times.map { schedule.isKeyframe(at: MonoTime(nanoseconds: $0)) }
        }
        #expect(beats([0, 400, 999, 1000]) == [true, false, false, true])
        #expect(beats([0, 1100, 2000, 2050]) == [true, true, true, false])
        #expect(beats([0, 5500, 5600, 6500]) == [true, true, false, true])
        #expect(beats([5000, 100, 200, 1100]) == [true, true, false, true])
        var every = KeyframeSchedule(everyNanoseconds: 0)
        #expect((0..<5).allSatisfy { every.isKeyframe(at: MonoTime(nanoseconds: $0)) })
    }

    @Test("the history of sound is bounded, however many frames there are")
    func history() {
        var history = SoundHistory(seconds: 4)
        for frame in 0..<10_000 { _ = history.rows(adding: [Float(frame)], at: MonoTime(nanoseconds: Int64(frame) * 1_000_000)) }
        #expect(history.count <= 4 * 20 + 1)
        let (rows, ages) = history.rows(adding: [-1], at: MonoTime(nanoseconds: 0))
        #expect(rows == [-1] && ages == [0])
    }
}
