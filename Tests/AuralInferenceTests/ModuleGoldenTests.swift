import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// Single modules, fed with synthetic inputs, against the official implementation's numbers.
@Suite(.serialized, .networks) struct ModuleGoldenTests {
    static let sizes = TestSettings.runsEverything ? [512, 1024] : [512]

    @Test("memory attention, layer by layer", .timeLimit(.minutes(20)), arguments: sizes)
    func memoryAttention(_ size: Int) throws {
        let module = try ModuleCase(size)
        let (cells, width, narrow) = (module.cells, module.recipe.modelWidth, module.recipe.memoryWidth)
        let path = try TestBundle.graph("memory-attention-\(size)-probe") {
            try MemoryAttention(module.recipe, imageSize: size, extras: [.layers, .memoryPosition, .firstSelfAttention]).build($0)
        }
        let stage = try TestSettings.engine().load(StageFile(name: "memory_attention", path: path, precision: .float32))
        let count = (2 * cells + 12) * narrow
        let memory = SyntheticInput.values("ma.memory\(size)", count, scale: 2)
        let position = SyntheticInput.values("ma.memory_pos\(size)", count, scale: 1)
        func spatial(_ values: [Float]) -> Tensor { Tensor([1, 2, cells, narrow], Array(values[..<(2 * cells * narrow)])) }
        func pointers(_ values: [Float]) -> Tensor { Tensor([1, 12, narrow], Array(values[(2 * cells * narrow)...])) }
        let outputs =
            (0..<module.recipe.memoryAttentionLayers).map { ("layer\($0)", Tensor(.float32, [1, cells, width])) }
            + [("conditioned_embedding", Tensor(.float32, [1, cells, width]))]
        try stage.run(
            inputs: [
                ("image_embedding", Tensor([1, cells, width], SyntheticInput.values("ma.curr\(size)", cells * width, scale: 2))),
                ("memory", spatial(memory)), ("memory_position", spatial(position)), ("pointers", pointers(memory)),
                ("pointer_time", pointers(position)),
            ], outputs: outputs)
        for (name, tensor) in outputs {
            try module.compare("memory_attention.\(name == "conditioned_embedding" ? "out" : name)", tensor.values, 5e-4)
        }
        try module.compare("image_sine_pos", PositionalEncodings.sine(side: size / 16, width: width), 1e-4)
        try module.compare(
            "memory_encoder.pos", SyntheticInput.planes(PositionalEncodings.sine(side: size / 16, width: narrow), channels: narrow), 1e-4)
        module.report()
    }

    @Test("the two stages of a bundle's memory attention add grid code and time code as the compared one is given them", .timeLimit(.minutes(20)))
    func foldedMemoryPosition() throws {
        let module = try ModuleCase(512)
        let (cells, width, narrow) = (module.cells, module.recipe.modelWidth, module.recipe.memoryWidth)
        let probe = try TestBundle.graph("memory-attention-512-position") {
            try MemoryAttention(module.recipe, imageSize: 512, extras: [.memoryPosition, .firstSelfAttention]).build($0)
        }
        let engine = try TestSettings.engine()
        let time = SyntheticInput.values("time", 2 * narrow, scale: 1)
        let code = PositionalEncodings.sine(side: 32, width: narrow)
        let position = (0..<2).flatMap { row in code.indices.map { code[$0] + time[row * narrow + $0 % narrow] } }
        let embedding = [("image_embedding", Tensor([1, cells, width], SyntheticInput.values("ma.curr512", cells * width, scale: 2)))]
        let shared: [(name: String, tensor: Tensor)] = [
            ("memory", Tensor([1, 2, cells, narrow], SyntheticInput.values("m", 2 * cells * narrow, scale: 2))),
            ("pointers", Tensor([1, 8, narrow], SyntheticInput.values("p", 8 * narrow, scale: 2))),
            ("pointer_time", Tensor([1, 8, narrow], SyntheticInput.values("t", 8 * narrow, scale: 1))),
        ]
        let (first, attended, second) = (
            Tensor(.float32, [1, cells, width]), Tensor(.float32, [1, cells, width]), Tensor(.float32, [1, cells, width])
        )
        try engine.load(StageFile(name: "probe", path: probe, precision: .float32)).run(
            inputs: embedding + shared + [("memory_position", Tensor([1, 2, cells, narrow], position))],
            outputs: [("conditioned_embedding", first)])
        try module.stage(.firstSelfAttention).run(inputs: embedding, outputs: [("attended_embedding", attended)])
        try module.stage(.memoryAttention).run(
            inputs: [("attended_embedding", attended)] + shared + [("memory_time", Tensor([1, 2, narrow], time))],
            outputs: [("conditioned_embedding", second)])
        #expect(zip(first.values, second.values).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(zip(first.values, embedding[0].1.values).contains { abs($0 - $1) > 0.1 })
    }

    @Test("memory encoder, for tracked and for prompted frames", .timeLimit(.minutes(20)), arguments: sizes)
    func memoryEncoder(_ size: Int) throws {
        let module = try ModuleCase(size)
        let (grid, width, narrow) = (size / 16, module.recipe.modelWidth, module.recipe.memoryWidth)
        let path = try TestBundle.graph("memory-encoder-\(size)-probe") {
            try MemoryEncoder(module.recipe, imageSize: size, enlargesMask: false).build($0)
        }
        let features = SyntheticInput.values("me.pix_feat\(size)", width * module.cells, scale: 2)
        let logits = SyntheticInput.values("me.mask_logits\(size)", module.cells, scale: 8)
        let embedding = Tensor([1, module.cells, width], SyntheticInput.tokens(features, channels: width))
        func run(_ path: String, _ mask: [Float], _ side: Int, prompted: Float, score: Float = 1) throws -> Tensor {
            let memory = Tensor(.float32, [1, module.cells, narrow])
            try TestSettings.engine().load(StageFile(name: "memory_encoder", path: path, precision: .float32)).run(
                inputs: [
                    ("image_embedding", embedding), ("mask_logits", Tensor([1, 1, side, side], mask)),
                    ("is_prompted", Tensor([1, 1, 1, 1], [prompted])), ("object_score", Tensor([1, 1], [score])),
                ], outputs: [("memory", memory)])
            return memory
        }
        let full = SyntheticInput.enlarged(logits, from: grid, toWidth: size, toHeight: size)
        for (name, prompted) in [("sigmoid", Float(0)), ("binary", 1)] {
            let memory = try run(path, full, size, prompted: prompted)
            try module.compare("memory_encoder.\(name).out", SyntheticInput.planes(memory.values, channels: narrow), 1e-4)
        }

        // A bundle's encoder enlarges a quarter-size mask itself, and marks absent objects.
        let quarter = SyntheticInput.enlarged(logits, from: grid, toWidth: size / 4, toHeight: size / 4)
        let again = SyntheticInput.enlarged(quarter, from: size / 4, toWidth: size, toHeight: size)
        let own = try run(module.bundle.path(of: .memoryEncoder), quarter, size / 4, prompted: 0)
        let probe = try run(path, again, size, prompted: 0)
        #expect(zip(own.values, probe.values).allSatisfy { abs($0 - $1) < 1e-3 })
        let absent = try run(module.bundle.path(of: .memoryEncoder), quarter, size / 4, prompted: 0, score: 0)
        let mark = try SyntheticWeights().floats("no_obj_embed_spatial", shape: [1, narrow])
        let difference = zip(absent.values, own.values).map { $0 - $1 }
        #expect(difference.indices.allSatisfy { abs(difference[$0] - mark[$0 % narrow]) < 1e-3 })
        module.report()
    }

    @Test("prompt encoder: box and points, no points, the dense code and a mask", .timeLimit(.minutes(20)), arguments: sizes)
    func promptEncoder(_ size: Int) throws {
        let module = try ModuleCase(size)
        let width = module.recipe.modelWidth
        for (name, points, labels) in [
            (
                "prompt.sparse", try module.golden.values("prompt.points") + [0, 0],
                try module.golden.values("prompt.labels").map { Int64($0) } + [-1]
            ),
            ("prompt.sparse_no_point", [0, 0, 0, 0], [-1, -1]),
        ] {
            let tensor = Tensor(.int64, [1, labels.count])
            _ = tensor.integers.update(fromContentsOf: labels)
            let sparse = Tensor(.float32, [1, labels.count, width])
            try module.stage(.promptEncoder).run(
                inputs: [("point_coords", Tensor([1, labels.count, 2], points)), ("point_labels", tensor)], outputs: [("sparse_prompt", sparse)])
            try module.compare(name, sparse.values, 1e-4)
        }
        let gaussian = try SyntheticWeights().floats("sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", shape: [2, width / 2])
        let code = PositionalEncodings.fourier(side: size / 16, gaussian: gaussian)
        try module.compare("prompt.dense_pe", SyntheticInput.planes(code, channels: width), 1e-4)
        let dense = try module.denseFromMask()
        try module.compare("prompt.dense_from_mask", SyntheticInput.planes(dense.values, channels: width), 1e-4)
        module.report()
    }

    @Test("mask decoder: masks, estimates, object score and pointers", .timeLimit(.minutes(20)), arguments: sizes)
    func maskDecoder(_ size: Int) throws {
        let module = try ModuleCase(size)
        let (grid, width, cells) = (size / 16, module.recipe.modelWidth, module.cells)
        let embedding = SyntheticInput.values("md.image_embedding\(size)", width * cells, scale: 1.5)
        let fine = SyntheticInput.values("md.high_res_s0_\(size)", width / 8 * cells * 16, scale: 1)
        let middle = SyntheticInput.values("md.high_res_s1_\(size)", width / 4 * cells * 4, scale: 1)
        let noMask = Tensor([1, cells, width], (0..<cells).flatMap { _ in module.bundle.constants.noMaskEmbedding })
        for (name, dense) in [("points", noMask), ("points_and_mask", try module.denseFromMask())] {
            let outputs = [
                ("masks", Tensor(.float32, [1, 4, grid * 4, grid * 4])), ("ious", Tensor(.float32, [1, 4])),
                ("object_score", Tensor(.float32, [1, 1])), ("pointers", Tensor(.float32, [1, 4, width])),
            ]
            try module.stage(.maskDecoder).run(
                inputs: [
                    ("conditioned_embedding", Tensor([1, cells, width], SyntheticInput.tokens(embedding, channels: width))),
                    ("sparse_prompt", Tensor([1, 5, width], module.golden.values("prompt.sparse"))), ("dense_prompt", dense),
                    ("high_res_0", Tensor([1, cells, 16, width / 8], CellLayout.cells(fine, grid: grid, factor: 4, channels: width / 8))),
                    ("high_res_1", Tensor([1, cells, 4, width / 4], CellLayout.cells(middle, grid: grid, factor: 2, channels: width / 4))),
                ], outputs: outputs)
            try module.compare("decoder.\(name).masks", outputs[0].1.values, 2e-4)
            try module.compare("decoder.\(name).ious", outputs[1].1.values, 2e-4)
            try module.compare("decoder.\(name).score", outputs[2].1.values, 2e-4)
            try module.compare("decoder.\(name).obj_ptr_of_token0", outputs[3].1.values[..<width], 2e-4)
            // The other pointers, from the reference's own mask tokens.
            let pointers = try (0..<4).flatMap {
                try module.pointer(Array(module.golden.values("decoder.\(name).tokens")[($0 * width)..<(($0 + 1) * width)]))
            }
            let rms = (pointers.reduce(0) { $0 + $1 * $1 } / Float(pointers.count)).squareRoot()
            let worst = zip(pointers, outputs[3].1.values).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst < 2e-4 * rms, "pointers of all tokens: \(worst), rms \(rms)")
        }
        module.report()
    }

    @Test("the code of a pointer's distance in time", arguments: [512, 1024])
    func pointerTime(_ size: Int) throws {
        let module = try ModuleCase(size)
        let distances = try module.golden.values("obj_ptr_tpos.in_div15")
        let width = module.recipe.modelWidth
        try module.compare("obj_ptr_tpos.sine", distances.flatMap { PositionalEncodings.sine(position: $0 / 15, width: width) }, 1e-4)
        let codes = distances.flatMap { module.bundle.constants.pointerTimeCode(distance: Int($0), limit: 16, recipe: module.recipe) }
        try module.compare("obj_ptr_tpos.proj", codes, 1e-4)
        module.report()
    }
}
