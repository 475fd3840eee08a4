import AuralCore
import AuralInference
import AuralTesting
import AuralTracking
import Testing

@Suite(.serialized, .networks) struct OnlineTrackerGoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var frames: Int
        var objects = 1
        var options = TrackerOptions(clipLength: 10)
        var objectScoreShift: Float = 0
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "a", frames: 10),
        Case(name: "p", frames: 3),
        Case(name: "b1", frames: 10),
        Case(name: "b2", frames: 10, options: TrackerOptions(clipLength: 10, conditionsOnCorrections: true)),
        Case(name: "c", frames: 10, objects: 2),
        Case(name: "d", frames: 10),
        Case(name: "absent", frames: 5, objectScoreShift: -4),
        Case(name: "a_nf100", frames: 10, options: TrackerOptions()),
    ]

    @Test("SAM 2.1 tiny at 512 tracks as the official predictor does, number by number", .timeLimit(.minutes(20)), arguments: cases)
    func tiny512(_ scenario: Case) throws {
        try play(scenario, "sam2.1_hiera_tiny", 512, "tiny512_\(scenario.name)")
    }

    @Test("SAM 2.1 tiny at 1024 tracks as the official predictor does", .timeLimit(.minutes(20)))
    func tiny1024() throws {
        let everything = TestSettings.runsEverything
        try play(Case(name: "a", frames: everything ? 10 : 4), "sam2.1_hiera_tiny", 1024, "tiny1024_a")
        try play(Case(name: "p", frames: 3), "sam2.1_hiera_tiny", 1024, "tiny1024_p")
    }

    @Test(
        "the other cases at 1024", .enabled(if: TestSettings.runsEverything, "takes minutes: set AURALD_TEST_ALL=1"), .timeLimit(.minutes(20)),
        arguments: [
            Case(name: "b1", frames: 10), Case(name: "b2", frames: 10, options: TrackerOptions(clipLength: 10, conditionsOnCorrections: true)),
            Case(name: "c", frames: 6, objects: 2), Case(name: "d", frames: 6),
        ])
    func others1024(_ scenario: Case) throws {
        guard GoldenFile.path("tiny1024_\(scenario.name).safetensors") != nil else {
            print("tiny1024_\(scenario.name): skipped, the file is kept beside the package and is not at hand")
            return
        }
        try play(scenario, "sam2.1_hiera_tiny", 1024, "tiny1024_\(scenario.name)")
    }

    @Test(
        "in bfloat16 masks overlap the official float32 ones by 85 % or more and the same mask is chosen on every frame",
        .enabled(if: TestSettings.hasBFloat16, "this processor has no bfloat16 arithmetic"), .timeLimit(.minutes(20)))
    func bfloat16() throws {
        try play(Case(name: "a", frames: 10), "sam2.1_hiera_tiny", 512, "tiny512_a", precision: .bfloat16)
    }

    private func play(_ scenario: Case, _ network: String, _ size: Int, _ golden: String, precision: Precision = .float32) throws {
        var run = try TrackingScenario(
            golden, network: network, size: size, options: scenario.options, objectScoreShift: scenario.objectScoreShift, precision: precision)
        run.forcesPromptedMemory = size > 512
        for frame in 0..<scenario.frames {
            try run.load(frame: frame)
            let isCorrected = run.golden.names.contains("f\(frame).o1.corrected.low_res")
            var prompts: [(object: ObjectID, prompt: Prompt)] = []
            for object in 1...scenario.objects where !isCorrected {
                if let prompt = try run.prompt(frame, object) { prompts.append((ObjectID(object), prompt)) }
            }
            let (results, failures) = try run.tracker.track(prompts: prompts)
            #expect(failures.isEmpty)
            #expect(results.count == scenario.objects)
            for result in results { try run.compare(result, "f\(frame).o\(result.object)") }
            if isCorrected, let prompt = try run.prompt(frame, 1) {
                #expect(try run.tracker.prompt(ObjectID(1), prompt) == nil)
                try run.compare(run.tracker.results[0], "f\(frame).o1.corrected")
            }
        }
        print(golden, precision.rawValue, run.worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
}
