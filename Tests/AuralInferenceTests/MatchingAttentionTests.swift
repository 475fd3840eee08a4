import AuralGraph
import AuralInference
import AuralTesting
import Foundation
import Testing

@testable import AuralNetworks

/// Matching attention against its equation, worked out number by number.
@Suite(.networks) struct MatchingAttentionTests {
    private let cells = 9
    private let width = 12
    private let plan = FuserRecipe.Matching(slots: 3, size: 5)
    private let weights = SyntheticWeights()

    private func linear(_ name: String, _ outputs: Int, _ input: ArraySlice<Float>) throws -> [Double] {
        let matrix = try weights.floats("matching.\(name).weight", shape: [outputs, width])
        let bias = try weights.floats("matching.\(name).bias", shape: [outputs])
        return (0..<outputs).map { row in
            zip(matrix[(row * width)..<((row + 1) * width)], input).reduce(Double(bias[row])) { $0 + Double($1.0) * Double($1.1) }
        }
    }

    private func unit(_ vector: some Collection<Double>) -> [Double] {
        let length = sqrt(vector.reduce(0) { $0 + $1 * $1 })
        return vector.map { $0 / length }
    }

    @Test("each pixel takes the values of the slots that it is like, by a softmax over them and nothing", .timeLimit(.minutes(20)))
    func equation() throws {
        var recipe = FuserRecipe.official
        (recipe.variant, recipe.width, recipe.frames, recipe.matching) = (.online, width, 1, plan)
        let path = try TestBundle.graph("matching") { graph in
            let patches = graph.input("x", .float32, [1, .fixed(cells), .fixed(width)])
            let sound = graph.input("d", .float32, [1, .fixed(width)])
            graph.output(try MatchingAttention(recipe: recipe, plan: plan).residual(graph, patches: patches, sound: sound), "residual")
        }
        let patches = SyntheticInput.values("matching.x", cells * width, scale: 2)
        let sound = SyntheticInput.values("matching.d", width, scale: 2)
        let residual = Tensor(.float32, [1, cells, width])
        try TestSettings.engine().load(StageFile(name: "probe", path: path, precision: .float32)).run(
            inputs: [("x", Tensor([1, cells, width], patches)), ("d", Tensor([1, width], sound))], outputs: [("residual", residual)])

        let heard = try linear("sound", plan.slots * plan.size, sound[...])
        let values = try linear("value", plan.slots * width, sound[...])
        let scale = try weights.floats("matching.scale", shape: [2]).map(Double.init)
        var used = 0.0
        for cell in 0..<cells {
            let seen = unit(try linear("pixel", plan.size, patches[(cell * width)..<((cell + 1) * width)]))
            let strengths = (0..<plan.slots).map { slot in
                let vector = unit(heard[(slot * plan.size)..<((slot + 1) * plan.size)])
                return exp(scale[0] * zip(seen, vector).reduce(0) { $0 + $1.0 * $1.1 } + scale[1])
            }
            let total = 1 + strengths.reduce(0, +)
            for channel in 0..<width {
                let expected = (0..<plan.slots).reduce(0) { $0 + strengths[$1] / total * values[$1 * width + channel] }
                let found = Double(residual.values[cell * width + channel])
                #expect(abs(found - expected) < 1e-5, "cell \(cell), channel \(channel): \(found) and not \(expected)")
                used = max(used, abs(expected))
            }
        }
        #expect(used > 0.01)
    }
}
