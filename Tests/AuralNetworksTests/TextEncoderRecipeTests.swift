import AuralCore
import AuralGraph
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite struct TextEncoderRecipeTests {
    static let small: TextEncoderRecipe = {
        var recipe = TextEncoderRecipe.distilroberta
        (recipe.layers, recipe.width, recipe.hidden, recipe.heads, recipe.vocabulary, recipe.positions) = (2, 64, 160, 1, 1500, 40)
        return recipe
    }()

    private func source(
        _ recipe: TextEncoderRecipe, prefix: String = "", _ change: (inout [String: [Int]]) -> Void = { _ in }
    ) throws -> RenamedWeights {
        var shapes = Dictionary(recipe.tensors.map { (prefix + $0.name, $0.shape) }) { first, _ in first }
        shapes["\(prefix)pooler.dense.weight"] = [recipe.width, recipe.width]
        shapes["lm_head.bias"] = [recipe.vocabulary]
        change(&shapes)
        return try RenamedWeights.textEncoder(in: ShapeTable("model.safetensors", shapes))
    }

    @Test("an encoder is recognised by its shapes, whatever is before its names", arguments: ["", "roberta.", "module.roberta."])
    func detected(_ prefix: String) throws {
        for recipe in [Self.small, .distilroberta] {
            let source = try source(recipe, prefix: prefix)
            #expect(try TextEncoderRecipe.detect(in: source) == recipe)
            // Neither the pooler nor the head of its training is the encoder's.
            #expect(source.names == recipe.tensors.map(\.name).sorted())
        }
        #expect(try JSONDecoder().decode(TextEncoderRecipe.self, from: JSONEncoder().encode(Self.small)) == Self.small)
    }

    @Test("config.json has the last word on heads and epsilon")
    func configuration() throws {
        let found = try TextEncoderRecipe.detect(in: source(Self.small), heads: 2, epsilon: 1e-12)
        #expect(found.heads == 2 && found.epsilon == 1e-12)
        let error = #expect(throws: GraphError.self) { try TextEncoderRecipe.detect(in: source(Self.small), heads: 5) }
        #expect(error?.description == "model.safetensors: text encoder: heads 5 must divide the width 64")
    }

    @Test("any tensor of the encoder is missed by name")
    func missing() throws {
        for (name, _) in Self.small.tensors {
            let error = #expect(throws: GraphError.self) {
                try TextEncoderRecipe.detect(in: source(Self.small, prefix: "roberta.") { $0["roberta.\(name)"] = nil })
            }
            #expect(error?.description.contains("key \(name)") == true && error?.description.contains("missing") == true)
        }
    }

    static let odd: [(name: String, shape: [Int], words: String)] = [
        ("embeddings.word_embeddings.weight", [1500], "too few dimensions"), ("embeddings.word_embeddings.weight", [.max, 64], "vocabulary is"),
        ("embeddings.word_embeddings.weight", [1500, .max], "width is"), ("embeddings.position_embeddings.weight", [26, 64], "positions is 26"),
        ("encoder.layer.0.intermediate.dense.weight", [0, 64], "hidden is 0"), ("encoder.layer.1.output.dense.bias", [65], "encoder.layer.1.output"),
        ("encoder.layer.9223372036854775806.x", [1], "layers is"), ("encoder.layer.2.output.dense.bias", [64], "15 keys of the text encoder"),
        ("embeddings.token_type_embeddings.weight", [0, 64], "tokenTypes is 0"),
    ]

    @Test("a shape that does not fit is refused in one line with its name", arguments: odd)
    func refused(name: String, shape: [Int], words: String) throws {
        let error = #expect(throws: GraphError.self) { try TextEncoderRecipe.detect(in: source(Self.small) { $0[name] = shape }) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("the graphs ask for every tensor of encoder and projection, and for nothing else")
    func asked() throws {
        var shapes = Dictionary(Self.small.tensors.map { ("roberta.\($0.name)", $0.shape) }) { first, _ in first }
        shapes["roberta.pooler.dense.bias"] = [64]
        let table = ShapeTable("model.safetensors", shapes)
        let source = try RenamedWeights.textEncoder(in: table)
        try TextEncoder(TextEncoderRecipe.detect(in: source)).build(
            GraphBuilder(name: "text_encoder", weights: source, store: MemoryWeightStore()))
        #expect(table.unused == ["roberta.pooler.dense.bias"])

        let fuser = try ShapeTable(official: "auralfuser_refavs")
        let checkpoint = try FuserCheckpoint(fuser)
        try TextProjection(FuserRecipe.detect(in: checkpoint)).build(
            GraphBuilder(name: "text_projection", weights: checkpoint, store: MemoryWeightStore()))
        #expect(Set(fuser.names).subtracting(fuser.unused) == Set(["0.weight", "0.bias", "2.weight", "2.bias"].map { "text_proj.\($0)" }))
    }

    @Test("a fuser without words has no projection of them")
    func projection() throws {
        #expect(throws: Never.self) { try TextProjection(.officialWithText) }
        let error = #expect(throws: GraphError.self) { try TextProjection(.official) }
        #expect(error?.description.contains("text_proj.0.weight") == true)
    }
}
