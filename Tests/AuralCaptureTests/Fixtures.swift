import AuralCapture
import AuralCore
import Foundation
import Testing

/// The golden files, and files that a test makes for itself.
enum Fixtures {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden").path

    static func path(_ name: String) -> String { golden + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

    /// Runs `body` with the path of a file that has these contents, and removes it afterwards.
    static func withFile<Result>(_ contents: [UInt8], suffix: String = "", _ body: (String) throws -> Result) throws -> Result {
        try withFolder { folder in
            let path = folder + "/file" + suffix
            try Data(contents).write(to: URL(filePath: path))
            return try body(path)
        }
    }

    /// Runs `body` with the path of an empty folder, and removes it afterwards.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aural-capture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    /// All frames of the clip `path`, as bytes.
    static func frames(path: String) throws -> [[UInt8]] {
        try frames(FrameReaders.open(path, pool: ImagePool()))
    }

    /// All frames of a clip, as bytes.
    static func frames(_ reader: any FrameReader) throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        while let image = try reader.next() { result.append(image.copiedBytes) }
        return result
    }
}

extension RGBImage {
    /// A copy of the pixels. The picture's memory goes back to its pool with the last reference, which for a temporary is before
    /// `Array(decode().bytes)` has read it; a method keeps it.
    var copiedBytes: [UInt8] { withExtendedLifetime(self) { Array(bytes) } }
}

extension [UInt8] {
    /// A little-endian number of four bytes.
    static func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    /// A little-endian number of two bytes.
    static func little16(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    /// A RIFF chunk, padded.
    static func chunk(_ code: String, _ data: [UInt8]) -> [UInt8] {
        Array(code.utf8) + little(data.count) + data + (data.count % 2 == 1 ? [0] : [])
    }

    /// A RIFF list.
    static func list(_ type: String, _ data: [UInt8], code: String = "LIST") -> [UInt8] {
        chunk(code, Array(type.utf8) + data)
    }
}

extension AudioLevel {
    /// The level of these samples, one array a channel.
    static func decibels(of channels: [[Float]]) -> Double {
        decibels(
            energy: channels.reduce(0) { $0 + $1.withUnsafeBufferPointer { energy(of: $0) } }, count: channels.reduce(0) { $0 + $1.count })
    }
}
