import ArgumentParser
import AuralCore
import AuralInference
import AuralService

/// The model of the commands that segment whole clips.
extension ModelOptions {
    /// The model, loaded, for clips of so many seconds where its fuser leaves the choice. Throws where the bundle has no fuser of whole clips.
    func clipSegmenter(frames: Int) throws -> any ClipSegmenter {
        _ = try ModelBundle(directory: model)
        throw EvaluationError("\(model): this bundle has no fuser; import one with --fuser", exitStatus: .usage)
    }

    /// The sound of a clip as the fuser takes it, see `AudioRowReader`.
    static func audioRows(_ path: String, _ frames: Int) throws -> (rows: [Float], padded: Int) {
        throw EvaluationError("\(path): no fuser, so nothing to hear with", exitStatus: .usage)
    }
}
