import AuralCore
import AuralGraph

/// The fuser's projection of words to its own width: Linear, GELU, Linear.
///
/// Input `text_features` [25, features], the text encoder's. Output `text_tokens` [25, d], which stand after the rows of sound.
/// Source: upstream's text projection.
package struct TextProjection {
    private let text: FuserRecipe.Text
    private let width: Int
    private let length: Int

    /// Plans the stage for `length` tokens. Throws where the fuser has no words.
    package init(_ recipe: FuserRecipe, length: Int = 25) throws(GraphError) {
        guard let text = recipe.text else {
            throw GraphError("this fuser takes no words: it has no key text_proj.0.weight; import one that was trained on Ref-AVS")
        }
        self.text = text
        width = recipe.width
        self.length = length
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let features = graph.input("text_features", .float32, [.fixed(length), .fixed(text.features)])
        let hidden = graph.gelu(try graph.linear(features, "text_proj.0", text.features, text.hidden))
        graph.output(try graph.linear(hidden, "text_proj.2", text.hidden, width), "text_tokens")
    }
}
