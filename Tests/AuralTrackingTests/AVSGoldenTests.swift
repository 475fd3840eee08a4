import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// Clips by the paper's protocol, against the official implementation's numbers.
@Suite(.serialized) struct AVSGoldenTests {
    @Test("five frames and their sound, each frame with the reference's memories: every number agrees", .timeLimit(.minutes(10)))
    func forced() throws {
        let scenario = try AVSScenario("avs_t5", network: "sam2_hiera_base_plus", size: 1024, fuser: .official)
        try scenario.run(forced: true)
    }
}
