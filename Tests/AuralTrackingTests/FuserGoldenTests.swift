import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// AuralFuser whole, from pictures and log-mel to prompts, against reference numbers.
@Suite(.serialized, .networks) struct FuserGoldenTests {
    @Test("all levels of a small clip with sound", .timeLimit(.minutes(20)))
    func small() throws {
        var recipe = FuserRecipe.official
        try compareClip("avs_small_t5", "sam2_hiera_tiny", 256, recipe)
        (recipe, recipe.frames) = (.officialWithText, 4)
        try compareClip("refavs_small_t4", "sam2_hiera_tiny", 256, recipe)
    }

    @Test(
        "all levels of the official clips", .enabled(if: TestSettings.runsEverything, "takes minutes: set AURALD_TEST_ALL=1"),
        .timeLimit(.minutes(20)))
    func full() throws {
        try compareClip("avs_t5", "sam2_hiera_base_plus", 1024, .official)
        try compareClip("refavs_t10", "sam2_hiera_base_plus", 1024, .officialWithText)
    }

    @Test("the online fuser on three frames: newest segment first, each with its age; and what the decoder makes of it", .timeLimit(.minutes(20)))
    func online() throws {
        let golden = try GoldenFile("online_small")
        let probe = try FuserProbe(golden, network: "sam2_hiera_tiny", size: 256, recipe: .officialOnline)
        let features = try golden.values("d0")
        for frame in 0..<3 {
            try probe.encode(frame)
            try probe.fuser.setFrame(0)
            let rows = (0...frame).flatMap { age in features[((frame - age) * 256)..<((frame - age + 1) * 256)] }
            try probe.fuser.run(rows, secondsOld: Array(0...frame))
            try probe.compare("f\(frame).", rows: rows, ages: Array(0...frame))
            try probe.compareDecoder(frame)
        }
        probe.report()
    }

    private func compareClip(_ name: String, _ network: String, _ size: Int, _ recipe: FuserRecipe) throws {
        guard GoldenFile.path("\(name).safetensors") != nil else { return print("\(name): skipped, the file is not at hand") }
        let golden = try GoldenFile(name)
        let probe = try FuserProbe(golden, network: network, size: size, recipe: recipe)
        let logMel = try golden.values("logmel").prefix(recipe.frames * 2 * 96 * 64)
        var rows = try probe.fuser.features(Array(logMel), rows: recipe.frames)
        if recipe.hasText { rows += try probe.model.textTokens(SyntheticInput.values("text", 25 * 768, scale: 1)) }
        try probe.check("d0", Array(rows.prefix(golden.values("d0").count)))
        for frame in 0..<recipe.frames {
            try probe.encode(frame)
            try probe.fuser.setFrame(frame)
        }
        try probe.fuser.run(rows)
        try probe.compare("", rows: rows, ages: [])
        probe.report()
    }
}
