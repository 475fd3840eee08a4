import ArgumentParser
import AuralCore
import AuralInference
import AuralNetworks
import AuralService
import Foundation

/// `aurald evaluate`: a model's scores on a data set.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score a model on AVSBench or Ref-AVS as the papers do.",
        discussion: """
            Prints mJ, F and their mean in percent, and for Ref-AVS the null set's S, with and without the root. --json has the scores of every \
            clip. docs/evaluation.md says where the data sets are had and which figures to expect.

            Examples:
              aurald evaluate --model models/v1m --dataset avsbench --root AVSBench \\
                  --subset v1m
              aurald evaluate --model models/ref --dataset ref-avs --root REFAVS \\
                  --json scores.json
            """)

    @OptionGroup var options: ClipModelOptions

    @Option(
        help: ArgumentHelp(
            "The same weights imported with another --clip-frames, for clips of that length: AVSBench's v2 has clips of 5 and of 10.",
            valueName: "folder"), completion: .directory)
    var otherModel: String?

    @Flag(inversion: .prefixedNo, help: "With an online fuser: carry masks forward in SAM 2's memory.")
    var memory = true

    @Option(help: "The data set: avsbench or ref-avs.")
    var dataset: EvaluationDataset.Kind

    @Option(help: ArgumentHelp("The data set's folder, with metadata.csv.", valueName: "folder"), completion: .directory)
    var root: String

    @Option(help: "The part of AVSBench: v1s, v1m, or v2, which is all three together as in the paper.")
    var subset: AVSBench.Subset?

    @Option(help: "What the table's column split says; test means test_s, test_u and test_n of Ref-AVS.")
    var split = "test"

    @Option(help: ArgumentHelp("Only the first clips of each split; by default all.", valueName: "clips"))
    var limit: Int?

    @Option(help: "Which map becomes the mask: iou_select, first_index or iou_occ_select.")
    var decode = DecodeMode.bestIoU

    @Option(
        help: ArgumentHelp(
            "Write the masks at the model's square as PNG into this folder, a folder a clip; by default nowhere.", valueName: "folder"),
        completion: .directory)
    var masks: String?

    @Option(
        help: ArgumentHelp("Write the scores of data set and clips to this file; - is standard output, instead of the table.", valueName: "file"),
        completion: .file())
    var json: String?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit: give at least 1") }
        guard (subset != nil) == (dataset == .avsBench) else {
            throw ValidationError(dataset == .avsBench ? "--dataset avsbench needs --subset" : "--subset is for --dataset avsbench")
        }
    }

    func run() throws {
        let clips =
            try subset.map { try AVSBench.open(root: root, subset: $0, split: split, limit: limit) }
            ?? RefAVS.open(root: root, split: split, limit: limit)
        // Before the run, so that hours of work do not end in a file that cannot be written.
        let file = try json.map { try OutputFile($0) }
        let evaluator = try Evaluator(decode: decode, masks: masks, audioRows: ClipModelOptions.audioRows, segmenter: try segmenters())
        let progress = ProgressLine("evaluate")
        let report = try evaluator.run(clips) { progress.show($0, clips.clipCount, "\($0) of \(clips.clipCount) clips, now \($1)") }
        progress.finish()
        if let file {
            guard try file.write(text: try JSONText.document(report)) else { return }
        }
        if json != "-" { print(report.text, terminator: "") }
    }

    /// Gives the model for clips of so many frames. The `online` fuser takes any; of whole clips it is the other one for those of its own length. A fuser's T enters its arithmetic.
    private func segmenters() throws -> (Int) throws -> any ClipSegmenter {
        let (bundle, engine) = try options.options.bundleAndEngine()
        if bundle.manifest.fuser?.recipe.variant == .online {
            guard otherModel == nil else { throw EvaluationError("--other-model: the online fuser takes clips of any length", exitStatus: .usage) }
            let model = try options.load(bundle, engine)
            return { try OnlineClipSegmenter(model, clipFrames: $0, remembers: memory, options: options.soundOptions) }
        }
        guard memory else { throw EvaluationError("--no-memory is for the online fuser", exitStatus: .usage) }
        try options.requireClips(bundle)
        let first = try options.clipSegmenter(bundle, engine)
        guard let otherModel else { return { _ in first } }
        var other = options
        other.options.model = otherModel
        let (otherBundle, otherEngine, frames) = try other.bundleAndEngine()
        guard otherBundle.manifest.fuser?.source.sha256 == bundle.manifest.fuser?.source.sha256 else {
            throw EvaluationError("\(otherModel): not of the same fuser as \(options.options.model)", exitStatus: .usage)
        }
        let second = try other.clipSegmenter(otherBundle, otherEngine)
        return { $0 == frames ? second : first }
    }
}

extension EvaluationDataset.Kind: ExpressibleByArgument {}
extension AVSBench.Subset: ExpressibleByArgument {}
extension DecodeMode: ExpressibleByArgument {}
