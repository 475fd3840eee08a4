import ArgumentParser
import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralText
import Foundation

/// The options of `aurald import` for a model that hears.
struct FuserOptions: ParsableArguments {
    /// A fuser that nobody trained.
    enum Untrained: String, ExpressibleByArgument, CaseIterable {
        case avs
        case refAVS = "ref-avs"
        case online

        /// Its plan.
        var recipe: FuserRecipe {
            switch self {
            case .avs: .official
            case .refAVS: .officialWithText
            case .online: .officialOnline
            }
        }
    }

    @Option(help: ArgumentHelp("An AuralSAM2 checkpoint: the model then hears.", valueName: "file"), completion: .file())
    var fuser: String?

    @Option(
        help: ArgumentHelp("The text encoder of a fuser that takes words: a Hugging Face folder of distilroberta-base.", valueName: "folder"),
        completion: .directory)
    var text: String?

    @Option(help: ArgumentHelp("auralsam2, or online for a fuser that was trained so; else what the file says.", valueName: "variant"))
    var fuserVariant: FuserVariant?

    @Option(
        help: ArgumentHelp("Frames of a clip: 5 for v1s and v1m, 5 or 10 for v2, 10 with words; else 10 with words and 5 without.", valueName: "n"))
    var clipFrames: Int?

    @Flag(help: "Take a fuser and a SAM 2 that were not trained together.")
    var allowMismatch = false

    @Option(help: ArgumentHelp("With --untrained: a fuser that nobody trained, avs, ref-avs or online.", valueName: "kind"))
    var untrainedFuser: Untrained?

    func validate() throws {
        let isDeaf = fuser == nil && untrainedFuser == nil
        for (option, isGiven) in [("--text", text != nil), ("--clip-frames", clipFrames != nil)] where isGiven && isDeaf {
            throw ValidationError("\(option) goes with --fuser or --untrained-fuser only")
        }
        for (option, isGiven) in [("--fuser-variant", fuserVariant != nil), ("--allow-mismatch", allowMismatch)] where isGiven && fuser == nil {
            throw ValidationError("\(option) goes with --fuser only")
        }
        guard (1...64).contains(clipFrames ?? 1) else { throw ValidationError("--clip-frames: give 1 to 64") }
        guard clipFrames ?? 1 == 1 || (fuserVariant != .online && untrainedFuser != .online) else {
            throw ValidationError("--clip-frames: the online variant takes one frame at a time, leave it out")
        }
    }

    /// A fuser that nobody trained, or nil where none is wished.
    func untrainedParts() -> ModelParts.Fuser? {
        guard var recipe = untrainedFuser?.recipe else { return nil }
        recipe.frames = clipFrames ?? recipe.frames
        return ModelParts.Fuser(recipe, weights: SyntheticWeights(), source: BundleManifest.Source(file: "synthetic", sha256: ""))
    }

    /// Opens and recognises the fuser and says what was found; nil where none is given.
    func open() throws -> (checkpoint: FuserCheckpoint, parts: ModelParts.Fuser)? {
        guard let fuser else { return nil }
        let checkpoint = try FuserCheckpoint(Checkpoint.open(fuser))
        let recipe = try FuserRecipe.detect(in: checkpoint, variant: fuserVariant, frames: clipFrames)
        Self.say(checkpoint.summary(recipe))
        let source = BundleManifest.Source(file: checkpoint.label, sha256: try SHA256Digest.of(path: fuser).description)
        return (checkpoint, ModelParts.Fuser(recipe, weights: checkpoint, source: source))
    }

    /// Refuses SAM 2.1 under a fuser that was trained on SAM 2.0's features.
    func requireMatch(_ fuser: FuserRecipe, _ network: NetworkRecipe) throws(BundleError) {
        guard fuser.variant == .auralsam2, network.encodesPointerTime || network.hasSpatialNoObjectEmbedding else { return }
        guard !allowMismatch else {
            return Self.say("\(network.name) under a fuser that was trained on SAM 2.0, as --allow-mismatch says")
        }
        throw BundleError(
            "\(network.name): the released fusers were trained on SAM 2.0, whose features differ; give the SAM 2.0 checkpoint of the same size, or --allow-mismatch"
        )
    }

    /// The text encoder: from the folder, with the weights of a full checkpoint where the folder has none. Says so where words will be missing.
    func openText(_ own: (any WeightSource)?, _ fuser: FuserRecipe) throws -> ModelParts.Text? {
        guard let text else {
            let what = own == nil ? "no text encoder" : "a text encoder without vocab.json and merges.txt"
            if fuser.hasText { Self.say("\(what): the model will take no expressions; give --text FOLDER") }
            return nil
        }
        let folder = try TextFolder(text, needsWeights: own == nil)
        let weights: any WeightSource
        let path: String
        if let file = folder.weightsPath {
            (weights, path) = (try RenamedWeights.textEncoder(in: Checkpoint.open(file)), file)
        } else if let own, let file = self.fuser {
            (weights, path) = (try RenamedWeights.textEncoder(in: own), file)
        } else {
            throw BundleError("\(text): no weights of a text encoder", exitStatus: .noInput)
        }
        let recipe = try TextEncoderRecipe.detect(in: weights, heads: folder.configuration.heads, epsilon: folder.configuration.epsilon)
        return ModelParts.Text(
            recipe, weights: weights, vocabularyPath: folder.vocabularyPath, mergesPath: folder.mergesPath,
            source: BundleManifest.Source(file: weights.label, sha256: try SHA256Digest.of(path: path).description))
    }

    /// Says something on standard error.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data("aurald: \(text)\n".utf8))
    }
}

extension FuserVariant: ExpressibleByArgument {}
