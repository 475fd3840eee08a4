import ArgumentParser
import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import Foundation

/// `aurald import`: checkpoints become a model bundle.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model bundle from official SAM 2 and AuralSAM2 checkpoints.",
        discussion: """
            The network (tiny, small, base+ or large, 2.0 or 2.1) and the fuser (with or without words) are recognised from the checkpoints' keys \
            and shapes. A fuser's file may hold the fuser alone or all of AuralSAM2, under today's names or older ones.

            Examples:
              aurald import --sam2 sam2.1_hiera_tiny.pt --image-size 512 \\
                  --output models/tiny-512
              aurald import --sam2 sam2_hiera_large.pt --fuser auralsam2_avs_v1m.pth \\
                  --output models/avs
              aurald import --sam2 sam2_hiera_large.pt --fuser auralsam2_refavs_best.pth \\
                  --text distilroberta-base --output models/ref
              aurald import --sam2 sam2.1_hiera_tiny.pt --image-size 512 \\
                  --precision int8 --calibrate clip.avi --output models/tiny-512-int8
            """)

    @Option(help: ArgumentHelp("A SAM 2 checkpoint: .pt, .pth or .safetensors.", valueName: "file"), completion: .file())
    var sam2: String?

    @OptionGroup var fuser: FuserOptions

    @Option(
        help: ArgumentHelp(
            "Instead of a checkpoint, make weights that nobody trained, for tests and timing: sam2.1_hiera_tiny for one.", valueName: "network"))
    var untrained: String?

    @Option(
        help: ArgumentHelp("The network's plan as JSON, for a checkpoint that is none of the official networks.", valueName: "file"),
        completion: .file())
    var recipe: String?

    @Option(help: "Side of the model's square input in pixels: a multiple of 32 from 256 to 1024. By default what the file says, else 1024.")
    var imageSize: Int?

    @OptionGroup var quantization: QuantizationOptions

    @Option(help: ArgumentHelp("The folder to write.", valueName: "folder"), completion: .directory)
    var output: String

    /// What official checkpoints were trained at.
    private static let usualSize = 1024

    func validate() throws {
        guard untrained == nil || sam2 == nil else { throw ValidationError("give either --sam2 FILE or --untrained NETWORK") }
        guard untrained == nil || fuser.fuser == nil else {
            throw ValidationError("--fuser FILE goes with --sam2 FILE; with --untrained NETWORK give --untrained-fuser KIND")
        }
        guard untrained != nil || sam2 != nil || fuser.fuser != nil else {
            throw ValidationError("give --sam2 FILE, or --fuser FILE with all of AuralSAM2, or --untrained NETWORK")
        }
        guard recipe == nil || untrained == nil else { throw ValidationError("--recipe goes with a checkpoint, not with --untrained") }
        guard fuser.untrainedFuser == nil || untrained != nil else { throw ValidationError("--untrained-fuser goes with --untrained only") }
    }

    @Flag(help: "Print what was made as JSON, as aurald models list does.")
    var json = false

    func run() throws {
        let progress = ProgressLine("import")
        let (parts, source) = try parts()
        let writer = try quantization.writer(parts)
        try writer.write(to: output, source: source, isTrained: untrained == nil) { progress.show($0, $1, $2) }
        progress.finish()
        if json, let entry = BundleCatalogue.entry(at: output) {
            print(try JSONText.line(entry), terminator: "")
            return
        }
        let ears = parts.fuser.map { ", \($0.recipe.variant.rawValue) fuser" } ?? ""
        let words = parts.text == nil ? "" : ", text encoder"
        let integers = quantization.precision == .int8 ? ", int8" : ""
        let origin = untrained == nil ? "" : ", untrained: its masks mean nothing"
        print("\(output): \(parts.recipe.name) at \(parts.imageSize) px\(integers)\(ears)\(words)\(origin)")
    }

    private func parts() throws -> (ModelParts, BundleManifest.Source) {
        if let untrained {
            guard let recipe = NetworkRecipe.official(named: untrained) else {
                let known = NetworkRecipe.official.map(\.name).joined(separator: ", ")
                throw BundleError("--untrained \(untrained): no such network; known ones are \(known)", exitStatus: .usage)
            }
            let ears = fuser.untrainedParts()
            let text = try ears.flatMap { try fuser.openText(nil, $0.recipe) }
            let parts = try ModelParts(recipe, imageSize: imageSize ?? Self.usualSize, weights: SyntheticWeights(), fuser: ears, text: text)
            return (parts, BundleManifest.Source(file: "synthetic", sha256: ""))
        }
        let found = try fuser.open()
        let weights: any WeightSource
        let path: String
        if let sam2 {
            (weights, path) = (try Checkpoint.open(sam2), sam2)
            if let label = found?.checkpoint.label, found?.checkpoint.sam2 != nil {
                FuserOptions.say("\(label): its own SAM 2 is left out, --sam2 counts")
            }
        } else if let own = found?.checkpoint.sam2, let file = fuser.fuser {
            (weights, path) = (own, file)
        } else {
            throw BundleError(
                "\(fuser.fuser ?? ""): a fuser without its SAM 2; give --sam2 too, for the released fusers sam2_hiera_large.pt of SAM 2.0",
                exitStatus: .usage)
        }
        // A full file of ours tells the network's plan itself.
        let notes = sam2 == nil ? found?.checkpoint.metadata ?? [:] : [:]
        let noted = try NetworkRecipe(notedIn: notes, label: weights.label)
        let plan = try recipe.map { try NetworkRecipe(file: $0) } ?? noted ?? NetworkRecipe.detect(in: weights)
        let size = imageSize ?? notes["image_size"].flatMap { Int($0) } ?? Self.usualSize
        if let found { try fuser.requireMatch(found.parts.recipe, plan) }
        let parts = try ModelParts(
            plan, imageSize: size, weights: weights, fuser: found?.parts,
            text: try found.flatMap { try fuser.openText($0.checkpoint.text, $0.parts.recipe) })
        return (parts, BundleManifest.Source(file: weights.label, sha256: try SHA256Digest.of(path: path).description))
    }
}
