/// Resizes a map of numbers as `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)` does in single precision, for
/// those who need the values and not only their signs (see `RunLengthEncoder` for these). The memory of the result is reused.
public struct BilinearResizer: Sendable {
    /// The result of the last `resize`: `outputSide` rows of `outputSide` values; zeros before the first.
    public private(set) var output: [Float]
    /// Side of the square maps that go in.
    public let inputSide: Int
    /// Side of the square result.
    public let outputSide: Int

    private let axis: BilinearAxis
    /// Input rows of the width of the result.
    private var wide: [Float]

    /// Prepares to resize square maps. Throws `WireError.Code.invalidMask` where a side is outside 1…16384.
    public init(inputSide: Int, outputSide: Int) throws(WireError) {
        let count = try RunLengthMask.pixelCount(height: outputSide, width: outputSide)
        _ = try RunLengthMask.pixelCount(height: inputSide, width: inputSide)
        self.inputSide = inputSide
        self.outputSide = outputSide
        axis = BilinearAxis(inputs: inputSide, outputs: outputSide)
        output = [Float](repeating: 0, count: count)
        wide = [Float](repeating: 0, count: inputSide * outputSide)
    }

    /// Resizes one map, whose rows lie one after the other. Throws `WireError.Code.invalidMask` where it has another size.
    public mutating func resize(_ map: [Float]) throws(WireError) {
        guard map.count == inputSide * inputSide else {
            throw WireError(.invalidMask, "\(map.count) values do not fill \(inputSide)×\(inputSide)")
        }
        for row in 0..<inputSide {
            for x in 0..<outputSide {
                wide[row * outputSide + x] = BilinearAxis.mix(
                    map[row * inputSide + axis.first[x]], axis.firstWeight[x], map[row * inputSide + axis.second[x]], axis.secondWeight[x])
            }
        }
        for y in 0..<outputSide {
            let upper = axis.first[y] * outputSide
            let lower = axis.second[y] * outputSide
            let (upperWeight, lowerWeight) = (axis.firstWeight[y], axis.secondWeight[y])
            for x in 0..<outputSide {
                output[y * outputSide + x] = BilinearAxis.mix(wide[upper + x], upperWeight, wide[lower + x], lowerWeight)
            }
        }
    }
}
