import AuralCapture
import AuralCore
import Foundation
import Testing

/// Clips as AVSBench has them, for `aurald avs` and `evaluate`.
enum ClipFolder {
    /// A new folder with pictures of the reference clip in `frames` and a sine in `audio.wav`.
    static func make(frames: Int, seconds: Double) throws -> String { try make(frames: frames, sound: SoundFile(seconds: seconds).bytes) }

    /// The same with another sound.
    static func make(frames: Int, sound: [UInt8]) throws -> String {
        let path = Fixtures.path("clip")
        try fill(path, frames: frames, sound: sound)
        return path
    }

    /// Makes the folder at `path`; `first` is the first picture that is taken.
    static func fill(_ path: String, frames: Int, from first: Int = 0, sound: [UInt8]) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/frames", withIntermediateDirectories: true)
        for number in 0..<frames {
            try FileManager.default.copyItem(
                atPath: "\(Fixtures.clip)/clip_0\((first + 3 * number) % 10).png", toPath: "\(path)/frames/clip_\(number).png")
        }
        try Data(sound).write(to: URL(filePath: "\(path)/audio.wav"))
    }

    /// A mask or label that was written as a picture: true where it is not black, row-major.
    static func mask(_ path: String) throws -> [Bool] {
        let image = try ImageDecoder().decode(file: path, pool: ImagePool(capacity: 1))
        try #require(image.width == 256 && image.height == 256)
        return withExtendedLifetime(image) {
            (0..<(256 * 256)).map { pixel in (0..<3).contains { image.bytes[3 * pixel + $0] > 0 } }
        }
    }

    /// Writes a label of 256×256 pixels, orange where it is true.
    static func write(_ mask: [Bool], to path: String) throws {
        let image = try #require(RGBImage(width: 256, height: 256))
        for (pixel, inside) in mask.enumerated() where inside {
            (image.bytes[3 * pixel], image.bytes[3 * pixel + 1]) = (192, 128)
        }
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try PNGWriter.write(image, to: path)
    }
}
