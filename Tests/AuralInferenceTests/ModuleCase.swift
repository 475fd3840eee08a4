import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// The golden file of single modules at one image size, and the bundle that it is compared with.
final class ModuleCase {
    let golden: GoldenFile
    let bundle: ModelBundle
    let size: Int
    private var errors: [String] = []

    var recipe: NetworkRecipe { bundle.manifest.network }
    var cells: Int { (size / 16) * (size / 16) }

    init(_ size: Int) throws {
        self.size = size
        golden = try GoldenFile("steps_sam21_tiny_\(size)")
        bundle = try TestBundle.synthetic("sam2.1_hiera_tiny", imageSize: size)
    }

    /// Loads a stage of the bundle.
    func stage(_ name: StageName) throws -> any EngineStage {
        try TestSettings.engine().load(StageFile(name: name.rawValue, path: bundle.path(of: name), precision: .float32))
    }

    /// Expects values to agree with the reference.
    func compare(_ name: String, _ values: some Collection<Float>, _ tolerance: Double) throws {
        let error = try golden.relativeError(name, values)
        #expect(error < tolerance, "\(name): \(error)")
        errors.append("\(name) \(error)")
    }

    /// One line with all errors so far.
    func report() { print("steps_sam21_tiny_\(size): \(errors.joined(separator: ", "))") }

    /// The dense prompt that the stage makes of the case's former mask.
    func denseFromMask() throws -> Tensor {
        let side = size / 4
        let dense = Tensor(.float32, [1, cells, recipe.modelWidth])
        let logits = SyntheticInput.values("pe.mask_logits\(size)", side * side, scale: 10)
        try stage(.maskPromptEncoder).run(inputs: [("mask_logits", Tensor([1, 1, side, side], logits))], outputs: [("dense_prompt", dense)])
        return dense
    }

    /// A mask token through the pointer projection, written plainly.
    func pointer(_ token: [Float]) throws -> [Float] {
        let width = recipe.modelWidth
        var x = token
        for layer in 0..<3 {
            let matrix = try SyntheticWeights().floats("obj_ptr_proj.layers.\(layer).weight", shape: [width, width])
            let bias = try SyntheticWeights().floats("obj_ptr_proj.layers.\(layer).bias", shape: [width])
            x = (0..<width).map { row in
                let sum = (0..<width).reduce(bias[row]) { $0 + matrix[row * width + $1] * x[$1] }
                return layer < 2 ? max(sum, 0) : sum
            }
        }
        return x
    }
}
