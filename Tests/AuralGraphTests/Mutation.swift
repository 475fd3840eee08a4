import AuralCore

/// Damages bytes in the ways in which files are damaged, and in the ways of those who mean harm.
enum Mutation {
    /// Values that are likely to be at an edge of something.
    private static let edges: [Int] = [0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max, .min, 1 << 40]

    /// Changes one byte, as a bad disk does, or makes one to four changes of any kind.
    static func apply(to bytes: inout [UInt8], using generator: inout SplitMix64) {
        if Bool.random(using: &generator), let position = bytes.indices.randomElement(using: &generator) {
            bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            return
        }
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            change(&bytes, using: &generator)
        }
    }

    private static func change(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...16, using: &generator), bytes.count - position)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0:
            bytes.removeSubrange(position...)
        case 1, 2:
            bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 3:
            bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 4:
            let piece = bytes[position..<(position + length)]
            bytes.insert(contentsOf: Array(piece), at: Int.random(in: 0...bytes.count, using: &generator))
        case 5:
            bytes.removeSubrange(position..<(position + length))
        default:
            let width = min([1, 2, 4, 8].randomElement(using: &generator) ?? 1, bytes.count - position)
            let edge = edges.randomElement(using: &generator) ?? 0
            bytes.replaceSubrange(position..<(position + width), with: little(edge, width))
        }
    }
}
