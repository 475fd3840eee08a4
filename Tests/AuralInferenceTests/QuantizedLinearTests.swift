import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// Linear layers in 8-bit integers, through the engine, against the same in float32.
@Suite(.networks) struct QuantizedLinearTests {
    private let tokens = 40
    private let width = 48
    private let outputs = 64

    /// Two layers that read the same, the second without its bias, then a third that reads what comes out.
    private func graph(
        _ name: String, _ arithmetic: LinearArithmetic, rows: Dimension = 40
    ) throws -> (path: String, observed: [(key: String, channels: Int)]) {
        var observed: [(key: String, channels: Int)] = []
        let path = try TestBundle.graph(name, arithmetic: arithmetic) { graph in
            let x = graph.input("x", .float32, [1, rows, .fixed(width)])
            let first = try LinearWeights(graph.weights, "quantized.first", width, outputs)
            let second = try LinearWeights(graph.weights, "quantized.second", width, outputs)
            let input = try graph.linearInput(x, for: [first, second])
            let sum = graph.add(graph.gelu(try graph.linear(input, first)), try graph.product(input, second))
            let third = try LinearWeights(graph.weights, "quantized.third", outputs, width)
            graph.output(try graph.linear(graph.linearInput(sum, for: [third]), third), "y")
            observed = graph.observed
        }
        return (path, observed)
    }

    /// Channel 3 is forty times as loud as the others.
    private func input(_ seed: Int) -> Tensor {
        var values = SyntheticInput.values("quantized.x\(seed)", tokens * width, scale: 1)
        for token in 0..<tokens { values[token * width + 3] *= 40 }
        return Tensor([1, tokens, width], values)
    }

    private func run(_ path: String, _ input: Tensor, engine: any Engine) throws -> [Float] {
        let y = Tensor(.float32, [1, tokens, width])
        try engine.load(StageFile(name: "probe", path: path, precision: .float32)).run(inputs: [("x", input)], outputs: [("y", y)])
        return y.values
    }

    private func ranges(_ inputs: [Tensor]) throws -> [String: ActivationRange] {
        let (path, observed) = try graph("quantized-observed", .observed)
        #expect(observed.map(\.key) == ["quantized.first", "quantized.third"] && observed.map(\.channels) == [width, outputs])
        let engine = ObservingEngine(try TestSettings.engine(), outputs: ["probe": observed])
        #expect(engine.ranges.isEmpty)
        for input in inputs { _ = try run(path, input, engine: engine) }
        return engine.ranges
    }

    private func error(_ found: [Float], _ exact: [Float]) -> Double {
        let difference = zip(found, exact).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        return (difference / exact.reduce(0.0) { $0 + Double($1 * $1) }).squareRoot()
    }

    @Test("what was observed are the least and greatest values of each channel, over all runs", .timeLimit(.minutes(20)))
    func observing() throws {
        let inputs = [input(0), input(1)]
        let range = try #require(ranges(inputs)["quantized.first"])
        for channel in 0..<width {
            let values = inputs.flatMap { input in (0..<tokens).map { input.floats[$0 * width + channel] } }
            #expect(range.minima[channel] == values.min() && range.maxima[channel] == values.max(), "channel \(channel)")
        }
    }

    @Test("8-bit layers are within 1.5 % of float32 although one channel is loud, for any number of tokens", .timeLimit(.minutes(20)))
    func accuracy() throws {
        let engine = try TestSettings.engine()
        let x = input(2)
        let seen = try ranges([x])
        let exact = try run(graph("quantized-float", .float).path, x, engine: engine)
        for rows in [Dimension.fixed(tokens), .symbol("tokens")] {
            let found = try run(graph("quantized-int8-\(rows)", .int8(seen), rows: rows).path, x, engine: engine)
            #expect(error(found, exact) < 0.015, "\(error(found, exact))")
            #expect(found != exact, "nothing was quantized")
        }
    }

    @Test("a layer that nobody observed stays as it was", .timeLimit(.minutes(20)))
    func unknown() throws {
        let engine = try TestSettings.engine()
        let exact = try run(graph("quantized-float", .float).path, input(3), engine: engine)
        #expect(try run(graph("quantized-none", .int8([:])).path, input(3), engine: engine) == exact)
    }
}
