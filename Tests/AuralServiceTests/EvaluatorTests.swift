import AuralCore
import Foundation
import Testing

@testable import AuralService

/// Whole evaluations with a model that always finds the left half: beside a label of the left half that scores IoU 1 and F 1, beside an empty
/// one IoU ½ (half the square is rightly outside), beside a full one IoU ½ and F 1 (at threshold 0 all is chosen).
@Suite struct EvaluatorTests {
    private func bench(_ clips: [[EvaluationFixture.Area]], frames: Int? = nil) throws -> EvaluationFixture {
        let fixture = try EvaluationFixture()
        try fixture.write("uid,split,label\n" + clips.indices.map { "clip\($0),test,v1m\n" }.joined(), to: "metadata.csv")
        for (index, labels) in clips.enumerated() { try fixture.avsClip("v1m/clip\(index)", labels: labels, frames: frames) }
        return fixture
    }

    private func evaluate(
        _ data: EvaluationDataset, _ segmenter: FakeClipSegmenter = FakeClipSegmenter(), decode: DecodeMode = .bestIoU, short: String? = nil
    ) throws -> EvaluationReport {
        try Evaluator(decode: decode, audioRows: FakeClipSegmenter.rows(short: short)) { _ in segmenter }.run(data) { _, _ in }
    }

    private func near(_ one: Double?, _ other: Double) -> Bool { abs((one ?? .nan) - other) < 1e-6 }

    @Test("in AVSBench each clip is a batch, and one without foreground counts 0 in F")
    func avsBench() throws {
        let half = [EvaluationFixture.Area](repeating: .leftHalf, count: 5)
        let fixture = try bench([half, [.everything, .nothing, .nothing, .nothing, .nothing], [.nothing, .nothing, .nothing, .nothing, .nothing]])
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test")
        var seen: [String] = []
        let report = try Evaluator(decode: .bestIoU, audioRows: FakeClipSegmenter.rows()) { _ in FakeClipSegmenter() }
            .run(data) { seen.append("\($0) \($1)") }
        #expect(seen == ["0 v1m/clip0", "1 v1m/clip1", "2 v1m/clip2"])
        let split = report.splits[0]
        #expect(split.batches == 3)
        #expect(near(split.scores?.meanIoU, (1 + 0.5 + 0.5) / 3))
        #expect(near(split.scores?.fScore, 2.0 / 3))
        #expect(near(split.scores?.mean, 2.0 / 3))
        #expect(split.null == nil)
        #expect(split.clips.map(\.framesWithForeground) == [5, 1, 0])
        #expect(near(split.clips[1].scores?.meanIoU, 0.5))
        #expect(report.imageSize == 16)
        #expect(report.mix == nil)
        #expect(report.notes == [])
    }

    @Test("a short clip is filled up with its last frame, which is not scored; a long one is cut; both are said")
    func lengths() throws {
        // Frames beyond the third would be scored ½, as would the labels of those that are cut.
        let fixture = try bench([[.leftHalf, .leftHalf, .leftHalf], [.leftHalf, .leftHalf, .leftHalf, .leftHalf, .leftHalf, .nothing, .nothing]])
        let segmenter = FakeClipSegmenter()
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test", limit: 2)
        let report = try evaluate(data, segmenter, short: "clip0")
        let clips = report.splits[0].clips
        #expect(clips.map(\.frames) == [3, 5])
        #expect(clips.map(\.paddedFrames) == [2, 0])
        #expect(clips.map(\.paddedAudioRows) == [2, 0])
        #expect(clips.map(\.cutFrames) == [0, 2])
        #expect(near(report.splits[0].scores?.meanIoU, 1))
        #expect(report.notes.count == 3)
        #expect(report.text.contains("1 of 2 clips have fewer frames"))
        #expect(report.text.contains("1 of 2 clips have fewer seconds of sound"))
        #expect(report.text.contains("1 of 2 clips have more frames"))
    }

    @Test("the three ways to choose a map")
    func decoding() throws {
        let fixture = try bench([[.leftHalf, .leftHalf, .leftHalf, .leftHalf, .leftHalf]])
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test")
        let absent = FakeClipSegmenter()
        absent.objectScore = -0.1
        #expect(near(try evaluate(data, absent).splits[0].scores?.meanIoU, 1))
        // The first map has nothing; its F comes from threshold 0, P = ½ and R = 1.
        let first = try evaluate(data, decode: .first).splits[0].scores
        #expect(near(first?.meanIoU, 0))
        #expect(near(first?.fScore, 0.65 / 1.15))
        #expect(near(try evaluate(data, decode: .bestIoUWhereObject).splits[0].scores?.meanIoU, 1))
        #expect(near(try evaluate(data, absent, decode: .bestIoUWhereObject).splits[0].scores?.meanIoU, 0))
        absent.objectScore = 0
        #expect(near(try evaluate(data, absent, decode: .bestIoUWhereObject).splits[0].scores?.meanIoU, 1))
    }

    @Test("v2 has models for clips of 5 and of 10 seconds, each made once")
    func union() throws {
        let fixture = try EvaluationFixture()
        try fixture.write("uid,split,label\na,test,v2\nb,test,v2\nc,test,v1s\nd,test,v1m\n", to: "metadata.csv")
        for folder in ["v2/a", "v2/b", "v1s/c", "v1m/d"] { try fixture.avsClip(folder, labels: [.leftHalf]) }
        var made: [Int] = []
        let evaluator = try Evaluator(decode: .bestIoU, audioRows: FakeClipSegmenter.rows()) {
            made.append($0)
            return FakeClipSegmenter(frames: $0)
        }
        let report = try evaluator.run(try AVSBench.open(root: fixture.root, subset: .v2, split: "test")) { _, _ in }
        #expect(made == [5, 10])
        #expect(report.splits[0].clips.map(\.paddedFrames) == [4, 4, 9, 9])
    }

    @Test("a picture that cannot be decoded is named with its row")
    func broken() throws {
        let fixture = try bench([[.leftHalf], [.leftHalf]])
        try fixture.write("no picture", to: "v1m/clip1/labels_rgb/0.png")
        let error = #expect(throws: EvaluationError.self) {
            _ = try evaluate(try AVSBench.open(root: fixture.root, subset: .v1m, split: "test"))
        }
        #expect(error?.description.contains("metadata.csv: line 3: \(fixture.root)/v1m/clip1/labels_rgb/0.png") == true)
        #expect(error?.exitStatus == .dataError)
    }

    @Test("a model that needs words is of no use for AVSBench, and one that takes none for Ref-AVS")
    func words() throws {
        let fixture = try bench([[.leftHalf]])
        let error = #expect(throws: EvaluationError.self) {
            _ = try evaluate(
                try AVSBench.open(root: fixture.root, subset: .v1m, split: "test"), FakeClipSegmenter(frames: 10, takesExpression: true))
        }
        #expect(error?.exitStatus == .usage)
    }

    @Test("a model that leaves frames out or gives one twice is a bug", arguments: [[0, 1, 2, 3], [0, 1, 2, 3, 3], [0, 1, 2, 3, 4, 5]])
    func order(_ order: [Int]) throws {
        let fixture = try bench([[.leftHalf, .leftHalf, .leftHalf, .leftHalf, .leftHalf]])
        let segmenter = FakeClipSegmenter(frames: 6)
        segmenter.order = order
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test")
        if order == [0, 1, 2, 3, 4, 5] {
            #expect(near(try evaluate(data, segmenter).splits[0].scores?.meanIoU, 1))
        } else {
            #expect(throws: EvaluationError.self) { _ = try evaluate(data, segmenter) }
        }
    }
}
