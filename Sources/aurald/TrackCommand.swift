import ArgumentParser
import AuralCapture
import AuralCore
import AuralInference
import AuralService
import AuralTracking
import Foundation

/// `aurald track`: masks for every frame of a clip.
struct TrackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track",
        abstract: "Track objects through a clip, every frame, and write one record a line.",
        discussion: """
            The clip is a folder of JPEG or PNG files, a Y4M or Motion-JPEG AVI file, or anything that ffmpeg reads.

            Prompts are JSON, coordinates from 0 to 1:
              [{"frame":0,"object_id":1,"points":[[0.5,0.4]],"labels":[1]},
               {"frame":0,"object_id":2,"box":[0.3,0.2,0.7,0.8]}]

            Examples:
              aurald track --model models/tiny-512 --video clip.avi \\
                  --prompt prompts.json --output masks.ndjson
              aurald track --model models/online --video clip.avi \\
                  --audio clip.wav --output masks.ndjson
            """)

    @OptionGroup var options: ModelOptions

    @Option(help: ArgumentHelp("The clip.", valueName: "path"), completion: .file())
    var video: String

    @Option(
        help: ArgumentHelp(
            "The clip's sound as WAV: records carry its level, and a model that hears finds what sounds, object 0.", valueName: "file"),
        completion: .file())
    var audio: String?

    @Option(help: ArgumentHelp("The prompts: a file, or the JSON itself. May be left out where a model hears.", valueName: "json"))
    var prompt: String?

    @Option(help: ArgumentHelp("Where to write the records; - is standard output.", valueName: "file"), completion: .file())
    var output = "-"

    @Flag(help: "Keep corrections as conditioning memories.")
    var conditionOnCorrections = false

    func run() throws {
        let script = try prompt.map { try PromptScript($0) } ?? .none
        let reader = try FrameReaders.open(video, pool: ImagePool())
        let sound = try audio.map {
            try ClipSound(path: $0, frameDurationNanoseconds: reader.frameDurationNanoseconds, frameCount: reader.frameCount)
        }
        let (bundle, engine) = try options.bundleAndEngine()
        guard prompt != nil || (sound != nil && bundle.manifest.fuser != nil) else {
            throw PromptScript.missing
        }
        let model = try SegmentationModel(
            bundle, engine: engine, precision: options.precision, poolsMemories: options.engine.poolMemories, usesWindows: options.engine.windows)
        let tracker = TrackerOptions(clipLength: reader.frameCount, conditionsOnCorrections: conditionOnCorrections)
        let segmenter = try FrameSegmenter(model, options: tracker, maskSize: .frame)
        let target = try OutputFile(output)
        let progress = ProgressLine("track")
        let frames = try ClipTracker(segmenter: segmenter, reader: reader, sound: sound).run(script) {
            progress.show($0, reader.frameCount)
        } write: {
            try target.write($0)
        }
        progress.finish()
        if !bundle.manifest.isTrained {
            FileHandle.standardError.write(Data("aurald: these weights are untrained, the masks mean nothing\n".utf8))
        }
        FileHandle.standardError.write(Data("aurald: \(frames) frames\n".utf8))
    }
}
