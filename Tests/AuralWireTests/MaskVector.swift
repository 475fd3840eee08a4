import AuralCore
import AuralWire
import Foundation
import Testing

/// One vector that Golden/make_masks.py made, and the input that belongs to it.
struct MaskVector: Decodable {
    let kind: String
    let parameters: [String: Int]
    let size: [Int]
    let counts: String
    let area: Int
    let bbox: [Int]

    var height: Int { size[0] }
    var width: Int { size[1] }
    var boundingBox: PixelRectangle { PixelRectangle(x: bbox[0], y: bbox[1], width: bbox[2], height: bbox[3]) }

    static func load(_ name: String) throws -> [MaskVector] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        return try JSONDecoder().decode([MaskVector].self, from: Data(contentsOf: folder.appending(path: name)))
    }

    private func parameter(_ name: String) -> Int { parameters[name] ?? 0 }

    /// The pixels that the script encoded.
    func mask() throws -> BinaryMask {
        var pixels: [UInt8] = []
        var generator = SplitMix64(seed: UInt64(parameter("seed")))
        let columns = parameter("x")..<parameter("x") + parameter("w")
        let rows = parameter("y")..<parameter("y") + parameter("h")
        for y in 0..<height {
            for x in 0..<width {
                switch kind {
                case "random": pixels.append(generator.next() & 0xFF < UInt64(parameter("per256")) ? 1 : 0)
                case "rectangle": pixels.append(columns.contains(x) && rows.contains(y) ? 1 : 0)
                default: pixels.append(blob(x, y) ? 1 : 0)
                }
            }
        }
        return try #require(BinaryMask(width: width, height: height, pixels: pixels))
    }

    private func blob(_ x: Int, _ y: Int) -> Bool {
        let dx = x - width / 2
        let dy = y - height / 2
        let second = x * 2 - y * 5
        let wave = (x * 7 + y * 3) % 41 + (second % 29 + 29) % 29
        return dx * dx * 9 + dy * dy * 25 < height * height * 4 + wave * height * 12
    }

    /// The logits that the script resized, row after row.
    func logits() -> [Float] {
        let cell = parameter("cell")
        let wide = (parameter("width") + cell - 1) / cell
        let tall = (parameter("height") + cell - 1) / cell
        var coarse = SplitMix64(seed: UInt64(parameter("seed")))
        var fine = SplitMix64(seed: UInt64(parameter("seed") + 1))
        let base = (0..<tall * wide).map { _ in Int(coarse.next() & 0xFFF) - 2400 }
        var values: [Float] = []
        for y in 0..<parameter("height") {
            for x in 0..<parameter("width") {
                values.append(Float(base[y / cell * wide + x / cell] + Int(fine.next() & 0xFF) - 128) / 256)
            }
        }
        return values
    }

    var logitsWidth: Int { parameter("width") }
    var logitsHeight: Int { parameter("height") }
}
