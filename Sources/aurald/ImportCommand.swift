import ArgumentParser
import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import Foundation

/// `aurald import`: a checkpoint becomes a model bundle.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model bundle from an official SAM 2 or 2.1 checkpoint.",
        discussion: """
            The network (tiny, small, base+ or large, 2.0 or 2.1) is recognised from the checkpoint's keys and shapes.

            Example: aurald import --sam2 sam2.1_hiera_tiny.pt --image-size 512 --output models/tiny-512
            """)

    @Option(help: ArgumentHelp("A SAM 2 checkpoint: .pt, .pth or .safetensors.", valueName: "file"))
    var sam2: String?

    @Option(
        help: ArgumentHelp(
            "Instead of a checkpoint, make weights that nobody trained, for tests and timing: sam2.1_hiera_tiny for one.", valueName: "network"))
    var untrained: String?

    @Option(help: ArgumentHelp("The network's plan as JSON, for a checkpoint that is none of the official networks.", valueName: "file"))
    var recipe: String?

    @Option(help: "Side of the model's square input in pixels: a multiple of 32 from 256 to 1024.")
    var imageSize = 1024

    @Option(help: ArgumentHelp("The folder to write.", valueName: "folder"))
    var output: String

    func validate() throws {
        guard (sam2 == nil) != (untrained == nil) else { throw ValidationError("give either --sam2 FILE or --untrained NETWORK") }
        guard recipe == nil || sam2 != nil else { throw ValidationError("--recipe goes with --sam2 only") }
    }

    func run() throws {
        let progress = ProgressLine("import")
        let (recipe, weights, source) = try input()
        let writer = try BundleWriter(recipe, imageSize: imageSize, weights: weights)
        try writer.write(to: output, source: source, isTrained: sam2 != nil) { done, total, what in progress.show(done, total, what) }
        progress.finish()
        print("\(output): \(recipe.name) at \(imageSize) px\(sam2 == nil ? ", untrained: its masks mean nothing" : "")")
    }

    private func input() throws -> (NetworkRecipe, any WeightSource, BundleManifest.Source) {
        if let untrained {
            guard let recipe = NetworkRecipe.official(named: untrained) else {
                let known = NetworkRecipe.official.map(\.name).joined(separator: ", ")
                throw BundleError("--untrained \(untrained): no such network; known ones are \(known)", exitStatus: .usage)
            }
            return (recipe, SyntheticWeights(), BundleManifest.Source(file: "synthetic", sha256: ""))
        }
        let path = sam2 ?? ""
        let weights = try Checkpoint.open(path)
        let plan = try recipe.map { try NetworkRecipe(file: $0) } ?? NetworkRecipe.detect(in: weights)
        return (plan, weights, BundleManifest.Source(file: weights.label, sha256: try SHA256Digest.of(path: path).description))
    }
}
