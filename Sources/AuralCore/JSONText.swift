import Foundation

/// JSON as this program prints and keeps it: keys in the alphabet's order, slashes as they are.
package enum JSONText {
    /// A value as one line with its line feed. Throws what its `encode` throws.
    package static func line(_ value: some Encodable) throws -> String {
        String(decoding: try encoder(isPretty: false).encode(value), as: UTF8.self) + "\n"
    }

    /// A value as a document for people, with a line feed at its end. Throws what its `encode` throws.
    package static func document(_ value: some Encodable) throws -> String {
        String(decoding: try encoder(isPretty: true).encode(value), as: UTF8.self) + "\n"
    }

    /// The encoder behind both.
    package static func encoder(isPretty: Bool) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return encoder
    }
}
