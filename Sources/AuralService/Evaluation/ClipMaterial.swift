import AuralCapture
import AuralCore

/// A clip in memory as the fuser takes it: exactly T pictures and T rows of sound.
struct ClipMaterial {
    /// T pictures; the last real one again where there are fewer.
    var images: [RGBImage]
    /// Log-mel, [T, 2, 96, 64].
    var audioRows: [Float]
    /// Pictures that are real.
    var frames: Int
    /// Pictures that were left out since a clip has T.
    var cutFrames: Int
    /// Rows of sound that repeat the last real one.
    var paddedRows: Int

    /// Pictures that repeat the last real one.
    var paddedFrames: Int { images.count - frames }

    /// Puts pictures and sound together. Throws where there is no picture, where the sound cannot be read, or where it has another size.
    ///
    /// - Parameters:
    ///   - images: at least one picture, in order.
    ///   - cutFrames: further pictures that the caller has left out.
    ///   - count: T.
    init(images: [RGBImage], cutFrames: Int = 0, audio: String, count: Int, reader: AudioRowReader) throws {
        guard let last = images.last, count > 0 else { throw EvaluationError("a clip needs at least one picture", exitStatus: .dataError) }
        frames = min(images.count, count)
        self.cutFrames = cutFrames + images.count - frames
        self.images = images.prefix(count) + [RGBImage](repeating: last, count: max(count - images.count, 0))
        let (rows, padded) = try reader(audio, count)
        guard rows.count == count * ClipMaterial.rowCount else {
            throw EvaluationError("\(audio): \(rows.count) values do not make \(count) rows of sound; this is a bug", exitStatus: .software)
        }
        audioRows = rows
        paddedRows = padded
    }

    /// Values of one row: two channels of 96 frames with 64 mel bands.
    static let rowCount = 2 * 96 * 64
}
