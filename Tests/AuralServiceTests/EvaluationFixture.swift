import AuralCapture
import AuralCore
import Foundation
import Testing

@testable import AuralService

/// A data set in a folder of its own that goes with the test: pictures of 16×16 pixels and half a second of sound in place of each second.
final class EvaluationFixture {
    /// What a picture shows, or a label marks.
    enum Area {
        case nothing, leftHalf, everything
    }

    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "evaluation-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// Writes a text file.
    func write(_ text: String, to path: String) throws {
        try text.write(toFile: try place(path), atomically: true, encoding: .utf8)
    }

    /// Writes a picture whose area has this colour on black.
    func picture(_ path: String, _ area: Area, colour: (UInt8, UInt8, UInt8) = (192, 128, 0), width: Int = 16, height: Int = 16) throws {
        let image = try #require(RGBImage(width: width, height: height))
        for y in 0..<height {
            for x in 0..<width where area == .everything || area == .leftHalf && x < width / 2 {
                let start = (y * width + x) * 3
                (image.bytes[start], image.bytes[start + 1], image.bytes[start + 2]) = colour
            }
        }
        try PNGWriter.write(image, to: try place(path))
    }

    /// Writes a WAV file of silence.
    func sound(_ path: String) throws {
        let writer = try WAVWriter(path: try place(path), sampleRate: 8000, channelCount: 1)
        try [Float](repeating: 0, count: 4000).withUnsafeBufferPointer { try writer.append(interleaved: $0) }
        try writer.finish()
    }

    /// Writes a clip of AVSBench whose pictures show the left half.
    func avsClip(_ folder: String, labels: [Area], frames: Int? = nil, prefix: String = "") throws {
        for (index, label) in labels.enumerated() { try picture("\(folder)/labels_rgb/\(prefix)\(index).png", label) }
        for index in 0..<(frames ?? labels.count) { try picture("\(folder)/frames/\(prefix)\(index).png", .leftHalf) }
        try sound("\(folder)/audio.wav")
    }

    /// Writes the media of a clip of Ref-AVS, whose pictures show the left half.
    func media(_ video: String, frames: Int = 2) throws {
        for index in 0..<frames { try picture("media/\(video)/frames/\(index).png", .leftHalf) }
        try sound("media/\(video)/audio.wav")
    }

    /// Writes the masks of an object of Ref-AVS.
    func masks(_ video: String, _ object: Int, _ labels: [Area]) throws {
        for (index, label) in labels.enumerated() { try picture("gt_mask/\(video)/fid_\(object)/0000\(index).png", label) }
    }

    /// Removes a file or folder.
    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    private func place(_ path: String) throws -> String {
        let full = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: full.deletingLastPathComponent(), withIntermediateDirectories: true)
        return full.path
    }
}

/// A model that finds the left half of every picture that shows something there, by its second map; the first map has nothing and the third
/// everything. Its square has 16 pixels.
final class FakeClipSegmenter: ClipSegmenter {
    let maskSide = 4
    let imageSize = 16
    let clipFrames: Int
    let takesExpression: Bool
    /// The frames, in the order in which they are given.
    var order: [Int]
    var objectScore: Float = 3
    /// What it was asked.
    private(set) var expressions: [String?] = []
    private(set) var firstPixels: [[UInt8]] = []

    init(frames: Int = 5, takesExpression: Bool = false) {
        clipFrames = frames
        order = Array(0..<frames)
        self.takesExpression = takesExpression
    }

    func segment(_ images: [RGBImage], audioRows: [Float], expression: String?, frame: (Int, ClipFrameResult) throws -> Void) throws {
        #expect(images.count == clipFrames)
        #expect(audioRows.count == clipFrames * 2 * 96 * 64)
        expressions.append(expression)
        firstPixels.append(images.map { $0.bytes[0] })
        for index in order {
            let left: Float = images[index].bytes[0] > 0 ? 8 : -8
            let maps = [[Float](repeating: -8, count: 16), (0..<16).map { $0 % 4 < 2 ? left : -8 }, [Float](repeating: 8, count: 16)]
            try frame(index, ClipFrameResult(logits: maps, ious: [0.1, 0.9, 0.2], best: 1, objectScore: objectScore))
        }
    }

    /// Sound of the right size; of files named in `short` the last two rows are repeated.
    static func rows(short: String? = nil) -> AudioRowReader {
        { path, frames in
            try #require(FileManager.default.isReadableFile(atPath: path))
            return ([Float](repeating: 0, count: frames * 2 * 96 * 64), short.map { path.contains($0) } == true ? 2 : 0)
        }
    }
}
