import AuralCapture
import AuralCore
import AuralWire

/// Runs a model over a data set and scores what it finds, by the official code's rules.
package final class Evaluator {
    private let decode: DecodeMode
    private let masks: String?
    private let audioRows: AudioRowReader
    private let makeSegmenter: (Int) throws -> any ClipSegmenter
    private var segmenters: [Int: any ClipSegmenter] = [:]
    private var resizer: BilinearResizer?
    private let pool = ImagePool(capacity: 16)
    private let decoder: ImageDecoder

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - decode: which of three maps becomes the mask.
    ///   - masks: a folder for the masks, `CLIP/mask_0.png` and so on; nil for none.
    ///   - audioRows: reads the sound of clips.
    ///   - segmenter: makes the model for clips of so many seconds, once for each number (AVSBench v2 has clips of 5 and of 10). What it
    ///     makes says in `clipFrames` how many it takes in truth; clips are padded or cut to that.
    package init(
        decode: DecodeMode, masks: String? = nil, audioRows: @escaping AudioRowReader, segmenter: @escaping (Int) throws -> any ClipSegmenter
    ) throws {
        self.decode = decode
        self.masks = masks
        self.audioRows = audioRows
        makeSegmenter = segmenter
        decoder = try ImageDecoder()
    }

    /// Evaluates all clips. Throws at the first that cannot be read or segmented, with its place in the table.
    ///
    /// `progress` is called before each clip with the number of finished ones and the clip's name.
    package func run(_ dataset: EvaluationDataset, progress: (Int, String) -> Void) throws -> EvaluationReport {
        var done = 0
        var splits: [EvaluationReport.Split] = []
        for split in dataset.splits {
            var (score, clips, batch): (SplitScore, [EvaluationReport.Clip], [FrameScore]) = (SplitScore(), [], [])
            for (index, clip) in split.clips.enumerated() {
                progress(done, clip.name)
                let (frames, material) = try scores(clip)
                clips.append(EvaluationReport.Clip(clip, frames, material, batch: index / split.batchSize, isNull: split.isNull))
                done += 1
                if split.isNull {
                    frames.forEach { score.addNull($0) }
                } else {
                    batch += frames
                    guard (index + 1) % split.batchSize == 0 || index + 1 == split.clips.count else { continue }
                    score.add(BatchScore(batch))
                    batch.removeAll(keepingCapacity: true)
                }
            }
            splits.append(EvaluationReport.Split(split, score, clips))
        }
        return EvaluationReport(dataset, decode: decode, imageSize: resizer?.outputSide ?? 0, splits: splits)
    }

    private func scores(_ clip: EvaluationClip) throws -> ([FrameScore], ClipMaterial) {
        do {
            let segmenter = try segmenter(clip)
            let count = segmenter.clipFrames
            let pictures = try clip.frames.prefix(count).map { try decoder.decode(file: $0, pool: pool) }
            let material = try ClipMaterial(
                images: pictures, cutFrames: clip.frames.count - pictures.count, audio: clip.audio, count: count, reader: audioRows)
            let folder = try masks.map {
                try MaskFolder("\($0)/\(clip.name)", maskSide: segmenter.maskSide, imageSize: segmenter.imageSize)
            }
            var scores = [FrameScore?](repeating: nil, count: material.images.count)
            try segmenter.segment(material.images, audioRows: material.audioRows, expression: clip.expression) { index, result in
                guard scores.indices.contains(index), scores[index] == nil else {
                    throw EvaluationError("the model gave frame \(index) of \(scores.count) out of order; this is a bug", exitStatus: .software)
                }
                let logits = try decode.logits(of: result)
                if index < material.frames { try folder?.write(logits, index: index) }
                scores[index] = try score(index, of: clip, logits, segmenter)
            }
            // Frames that only fill up the clip have been segmented for the sake of the others, and are not scored.
            let real = scores.prefix(material.frames).compactMap { $0 }
            guard real.count == material.frames else {
                throw EvaluationError("the model gave \(real.count) of \(material.frames) frames; this is a bug", exitStatus: .software)
            }
            return (real, material)
        } catch {
            throw EvaluationError.wrap(error, of: clip.place)
        }
    }

    private func score(_ index: Int, of clip: EvaluationClip, _ logits: [Float], _ segmenter: any ClipSegmenter) throws -> FrameScore {
        if resizer?.inputSide != segmenter.maskSide || resizer?.outputSide != segmenter.imageSize {
            resizer = try BilinearResizer(inputSide: segmenter.maskSide, outputSide: segmenter.imageSize)
        }
        try resizer?.resize(logits)
        let square = resizer?.output ?? []
        guard clip.labels.indices.contains(index) else { return FrameScore(logits: square) }
        let label = LabelMask(try decoder.decode(file: clip.labels[index], pool: pool), side: segmenter.imageSize, rule: clip.rule)
        guard let score = FrameScore(logits: square, label: label) else {
            throw EvaluationError("the masks do not fill the model's square; this is a bug", exitStatus: .software)
        }
        return score
    }

    private func segmenter(_ clip: EvaluationClip) throws -> any ClipSegmenter {
        if let segmenter = segmenters[clip.seconds] { return segmenter }
        let segmenter = try makeSegmenter(clip.seconds)
        guard segmenter.takesExpression == (clip.expression != nil) else {
            throw EvaluationError(
                segmenter.takesExpression
                    ? "this model needs words, which only --dataset ref-avs has"
                    : "this model takes no words; --dataset ref-avs needs a Ref-AVS fuser",
                exitStatus: .usage)
        }
        segmenters[clip.seconds] = segmenter
        return segmenter
    }
}
