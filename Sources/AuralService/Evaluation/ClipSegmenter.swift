import AuralCore

/// Masks of a whole clip by the paper's protocol: the sound of all its seconds is heard before the first frame is segmented.
package protocol ClipSegmenter: AnyObject {
    /// Side of the logit maps (image size / 4).
    var maskSide: Int { get }
    /// Side of the model's square, at which the metrics are computed.
    var imageSize: Int { get }
    /// Frames that a clip has for the fuser (T); one row of sound belongs to each.
    var clipFrames: Int { get }
    /// Whether words say which of the sounding objects is meant (Ref-AVS).
    var takesExpression: Bool { get }

    /// Segments one clip.
    ///
    /// - Parameters:
    ///   - images: T pictures in clip order, of any size.
    ///   - audioRows: log-mel of T seconds, [T, 2, 96, 64] row-major.
    ///   - expression: the words, where the model takes some.
    ///   - frame: called once for each frame, in the order in which they are processed, with its index in the clip.
    func segment(_ images: [RGBImage], audioRows: [Float], expression: String?, frame: (Int, ClipFrameResult) throws -> Void) throws
}

/// What the mask decoder said of one frame of a clip.
package struct ClipFrameResult: Sendable, Equatable {
    /// Three maps of mask logits, maskSide² each, above zero inside.
    package var logits: [[Float]]
    /// The quality (intersection over union) that is predicted for each of the three.
    package var ious: [Float]
    /// The map that went into the memory: the first with the highest predicted quality.
    package var best: Int
    /// The logit of "there is an object".
    package var objectScore: Float

    /// A frame's result.
    package init(logits: [[Float]], ious: [Float], best: Int, objectScore: Float) {
        self.logits = logits
        self.ious = ious
        self.best = best
        self.objectScore = objectScore
    }
}

/// Reads the sound of a clip: the path of a WAV file and T in, log-mel [T, 2, 96, 64] out, with the number of rows at the end that
/// repeat the last real one because the file is too short.
package typealias AudioRowReader = (_ path: String, _ frames: Int) throws -> (rows: [Float], padded: Int)
