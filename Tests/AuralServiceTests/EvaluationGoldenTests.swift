import AuralCore
import Foundation
import Testing

@testable import AuralService

/// The scores of made-up masks, beside those that tools/golden/make-scores.py computes in the plainest way with NumPy.
@Suite struct EvaluationGoldenTests {
    private struct Table: Decodable {
        struct Case: Decodable {
            let name: String
            let biases: [Double?]
            let ious: [Double]
            let foreground: [Int]
            let maxima: [Double]
            let mj: Double
            let f: Double
        }

        let side: Int
        let thresholds: [Double]
        let cases: [Case]
    }

    private static func table() throws -> Table {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/scores.json")
        return try JSONDecoder().decode(Table.self, from: try Data(contentsOf: path))
    }

    private static func frame(_ name: String, _ index: Int, _ bias: Double?, side: Int) throws -> FrameScore {
        var (logit, label) = (SplitMix64(seedName: "scores/\(name)/\(index)"), SplitMix64(seedName: "labels/\(name)/\(index)"))
        let logits = (0..<side * side).map { _ in Float(8 * logit.unit()) }
        let values = logits.map { value -> UInt8 in
            let level = Double(value) + 4 * label.unit()
            return bias.map { level > $0 ? 1 : 0 } ?? 0
        }
        let mask = try #require(LabelMask(side: side, values: values))
        return try #require(FrameScore(logits: logits, label: mask))
    }

    @Test("thresholds, overlaps, F-scores and foreground are NumPy's")
    func scores() throws {
        let table = try Self.table()
        #expect(ThresholdCurve.thresholds.map(Double.init) == table.thresholds)
        #expect(table.cases.count == 5)
        for reference in table.cases {
            let frames = try reference.biases.enumerated().map { try Self.frame(reference.name, $0.offset, $0.element, side: table.side) }
            for (frame, iou) in zip(frames, reference.ious) { #expect(abs(Double(frame.iou ?? -1) - iou) < 1e-6, "\(reference.name)") }
            #expect(frames.map(\.foreground) == reference.foreground)
            let maxima = frames.compactMap { $0.curve?.max() }
            #expect(maxima.count == reference.maxima.count)
            for (maximum, expected) in zip(maxima, reference.maxima) { #expect(abs(Double(maximum) - expected) < 1e-6, "\(reference.name)") }
            let batch = BatchScore(frames)
            #expect(abs(batch.meanIoU - reference.mj) < 1e-6, "\(reference.name)")
            #expect(abs(batch.fScore - reference.f) < 1e-6, "\(reference.name)")
        }
    }
}
