import AuralCore
import AuralWire
import Testing

@Suite struct BilinearResizerTests {
    @Test("four outputs for each input lie at eighths between the inputs' middles, and beyond the outer ones nothing changes")
    func weights() throws {
        var resizer = try BilinearResizer(inputSide: 2, outputSide: 8)
        try resizer.resize([0, 8, 16, 24])
        let row: [Float] = [0, 0, 1, 3, 5, 7, 8, 8]
        let column: [Float] = [0, 0, 2, 6, 10, 14, 16, 16]
        #expect(resizer.output == column.flatMap { down in row.map { $0 + down } })
    }

    @Test("the signs are those of the run-length encoder, bit for bit", arguments: [(4, 16), (16, 64), (64, 256), (7, 30), (12, 5), (9, 9)])
    func signs(_ input: Int, _ output: Int) throws {
        var random = SplitMix64(seed: 4)
        let map = (0..<input * input).map { _ in Float(random.unit()) }
        var resizer = try BilinearResizer(inputSide: input, outputSide: output)
        try resizer.resize(map)
        let mask = try map.withUnsafeBufferPointer {
            try RunLengthMask(logits: $0, logitsWidth: input, logitsHeight: input, width: output, height: output)
        }
        #expect(resizer.output.map { $0 > 0 ? 1 : 0 } == (try mask.decoded().pixels))
    }

    @Test("a second map leaves nothing of the first")
    func again() throws {
        var resizer = try BilinearResizer(inputSide: 2, outputSide: 4)
        try resizer.resize([9, -9, 9, -9])
        try resizer.resize([1, 1, 1, 1])
        #expect(resizer.output == [Float](repeating: 1, count: 16))
    }

    @Test("maps of another size and sides that are none are refused")
    func refusals() throws {
        #expect(throws: WireError.self) { try BilinearResizer(inputSide: 0, outputSide: 4) }
        #expect(throws: WireError.self) { try BilinearResizer(inputSide: 4, outputSide: 20_000) }
        var resizer = try BilinearResizer(inputSide: 2, outputSide: 4)
        #expect(throws: WireError.self) { try resizer.resize([1, 2, 3]) }
    }
}
