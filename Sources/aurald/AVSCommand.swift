import ArgumentParser
import AuralInference
import AuralService
import Foundation

/// `aurald avs`: the sounding objects of one clip.
struct AVSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "avs",
        abstract: "Find the sounding objects of a clip, one frame a second, and write one record a line.",
        discussion: """
            The clip is a folder as AVSBench has them, frames/*.jpg or the pictures themselves, one a second, and audio.wav; or a video, of which \
            the picture in the middle of each second is taken, with --audio. A fuser takes a fixed number of seconds: shorter clips are filled up \
            with their last frame and second of sound, longer ones are cut. Either is said on standard error.

            Examples:
              aurald avs --model models/v1m --clip AVSBench/v1m/-0CXQWDf1hU_5 --masks masks
              aurald avs --model models/ref --clip clip.mp4 --audio clip.wav \\
                  --expression "the guitar on the left"
            """)

    @OptionGroup var options: ClipModelOptions

    @Option(help: ArgumentHelp("The clip: a folder or a video.", valueName: "path"), completion: .file())
    var clip: String

    @Option(help: ArgumentHelp("The clip's sound as WAV; without it audio.wav in the folder.", valueName: "file"), completion: .file())
    var audio: String?

    @Option(help: ArgumentHelp("What to look for, for models that take words (Ref-AVS).", valueName: "words"))
    var expression: String?

    @Option(help: ArgumentHelp("Where to write the records; - is standard output.", valueName: "file"), completion: .file())
    var output = "-"

    @Option(
        help: ArgumentHelp("Write the masks at the model's square as PNG into this folder; by default nowhere.", valueName: "folder"),
        completion: .directory)
    var masks: String?

    func run() throws {
        let (bundle, engine, clipFrames) = try options.bundleAndEngine()
        // Before the networks are loaded, which takes a while where they are large.
        let clip = try SoundingClip(path: clip, audio: audio, count: clipFrames)
        let segmenter = try options.clipSegmenter(bundle, engine)
        let folder = try masks.map { try MaskFolder($0, maskSide: segmenter.maskSide, imageSize: segmenter.imageSize) }
        let target = try OutputFile(output)
        let progress = ProgressLine("avs")
        let summary = try SoundingClipTracker(segmenter: segmenter, audioRows: ClipModelOptions.audioRows)
            .run(clip, expression: expression, masks: folder) {
                progress.show($0, segmenter.clipFrames)
            } write: {
                try target.write($0)
            }
        progress.finish()
        for note in summary.notes(of: clip) { FileHandle.standardError.write(Data("aurald: \(note)\n".utf8)) }
    }
}
