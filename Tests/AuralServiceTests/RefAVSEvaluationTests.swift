import AuralCore
import Foundation
import Testing

@testable import AuralService

@Suite struct RefAVSEvaluationTests {
    /// Six expressions of test_s, one of test_u, two of test_n, for clips of two frames. The model finds the left half.
    private func fixture() throws -> EvaluationFixture {
        let fixture = try EvaluationFixture()
        var table = "vid,uid,split,fid,exp\n"
        // Five good ones, then one whose label is empty: batches of four and of two.
        for index in 0..<6 {
            table += "v\(index),v\(index)_0_1,test_s,1,thing \(index)\n"
            try fixture.media("v\(index)")
            try fixture.masks("v\(index)", 1, index == 5 ? [.nothing, .nothing] : [.leftHalf, .leftHalf])
        }
        table += "u,u_0_1,test_u,1,other\nnull_v0,v0_null_1,test_n,0,no such thing\nnull_dark,dark_null_1,test_n,0,nothing\n"
        try fixture.media("u")
        try fixture.masks("u", 1, [.nothing, .nothing])
        for index in 0..<2 { try fixture.picture("media/dark/frames/\(index).png", .nothing) }
        try fixture.sound("media/dark/audio.wav")
        try fixture.write(table, to: "metadata.csv")
        return fixture
    }

    private func near(_ one: Double?, _ other: Double) -> Bool { abs((one ?? .nan) - other) < 1e-6 }

    private func report(_ fixture: EvaluationFixture, limit: Int? = nil) throws -> (EvaluationReport, FakeClipSegmenter) {
        let segmenter = FakeClipSegmenter(frames: 10, takesExpression: true)
        segmenter.order = [5, 0, 1, 2, 3, 4, 6, 7, 8, 9]
        let evaluator = try Evaluator(decode: .bestIoU, audioRows: FakeClipSegmenter.rows()) { _ in segmenter }
        return (try evaluator.run(try RefAVS.open(root: fixture.root, split: "test", limit: limit)) { _, _ in }, segmenter)
    }

    @Test("four expressions are a batch, the last smaller one weighs the same; mix is the mean of seen and unseen")
    func scores() throws {
        let (report, segmenter) = try report(try fixture())
        let seen = report.splits[0]
        #expect(seen.clips.map(\.batch) == [0, 0, 0, 0, 1, 1])
        #expect(seen.batches == 2)
        // Batch 0: all 1. Batch 1: two frames of 1 and two of ½, F of those with foreground 1. The mean over clips would be 11/12.
        #expect(near(seen.scores?.meanIoU, (1 + 0.75) / 2))
        #expect(near(seen.scores?.fScore, 1))
        // The clip by itself has no foreground, so no F.
        #expect(near(seen.clips[5].scores?.fScore, 0))
        let unseen = report.splits[1]
        #expect(near(unseen.scores?.meanIoU, 0.5))
        #expect(near(unseen.scores?.fScore, 0))
        #expect(near(report.mix?.meanIoU, (0.875 + 0.5) / 2))
        #expect(near(report.mix?.fScore, 0.5))
        #expect(near(report.mix?.mean, (0.6875 + 0.5) / 2))
        // Half of the first clip, nothing of the second: a quarter of all pixels.
        let null = report.splits[2]
        #expect(null.scores == nil)
        #expect(null.null?.ratio == 0.25)
        #expect(null.null?.root == 0.5)
        #expect(null.clips.map { $0.null?.ratio } == [0.5, 0])
        #expect(null.clips.map(\.batch) == [nil, nil])
        #expect(segmenter.expressions == (0..<6).map { "thing \($0)" } + ["other", "no such thing", "nothing"])
    }

    @Test("the table names seen, unseen, mix and null, and says when it is of a part")
    func text() throws {
        let lines = try report(try fixture(), limit: 1).0.text.split(separator: "\n").map(String.init)
        #expect(lines[0].split(separator: " ").map(String.init) == ["clips", "mJ", "F", "J&F", "S", "sqrt", "S"])
        #expect(lines[1].split(separator: " ").map(String.init) == ["seen", "(test_s)", "1", "100.00", "100.00", "100.00", "-", "-"])
        #expect(lines[2].split(separator: " ").map(String.init) == ["unseen", "(test_u)", "1", "50.00", "0.00", "25.00", "-", "-"])
        #expect(lines[3].split(separator: " ").map(String.init) == ["null", "(test_n)", "1", "-", "-", "-", "0.5000", "0.7071"])
        #expect(lines[4].split(separator: " ").map(String.init) == ["mix", "(seen,", "unseen)", "75.00", "50.00", "62.50", "-", "-"])
        #expect(lines[5] == "only the first 1 of 6 clips of test_s (--limit): these are not the data set's scores")
        #expect(lines[6] == "only the first 1 of 2 clips of test_n (--limit): these are not the data set's scores")
        #expect(lines[7] == "3 of 3 clips have fewer frames than the model takes: the last one was repeated (24 in all)")
    }

    @Test("the JSON has the scores of the splits and of every clip")
    func json() throws {
        let data = try JSONEncoder().encode(try report(try fixture(), limit: 5).0)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["dataset"] as? String == "ref-avs")
        #expect(object["decode"] as? String == "iou_select")
        #expect(object["image_size"] as? Int == 16)
        #expect(object["is_partial"] as? Bool == true)
        #expect(object["subset"] == nil)
        #expect((object["mix"] as? [String: Double])?.keys.sorted() == ["f", "j_and_f", "mj"])
        let splits = try #require(object["splits"] as? [[String: Any]])
        #expect(splits.map { $0["available"] as? Int } == [6, 1, 2])
        #expect((splits[2]["null"] as? [String: Double])?["s"] == 0.25)
        #expect((splits[2]["null"] as? [String: Double])?["s_sqrt"] == 0.5)
        let clip = try #require((splits[0]["clips"] as? [[String: Any]])?.first)
        #expect(clip["name"] as? String == "v0_0_1")
        #expect(clip["row"] as? Int == 2)
        #expect(clip["expression"] as? String == "thing 0")
        #expect(clip["batch"] as? Int == 0)
        #expect(clip["frames"] as? Int == 2)
        #expect(clip["frames_with_foreground"] as? Int == 2)
        #expect(clip["padded_frames"] as? Int == 8)
        #expect(clip["padded_audio_rows"] as? Int == 0)
        #expect(clip["cut_frames"] as? Int == 0)
        #expect((clip["scores"] as? [String: Double])?["f"] == 1)
    }
}
