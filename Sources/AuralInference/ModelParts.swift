import AuralCore
import AuralGraph
import AuralNetworks

/// What a bundle is built of: SAM 2's plan and weights, and those of a fuser, if there is one.
package struct ModelParts: Sendable {
    /// A fuser's plan and weights.
    package struct Fuser: Sendable {
        /// Its plan.
        package var recipe: FuserRecipe
        /// Its tensors, under their canonical names.
        package var weights: any WeightSource
        /// The file that they come from.
        package var source: BundleManifest.Source

        /// Names the parts.
        package init(_ recipe: FuserRecipe, weights: any WeightSource, source: BundleManifest.Source) {
            self.recipe = recipe
            self.weights = weights
            self.source = source
        }
    }

    /// A text encoder's plan and weights, and its tokenizer's files.
    package struct Text: Sendable {
        /// Its plan.
        package var recipe: TextEncoderRecipe
        /// Its tensors, without prefix.
        package var weights: any WeightSource
        /// `vocab.json` and `merges.txt`, which are copied into the bundle.
        package var vocabularyPath: String
        package var mergesPath: String
        /// The file that the weights come from.
        package var source: BundleManifest.Source

        /// Names the parts.
        package init(
            _ recipe: TextEncoderRecipe, weights: any WeightSource, vocabularyPath: String, mergesPath: String, source: BundleManifest.Source
        ) {
            self.recipe = recipe
            self.weights = weights
            self.vocabularyPath = vocabularyPath
            self.mergesPath = mergesPath
            self.source = source
        }
    }

    /// SAM 2's plan.
    package var recipe: NetworkRecipe
    /// Side of the model's square input, in pixels.
    package var imageSize: Int
    /// SAM 2's tensors.
    package var weights: any WeightSource
    /// A fuser, for bundles that hear.
    package var fuser: Fuser?
    /// A text encoder, for fusers that take words.
    package var text: Text?

    /// Puts the parts together. Throws where they do not fit each other.
    package init(_ recipe: NetworkRecipe, imageSize: Int, weights: any WeightSource, fuser: Fuser? = nil, text: Text? = nil) throws(BundleError) {
        guard BundleManifest.allows(imageSize: imageSize) else {
            throw BundleError("image size \(imageSize): give a multiple of 32 from 256 to 1024", exitStatus: .usage)
        }
        if let plan = fuser?.recipe {
            guard plan.inputWidth == recipe.modelWidth, plan.width == recipe.modelWidth else {
                throw BundleError(
                    "fuser of width \(plan.width) for features of width \(plan.inputWidth), but SAM 2's are \(recipe.modelWidth) wide; give a fuser that was trained with this network"
                )
            }
            let step = 16 * max(plan.reduction, 1)
            guard imageSize % step == 0 else {
                throw BundleError("image size \(imageSize): the fuser needs a multiple of \(step)", exitStatus: .usage)
            }
            guard recipe.decoderLayers == 2 else {
                throw BundleError("\(recipe.name): a decoder of \(recipe.decoderLayers) layers cannot take the fuser's three levels; it needs two")
            }
        }
        if let text {
            guard let features = fuser?.recipe.text?.features else {
                throw BundleError("a text encoder, but no fuser that takes words; leave --text out", exitStatus: .usage)
            }
            guard features == text.recipe.width, text.recipe.length == FuserRecipe.textTokens else {
                throw BundleError("text encoder of width \(text.recipe.width), but the fuser's text projection takes \(features)")
            }
        }
        self.recipe = recipe
        self.imageSize = imageSize
        self.weights = weights
        self.fuser = fuser
        self.text = text
    }

    /// The stages of the bundle.
    package var stages: [StageName] { StageName.stages(fuser: fuser?.recipe, hasTextEncoder: text != nil) }

    /// The fuser, for a stage that is part of it.
    func requireFuser(_ stage: StageName) throws(BundleError) -> Fuser {
        guard let fuser else { throw BundleError("stage \(stage.rawValue) belongs to a fuser, and there is none", exitStatus: .software) }
        return fuser
    }

    /// The text encoder, for its stage.
    func requireText(_ stage: StageName) throws(BundleError) -> Text {
        guard let text else { throw BundleError("stage \(stage.rawValue) is a text encoder, and there is none", exitStatus: .software) }
        return text
    }
}
