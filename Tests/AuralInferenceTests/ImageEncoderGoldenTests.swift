import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite(.serialized) struct ImageEncoderGoldenTests {
    @Test("every block of SAM 2.1 tiny at 512 agrees with the official encoder", .timeLimit(.minutes(5)))
    func tiny512() throws {
        try compareEncoder("sam2.1_hiera_tiny", 512, "enc_sam21_tiny_512")
    }
}

/// Runs the encoder on the reference picture and compares every value that the golden file holds.
func compareEncoder(_ network: String, _ size: Int, _ golden: String, tolerance: Double = 1e-4) throws {
    let reference = try GoldenFile(golden)
    let recipe = try #require(NetworkRecipe.official(named: network))
    let path = try TestBundle.graph("\(network)-\(size)-probe") {
        try ImageEncoder(recipe, imageSize: size, extras: [.blocks, .pyramid]).build($0)
    }
    let stage = try OpenVINOEngine().load(StageFile(name: "probe", path: path, precision: .float32))
    let image = Tensor(.uint8, [1, size, size, 3])
    let pixels = try #require(GoldenFile.path("inputs/clip_00_resized_bicubic_\(size).rgb"))
    let bytes = try Data(contentsOf: URL(filePath: pixels))
    try #require(bytes.count == image.bytes.count)
    _ = image.bytes.initialize(from: bytes)
    var outputs: [(name: String, tensor: Tensor)] = []
    let grid = size / 16
    let width = recipe.modelWidth
    outputs.append(("image_embedding", Tensor(.float32, [1, grid * grid, width])))
    outputs.append(("high_res_1", Tensor(.float32, [1, grid * grid, 4, width / 4])))
    outputs.append(("high_res_0", Tensor(.float32, [1, grid * grid, 16, width / 8])))
    for level in 0...2 {
        let side = (size / 4) >> level
        outputs.append(("pyramid_\(level)", Tensor(.float32, [1, side, side, width])))
    }
    let side = size / 4
    for name in ["patch_embed", "tokens_with_pos"] { outputs.append((name, Tensor(.float32, [1, side, side, recipe.trunk.embedDim]))) }
    for block in recipe.trunk.blocks {
        outputs.append(("block\(block.index)", Tensor(.float32, [1, side >> block.stage, side >> block.stage, block.outputWidth])))
    }
    try stage.run(inputs: [("image", image)], outputs: outputs)
    for (name, tensor) in outputs {
        switch name {
        case "high_res_0", "high_res_1", "image_embedding": break
        case "pyramid_0", "pyramid_1", "pyramid_2":
            let error = try reference.relativeError("fpn\(name.suffix(1))", planes(tensor))
            #expect(error < tolerance, "\(name): \(error)")
            print(name, error)
        default:
            let error = try reference.relativeError(name, tensor.floats)
            #expect(error < tolerance, "\(name): \(error)")
            print(name, error)
        }
    }
}

/// [1, H, W, C] as [1, C, H, W].
func planes(_ tensor: Tensor) -> [Float] {
    let (pixels, channels) = (tensor.shape[1] * tensor.shape[2], tensor.shape[3])
    let values = tensor.floats
    return (0..<channels).flatMap { channel in (0..<pixels).map { values[$0 * channels + channel] } }
}
