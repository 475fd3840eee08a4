/// Where the pixels of one axis of a picture that is resized bilinearly come from, exactly as
/// `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)` computes it in single precision on a CPU with FMA.
struct BilinearAxis: Sendable, Equatable {
    /// Outputs that lie between the same two inputs.
    struct Group: Sendable, Equatable {
        /// The two inputs.
        var first: Int
        var second: Int
        /// The outputs.
        var outputs: Range<Int>
    }

    /// Number of inputs and outputs.
    let inputs: Int
    let outputs: Int
    /// For every output: index of the first and the second input, and their weights.
    let first: [Int]
    let second: [Int]
    let firstWeight: [Float]
    let secondWeight: [Float]
    /// Neighbouring outputs that share both inputs, in order.
    let groups: [Group]

    /// Both numbers must be positive.
    init(inputs: Int, outputs: Int) {
        var first: [Int] = []
        var second: [Int] = []
        var firstWeight: [Float] = []
        var secondWeight: [Float] = []
        var groups: [Group] = []
        let scale = Float(inputs) / Float(outputs)
        for output in 0..<outputs {
            var low = output
            var high = output
            var weight: Float = 0
            if inputs != outputs {
                // The compiler of PyTorch contracts scale · (output + ½) − ½ into one rounding; Double does the same for these
                // magnitudes.
                let source = max(Float(Double(scale) * (Double(output) + 0.5) - 0.5), 0)
                low = min(Int(source.rounded(.down)), inputs - 1)
                high = low + (low < inputs - 1 ? 1 : 0)
                weight = min(max(source - Float(low), 0), 1)
            }
            first.append(low)
            second.append(high)
            firstWeight.append(1 - weight)
            secondWeight.append(weight)
            if let last = groups.last, last.first == low, last.second == high {
                groups[groups.count - 1].outputs = last.outputs.lowerBound..<output + 1
            } else {
                groups.append(Group(first: low, second: high, outputs: output..<output + 1))
            }
        }
        self.inputs = inputs
        self.outputs = outputs
        self.first = first
        self.second = second
        self.firstWeight = firstWeight
        self.secondWeight = secondWeight
        self.groups = groups
    }

    /// `first · firstWeight + second · secondWeight`, rounded as PyTorch's kernel does it: the second product is rounded, the
    /// first one is fused with the sum. Double stands in for the fused instruction, which would be a function call on a
    /// baseline x86-64.
    @inline(__always)
    static func mix(_ first: Float, _ firstWeight: Float, _ second: Float, _ secondWeight: Float) -> Float {
        Float(Double(first) * Double(firstWeight) + Double(second * secondWeight))
    }
}
