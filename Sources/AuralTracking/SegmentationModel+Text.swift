import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks

extension SegmentationModel {
    /// Text features [tokens, width] as rows of the fuser's audio matrix [tokens, d]. Throws where the fuser takes no words.
    package func textTokens(_ features: [Float]) throws(EngineError) -> [Float] {
        guard let fuser, let text = fuser.text else {
            throw EngineError("the model's fuser takes no words; import one of Ref-AVS", exitStatus: .usage)
        }
        guard features.count == FuserRecipe.textTokens * text.features else {
            throw EngineError("\(features.count) text features, expected \(FuserRecipe.textTokens) x \(text.features)", exitStatus: .software)
        }
        let rows = Tensor(.float32, [FuserRecipe.textTokens, fuser.width])
        try run(.textProjection, [("text_features", Tensor([FuserRecipe.textTokens, text.features], features))], [("text_tokens", rows)])
        return Array(rows.floats)
    }

    /// An expression's tokens through the text encoder and the projection: rows of the fuser's audio matrix [tokens, d]. `mask` is 1 for tokens and
    /// 0 for padding, which goes on as rows like the others. Throws where the bundle has no text encoder.
    package func encodeText(tokens: [Int64], mask: [Float]) throws(EngineError) -> [Float] {
        guard has(.textEncoder), let text = fuser?.text else {
            throw EngineError("the model has no text encoder; import it with --text FOLDER", exitStatus: .usage)
        }
        guard tokens.count == FuserRecipe.textTokens, mask.count == tokens.count else {
            throw EngineError("\(tokens.count) text tokens, expected \(FuserRecipe.textTokens)", exitStatus: .software)
        }
        let identifiers = Tensor(.int64, [1, tokens.count])
        for (index, token) in tokens.enumerated() { identifiers.integers[index] = token }
        let features = Tensor(.float32, [FuserRecipe.textTokens, text.features])
        try run(
            .textEncoder, [("token_ids", identifiers), ("token_mask", Tensor([1, mask.count], mask))],
            [("text_features", features)])
        return try textTokens(Array(features.floats))
    }
}
