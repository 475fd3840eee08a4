import AuralCore
import AuralNetworks
import Testing

@testable import AuralTracking

@Suite struct AntialiasedResizeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var from: [Int]
        var to: [Int]
        var values: [Float]
        var testDescription: String { "\(from) to \(to)" }
    }

    // Values of PyTorch 2.13's interpolate(mode="bilinear", antialias=True) for inputs of the seed name resize/WIDTHxHEIGHT.
    static let cases = [
        Case(
            from: [7, 5], to: [3, 2],
            values: [
                0.2884126, 0.2194406, -0.3074803, -0.019964, -0.0900064, -0.2479374,
            ]),
        Case(
            from: [8, 8], to: [2, 2],
            values: [
                0.1211624, -0.0804258, -0.0232901, -0.0375771,
            ]),
        Case(
            from: [3, 2], to: [5, 4],
            values: [
                0.4191514, 0.2312923, -0.0504963, -0.4528, -0.7210022, 0.4819454, 0.3613544, 0.1804678, -0.2408819, -0.5217816,
                0.6075335, 0.6214785, 0.6423961, 0.1829543, -0.1233401, 0.6703274, 0.7515406, 0.8733603, 0.3948724, 0.0758806,
            ]),
        Case(
            from: [16, 6], to: [5, 9],
            values: [
                -0.0630254, 0.1621273, 0.1006099, 0.433549, -0.119854, 0.289362, 0.1035643, 0.0015275, -0.0503292, -0.2151773,
                0.514815, -0.026827, -0.1131363, -0.3787101, -0.320152, 0.0070779, -0.3141405, -0.175462, 0.2432789,
                -0.3587582, -0.2704378, -0.5407133, -0.1906254, 0.2531953, 0.0728433, -0.3791964, -0.5621632, -0.2104142,
                0.0835406, 0.5120065, -0.2119052, -0.0289854, -0.2912413, -0.0127557, 0.503647, -0.3002867, -0.0116593,
                -0.1027038, 0.1961388, 0.3360777, -0.4304908, -0.1276275, 0.1060405, 0.4291073, 0.1705982,
            ]),
        Case(
            from: [4, 4], to: [4, 4],
            values: [
                -0.0764736, 0.5329946, 0.0739746, -0.8402015, -0.5387216, 0.2300434, -0.2205614, 0.832776, -0.1724919,
                0.4402105, 0.9402531, -0.8025365, 0.7930858, -0.36798, -0.821053, -0.6113073,
            ]),
        Case(
            from: [1, 1], to: [2, 3],
            values: [
                0.1704222, 0.1704222, 0.1704222, 0.1704222, 0.1704222, 0.1704222,
            ]),
    ]

    @Test("sizes up and down give PyTorch's numbers", arguments: cases)
    func torch(_ test: Case) {
        var stream = SplitMix64(seedName: "resize/\(test.from[0])x\(test.from[1])")
        let input = (0..<(test.from[0] * test.from[1])).map { _ in Float(stream.unit()) }
        let resize = AntialiasedResize(from: (test.from[0], test.from[1]), to: (test.to[0], test.to[1]))
        let result = input.withUnsafeBufferPointer { resize.resize($0) }
        #expect(result.count == test.values.count)
        #expect(zip(result, test.values).allSatisfy { abs($0 - $1) < 1e-6 }, "\(result)")
    }

    @Test("a constant stays a constant at any pair of sizes")
    func constant() {
        for from in [1, 2, 3, 7, 33, 100] {
            for to in [1, 2, 5, 33, 64] {
                let input = [Float](repeating: 0.75, count: from * 3)
                let result = input.withUnsafeBufferPointer { AntialiasedResize(from: (from, 3), to: (to, 2)).resize($0) }
                #expect(result.count == to * 2)
                #expect(result.allSatisfy { abs($0 - 0.75) < 1e-5 }, "\(from) to \(to)")
            }
        }
    }
}
