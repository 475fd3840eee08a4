import AuralCore
import AuralInference
import AuralText
import AuralTracking

/// Words for a fuser that takes them: from an expression to rows of its audio. An expression is encoded once, when it is said.
package struct Expressions {
    private let model: SegmentationModel
    private let tokenizer: TextTokenizer

    /// Opens a bundle's tokenizer; nil where the model takes no words, or has no text encoder to encode them. Throws where the tokenizer's tables are odd.
    package init?(_ model: SegmentationModel, _ bundle: ModelBundle) throws(TextError) {
        guard model.has(.textEncoder), let tokenizer = try bundle.tokenizer() else { return nil }
        self.model = model
        self.tokenizer = tokenizer
    }

    /// The rows [25, d] of an expression; those of no words for an empty one. Throws where it is too long, or what the engine reports.
    package func rows(_ expression: String) throws -> [Float] {
        let tokens = try tokenizer.encode(expression)
        return try model.encodeText(tokens: tokens.ids, mask: tokens.mask)
    }
}
