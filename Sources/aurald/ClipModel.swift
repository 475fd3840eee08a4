import ArgumentParser
import AuralCapture
import AuralCore
import AuralHearing
import AuralInference
import AuralNetworks
import AuralService
import AuralTracking
import Foundation

/// The model of the commands that segment whole clips.
struct ClipModelOptions: ParsableArguments {
    @OptionGroup var options: ModelOptions

    @Flag(inversion: .prefixedNo, help: "Let the fuser's sparse prompts reach the decoder.")
    var sparse = true

    @Flag(inversion: .prefixedNo, help: "Let the fuser's dense prompts reach the decoder.")
    var dense = true

    /// Which prompts the decoder is given.
    var soundOptions: SoundOptions { SoundOptions(usesSparse: sparse, usesDense: dense) }

    /// Opens the bundle and starts the engine for it; the networks are not loaded yet. Also says how many frames a clip has. Throws where the
    /// bundle has no fuser of whole clips.
    func bundleAndEngine() throws -> (ModelBundle, OpenVINOEngine, clipFrames: Int) {
        let (bundle, engine) = try options.bundleAndEngine()
        return (bundle, engine, try requireClips(bundle))
    }

    /// The model, loaded.
    func clipSegmenter(_ bundle: ModelBundle, _ engine: OpenVINOEngine) throws -> AVSClipSegmenter {
        try AVSClipSegmenter(load(bundle, engine), bundle, options: soundOptions)
    }

    /// Frames of a clip. Throws where the bundle has no fuser of whole clips.
    @discardableResult
    func requireClips(_ bundle: ModelBundle) throws -> Int {
        guard let fuser = bundle.manifest.fuser else {
            throw EvaluationError("\(options.model): this bundle has no fuser; import one with --fuser FILE", exitStatus: .usage)
        }
        guard fuser.recipe.variant == .auralsam2 else {
            throw EvaluationError(
                "\(options.model): its fuser is of the \(fuser.recipe.variant.rawValue) variant, which knows no clips; use aurald track or run",
                exitStatus: .usage)
        }
        return fuser.recipe.frames
    }

    /// The model, loaded; says so where it is untrained.
    func load(_ bundle: ModelBundle, _ engine: OpenVINOEngine) throws -> SegmentationModel {
        let model = try SegmentationModel(
            bundle, engine: engine, precision: options.precision, poolsMemories: options.engine.poolMemories, usesWindows: options.engine.windows)
        if !bundle.manifest.isTrained {
            FileHandle.standardError.write(Data("aurald: these weights are untrained, the masks mean nothing\n".utf8))
        }
        return model
    }

    /// The sound of a clip as the fuser takes it, see `AudioRowReader`.
    static func audioRows(_ path: String, _ frames: Int) throws -> (rows: [Float], padded: Int) {
        let reader = try WAVReader(path: path)
        do {
            let rows = try AudioRows(reader.samples(in: 0..<reader.sampleCount), rate: reader.sampleRate, count: frames)
            return (rows.logMel, rows.padded)
        } catch let error as HearingError {
            throw EvaluationError("\(path): \(error)", exitStatus: error.exitStatus)
        }
    }
}
