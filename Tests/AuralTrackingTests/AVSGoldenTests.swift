import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// Clips by the paper's protocol, against reference numbers.
@Suite(.serialized, .networks) struct AVSGoldenTests {
    private static let smallWords: FuserRecipe = {
        var recipe = FuserRecipe.officialWithText
        recipe.frames = 4
        return recipe
    }()

    @Test("small clips, with and without words, each frame with the reference's memories: every number agrees", .timeLimit(.minutes(20)))
    func smallForced() throws {
        try AVSScenario("avs_small_t5", network: "sam2_hiera_tiny", size: 256, fuser: .official).run(forced: true)
        try AVSScenario("refavs_small_t4", network: "sam2_hiera_tiny", size: 256, fuser: Self.smallWords).run(forced: true)
    }

    @Test("small clips with their own memories: the same masks", .timeLimit(.minutes(20)))
    func smallFree() throws {
        try AVSScenario("avs_small_t5", network: "sam2_hiera_tiny", size: 256, fuser: .official).run(forced: false)
        try AVSScenario("refavs_small_t4", network: "sam2_hiera_tiny", size: 256, fuser: Self.smallWords).run(forced: false)
    }

    @Test(
        "the official five frames and their sound, forced: every number agrees; free: the same masks",
        .enabled(if: TestSettings.runsEverything, "takes minutes: set AURALD_TEST_ALL=1"), .timeLimit(.minutes(20)))
    func official() throws {
        let scenario = try AVSScenario("avs_t5", network: "sam2_hiera_base_plus", size: 1024, fuser: .official)
        try scenario.run(forced: true)
        try scenario.run(forced: false)
    }

    @Test(
        "the official ten frames with sound and words, forced and free",
        .enabled(if: TestSettings.runsEverything, "takes minutes: set AURALD_TEST_ALL=1"), .timeLimit(.minutes(20)))
    func words() throws {
        guard GoldenFile.path("refavs_t10.safetensors") != nil else { return print("refavs_t10: skipped, the file is not at hand") }
        let scenario = try AVSScenario("refavs_t10", network: "sam2_hiera_base_plus", size: 1024, fuser: .officialWithText)
        try scenario.run(forced: true)
        try scenario.run(forced: false)
    }
}
