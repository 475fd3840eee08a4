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

    /// SAM 2's plan.
    package var recipe: NetworkRecipe
    /// Side of the model's square input, in pixels.
    package var imageSize: Int
    /// SAM 2's tensors.
    package var weights: any WeightSource
    /// A fuser, for bundles that hear.
    package var fuser: Fuser?

    /// Puts the parts together. Throws where they do not fit each other.
    package init(_ recipe: NetworkRecipe, imageSize: Int, weights: any WeightSource, fuser: Fuser? = nil) throws(BundleError) {
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
        self.recipe = recipe
        self.imageSize = imageSize
        self.weights = weights
        self.fuser = fuser
    }

    /// The stages of the bundle.
    package var stages: [StageName] { StageName.stages(fuser: fuser?.recipe) }

    /// The fuser, for a stage that is part of it.
    func requireFuser(_ stage: StageName) throws(BundleError) -> Fuser {
        guard let fuser else { throw BundleError("stage \(stage.rawValue) belongs to a fuser, and there is none", exitStatus: .software) }
        return fuser
    }
}
