import AuralCore
import AuralWire
import Testing

@Suite struct RunLengthMaskTests {
    @Test("runs, string, area, box and pixels equal what pycocotools has", .timeLimit(.minutes(5)))
    func pycocotools() throws {
        let vectors = try MaskVector.load("masks.json")
        #expect(vectors.count > 90)
        for vector in vectors {
            let pixels = try vector.mask()
            let mask = try RunLengthMask(pixels)
            #expect(mask.string == vector.counts, "\(vector.kind) \(vector.size) \(vector.parameters)")
            #expect(mask.area == vector.area)
            #expect(mask.boundingBox == vector.boundingBox)
            let parsed = try RunLengthMask(height: vector.height, width: vector.width, string: vector.counts)
            #expect(parsed == mask)
            #expect(try parsed.decoded() == pixels)
            #expect(try RunLengthMask(height: vector.height, width: vector.width, counts: mask.counts) == mask)
        }
    }

    @Test("resized logits have the pixels that PyTorch's bilinear interpolation has", .timeLimit(.minutes(5)))
    func pytorch() throws {
        var encoder = RunLengthEncoder()
        for vector in try MaskVector.load("logits.json") {
            let logits = vector.logits()
            let mask = try logits.withUnsafeBufferPointer { logits throws(WireError) in
                try encoder.encode(
                    logits: logits, logitsWidth: vector.logitsWidth, logitsHeight: vector.logitsHeight, width: vector.width,
                    height: vector.height)
                return try RunLengthMask(
                    logits: logits, logitsWidth: vector.logitsWidth, logitsHeight: vector.logitsHeight, width: vector.width,
                    height: vector.height)
            }
            #expect(mask.string == vector.counts, "\(vector.size) \(vector.parameters)")
            #expect(encoder.mask == mask, "the reused encoder sees nothing of the masks before")
            #expect(encoder.area == vector.area)
            #expect(encoder.boundingBox == vector.boundingBox)
        }
    }

    @Test("logits that are not numbers or infinite are outside unless the mean is above zero")
    func oddLogits() throws {
        func runs(_ logits: [Float], width: Int, height: Int) throws -> [UInt32] {
            try logits.withUnsafeBufferPointer { logits throws(WireError) in
                try RunLengthMask(logits: logits, logitsWidth: 1, logitsHeight: logits.count, width: width, height: height).counts
            }
        }
        #expect(try runs([.nan, .nan], width: 2, height: 4) == [8])
        #expect(try runs([.nan, 1], width: 1, height: 4) == [3, 1])
        #expect(try runs([-.infinity, 1], width: 1, height: 4) == [3, 1])
        #expect(try runs([.infinity, .infinity], width: 1, height: 2) == [2], "0 · ∞ is not a number, as in PyTorch")
        #expect(try runs([0, -0.0, 0], width: 1, height: 7) == [7])
        #expect(try runs([1, -1], width: 1, height: 4) == [0, 2, 2])
    }

    @Test("masks that are not consistent are refused")
    func invalid() {
        let cases: [(Int, Int, String)] = [
            (0, 1, "0"), (1, 16_385, "0"), (-1, -1, "1"), (2, 2, ""), (2, 2, "3"), (2, 2, "5"), (2, 2, "T"), (2, 2, "1/"),
            (2, 2, "1p"),
            (2, 2, "22é"), (4, 4, "O"), (4, 4, "oooooooo0"), (4, 4, "PPPPPPPP0"), (4, 4, "1O"), (2, 2, "2 2"), (4, 4, "10:A"),
            (16_384, 16_384, "oooooo?"),
        ]
        for (height, width, string) in cases {
            #expect(throws: WireError.self, "\(height) \(width) \(string)") {
                try RunLengthMask(height: height, width: width, string: string)
            }
        }
        #expect(throws: WireError.self) { try RunLengthMask(height: 2, width: 2, counts: [1, 2]) }
        #expect(throws: WireError.self) { try RunLengthMask(height: 2, width: 2, counts: [1, .max, 1]) }
        let three: [Float] = [1, 2, 3]
        #expect(throws: WireError.self) {
            try three.withUnsafeBufferPointer { logits throws(WireError) in
                try RunLengthMask(logits: logits, logitsWidth: 2, logitsHeight: 2, width: 2, height: 2)
            }
        }
    }

    @Test("the largest mask keeps its runs through the string")
    func largest() throws {
        let side = RunLengthMask.maximumSide
        for counts: [UInt32] in [[UInt32(side * side)], [0, UInt32(side * side)], [0, 1, UInt32(side * side - 3), 1, 1]] {
            let mask = try RunLengthMask(height: side, width: side, counts: counts)
            #expect(try RunLengthMask(height: side, width: side, string: mask.string) == mask)
        }
    }

    @Test("mutated strings are either refused or consistent", .timeLimit(.minutes(5)))
    func fuzz() throws {
        var random = SplitMix64(seed: 7)
        let seeds = try MaskVector.load("masks.json").filter { $0.height <= 64 }
        var accepted = 0
        for round in 0..<20_000 {
            let vector = seeds[round % seeds.count]
            var bytes = Array(vector.counts.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let position = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.insert(UInt8.random(in: 40...120, using: &random), at: position)
                case 1 where position < bytes.count: bytes.remove(at: position)
                case 2 where position < bytes.count: bytes[position] = UInt8.random(in: 48...111, using: &random)
                default: bytes = Array(bytes.prefix(position))
                }
            }
            let string = String(decoding: bytes, as: UTF8.self)
            guard let mask = try? RunLengthMask(height: vector.height, width: vector.width, string: string) else { continue }
            accepted += 1
            #expect(mask.counts.reduce(0) { $0 + Int($1) } == vector.height * vector.width)
            #expect(try mask.decoded().area == mask.area)
        }
        #expect(accepted > 100)
    }
}
