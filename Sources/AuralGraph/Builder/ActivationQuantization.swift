/// How the tokens that some Linear layers read become unsigned 8-bit integers: q = round(x / (smoothing · scale)) + zeroPoint.
///
/// One scale serves all channels, as integer products need it. Channels are first divided by a smoothing factor each, √(largest activation ÷ largest
/// weight), which the weights take over: so a few loud channels do not take the steps away from the others.
/// Source: SmoothQuant (arXiv 2211.10438), equation 4 with α = ½.
struct ActivationQuantization {
    /// A factor for each channel, above zero.
    let smoothing: [Float]
    /// Width of a step.
    let scale: Float
    /// The number that stands for zero.
    let zeroPoint: UInt8

    /// Plans it for what was seen and for the layers that read it. Throws where either has values that are no numbers.
    init(_ range: ActivationRange, for layers: [LinearWeights]) throws(GraphError) {
        var weights = [Float](repeating: 0, count: range.minima.count)
        for layer in layers {
            for row in 0..<layer.matrix.rows {
                let start = row * layer.matrix.columns
                for column in weights.indices { weights[column] = max(weights[column], abs(layer.matrix.values[start + column])) }
            }
        }
        // A channel that is always zero, or that nobody reads, may have any factor.
        let smoothing = zip(range.magnitudes, weights).map { activation, weight in
            activation > 0 && weight > 0 ? (activation / weight).squareRoot() : 1
        }
        // Zero is always among the values, so that it has a number of its own.
        let least = zip(range.minima, smoothing).reduce(Float(0)) { min($0, $1.0 / $1.1) }
        let greatest = zip(range.maxima, smoothing).reduce(Float(0)) { max($0, $1.0 / $1.1) }
        guard (smoothing + range.minima + range.maxima + [greatest - least]).allSatisfy(\.isFinite) else {
            throw GraphError("\(layers.first?.name ?? "a layer"): reads values that are no numbers; is the checkpoint damaged?")
        }
        scale = max(greatest - least, .leastNormalMagnitude * 255) / 255
        zeroPoint = UInt8(min(max((-least / scale).rounded(), 0), 255))
        self.smoothing = smoothing
    }
}
