import AuralCore
import AuralNetworks
import Testing

@Suite struct SyntheticWeightsTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var shape: [Int]
        var seed: UInt64
        var units: [Double]
        var values: [Float]
        var testDescription: String { name }
    }

    // From Tests/Golden/README.md.
    static let vectors = [
        Vector(
            name: "no_mem_embed", shape: [1, 1, 256], seed: 0xe5ed_c8d3_3ca9_cf6a,
            units: [-0.501250863, -0.150645256, -0.777046204, 0.156728268], values: [-0.250625432, -0.075322628, -0.388523102, 0.0783641338]),
        Vector(
            name: "image_encoder.trunk.patch_embed.proj.weight", shape: [96, 3, 7, 7], seed: 0xfe6f_ef52_26d7_af02,
            units: [-0.097938776, -0.498817325, 0.362848163, -0.2042346], values: [-0.0139912535, -0.0712596178, 0.0518354513, -0.0291763712]),
        Vector(
            name: "image_encoder.trunk.blocks.0.attn.qkv.weight", shape: [288, 96], seed: 0x8375_bffe_a828_f930,
            units: [0.308663011, 0.638223052, -0.627960682, 0.260494471], values: [0.0818466395, 0.16923444, -0.166513219, 0.0690740272]),
        Vector(
            name: "image_encoder.trunk.blocks.0.norm1.weight", shape: [96], seed: 0x39c5_b5d6_fbcf_d488,
            units: [-0.291510224, 0.613477349, -0.0274968147, 0.44811511], values: [0.970848978, 1.06134772, 0.997250319, 1.04481149]),
        Vector(
            name: "image_encoder.trunk.blocks.0.norm1.bias", shape: [96], seed: 0x812e_9661_83c0_61bd,
            units: [0.204378963, -0.826112151, 0.516762733, -0.594462752], values: [0.0102189481, -0.041305609, 0.0258381367, -0.0297231376]),
        Vector(
            name: "sam_mask_decoder.output_upscaling.0.weight", shape: [256, 64, 2, 2], seed: 0xe1ec_77cd_8da1_020c,
            units: [-0.083656311, 0.594658732, -0.500597239, 0.278745174], values: [-0.00905606151, 0.0643736944, -0.0541912392, 0.0301750507]),
        Vector(
            name: "sam_mask_decoder.pred_obj_score_head.layers.2.bias", shape: [4], seed: 0xa930_3539_8ccb_1aec,
            units: [-0.437847733, 0.425971627, 0.377003551, -0.568865299], values: [1.97810757, 2.02129865, 2.01885009, 1.97155678]),
        Vector(
            name: "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", shape: [2, 128], seed: 0xbb7e_d212_ba1f_2da9,
            units: [-0.282394171, 0.626719356, 0.114904881, 0.534263611], values: [-0.282394171, 0.626719356, 0.114904881, 0.534263611]),
        Vector(
            name: "memory_encoder.fuser.layers.0.gamma", shape: [256], seed: 0x289e_d1b9_5144_f8e7,
            units: [-0.631779432, -0.567597628, 0.0384172201, -0.162857533], values: [-0.315889716, -0.283798814, 0.0192086101, -0.0814287663]),
        Vector(
            name: "vgg.features.0.weight", shape: [64, 1, 3, 3], seed: 0xc792_b470_972b_ce0c,
            units: [-0.506265163, -0.474449039, -0.639063954, 0.578714371], values: [-0.409209251, -0.383492589, -0.51654923, 0.467769265]),
        Vector(
            name: "fusion_modules.0.W_z.1.running_var", shape: [256], seed: 0x86e9_a0ca_4e27_d651,
            units: [-0.378811002, -0.754146576, 0.974515915, -0.482167244], values: [0.00118940545, 0.00137707323, 0.00148725801, 0.00124108361]),
    ]

    @Test("seed, numbers and values are those of the written formula", arguments: vectors)
    func vector(_ vector: Vector) throws {
        #expect(SplitMix64.hash(vector.name) == vector.seed)
        var stream = SplitMix64(seedName: vector.name)
        for expected in vector.units { #expect(abs(stream.unit() - expected) < 1e-9) }
        let values = try SyntheticWeights().floats(vector.name, shape: vector.shape)
        #expect(values.count == vector.shape.reduce(1, *))
        for (value, expected) in zip(values, vector.values) { #expect(abs(value - expected) <= abs(expected) * 1e-7) }
    }

    @Test("the generators are the published ones")
    func generators() {
        #expect(SplitMix64.hash("") == 0xcbf2_9ce4_8422_2325)
        #expect(SplitMix64.hash("a") == 0xaf63_dc4c_8601_ec8c)
        var stream = SplitMix64(seed: 0)
        #expect(stream.next() == 0xe220_a839_7b1d_cdaf)
        #expect(stream.next() == 0x6e78_9e6a_a1b9_65f4)
    }

    @Test("a salt gives other values, and the object score's bias can be moved")
    func options() throws {
        let plain = try SyntheticWeights().floats("no_obj_ptr", shape: [1, 8])
        #expect(try SyntheticWeights(salt: "ref/").floats("no_obj_ptr", shape: [1, 8]) != plain)
        #expect(try SyntheticWeights().floats("no_obj_ptr", shape: [1, 8]) == plain)
        let name = "sam_mask_decoder.pred_obj_score_head.layers.2.bias"
        let bias = try SyntheticWeights().floats(name, shape: [1])[0]
        #expect(try SyntheticWeights(objectScoreShift: -4).floats(name, shape: [1]) == [bias - 4])
        #expect(try SyntheticWeights(objectScoreShift: -4).floats("no_obj_ptr", shape: [1, 8]) == plain)
    }
}
