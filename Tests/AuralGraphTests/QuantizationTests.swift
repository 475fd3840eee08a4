import Testing

@testable import AuralGraph

@Suite struct QuantizationTests {
    private func layer(_ rows: [[Float]]) -> LinearWeights {
        LinearWeights(name: "layer", matrix: Matrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 }), bias: nil)
    }

    @Test("weights come back within half a step, outputs apart from each other, as the columns of a MatMul")
    func weights() throws {
        let weights: [[Float]] = [[0.5, -1, 0.25], [100, 3, -127]]
        let found = try WeightQuantization(layer(weights), smoothing: [1, 2, 4])
        #expect(found.scales == [2 / 127, 4 * 127 / 127])
        for row in 0..<2 {
            for column in 0..<3 {
                let exact = weights[row][column] * [1, 2, 4][column]
                let back = Float(found.values[column * 2 + row]) * found.scales[row]
                #expect(abs(back - exact) <= found.scales[row] * 0.5001, "\(back) and not \(exact)")
            }
        }
    }

    @Test("outputs without weights stay zero, and no weight becomes -128")
    func emptyRows() throws {
        let found = try WeightQuantization(layer([[0, 0], [-1, 1]]), smoothing: [1, 1])
        #expect(found.values == [0, -127, 0, 127])
        #expect(found.scales == [1, 1 / 127])
    }

    @Test("zero has a number of its own, and the range that was seen just fits")
    func activations() throws {
        let range = ActivationRange(minima: [-1, 0], maxima: [3, 0])
        let found = try ActivationQuantization(range, for: [layer([[1, 5]])])
        // Channel 0 is divided by √(3 ÷ 1); channel 1, always zero, by nothing.
        #expect(found.smoothing == [Float(3).squareRoot(), 1])
        #expect(abs(found.scale * 255 - 4 / Float(3).squareRoot()) < 1e-5)
        #expect(found.zeroPoint == 64)
    }

    @Test("only positive and only negative numbers still have zero among them")
    func oneSided() throws {
        let positive = try ActivationQuantization(ActivationRange(minima: [2], maxima: [4]), for: [layer([[1]])])
        #expect(positive.zeroPoint == 0)
        let negative = try ActivationQuantization(ActivationRange(minima: [-4], maxima: [-2]), for: [layer([[1]])])
        #expect(negative.zeroPoint == 255)
        let silent = try ActivationQuantization(ActivationRange(minima: [0], maxima: [0]), for: [layer([[1]])])
        #expect(silent.scale > 0 && silent.zeroPoint == 0)
    }

    @Test("a loud channel is divided by more than a quiet one, so that both have steps")
    func smoothing() throws {
        let range = ActivationRange(minima: [-100, -1], maxima: [100, 1])
        let found = try ActivationQuantization(range, for: [layer([[0.1, 0.1]]), layer([[0.01, 0.2]])])
        // The largest weight that reads a channel counts: 0.1 and 0.2.
        #expect(abs(found.smoothing[0] - Float(1000).squareRoot()) < 1e-3)
        #expect(abs(found.smoothing[1] - Float(5).squareRoot()) < 1e-5)
    }

    @Test("what is no number is refused with the layer's name, and never rounded", arguments: [Float.nan, .infinity, -.infinity])
    func noNumbers(_ value: Float) {
        let broken = layer([[1, value]])
        let fine = layer([[1, 1]])
        func expectRefusal(_ body: () throws -> Void) {
            let error = #expect(throws: GraphError.self) { try body() }
            #expect(error?.description.contains("layer") == true && error?.description.contains("checkpoint") == true)
        }
        expectRefusal { _ = try WeightQuantization(broken, smoothing: [1, 1]) }
        expectRefusal { _ = try ActivationQuantization(ActivationRange(minima: [0, value], maxima: [1, 1]), for: [fine]) }
        expectRefusal { _ = try ActivationQuantization(ActivationRange(minima: [0, 0], maxima: [1, value]), for: [fine]) }
    }

    @Test("ranges of several frames are joined channel by channel")
    func union() {
        var range = ActivationRange(minima: [-1, 2], maxima: [1, 3])
        range.formUnion(ActivationRange(minima: [0, -5], maxima: [4, 2]))
        #expect(range == ActivationRange(minima: [-1, -5], maxima: [4, 3]))
    }
}
