import AuralCore
import Foundation
import Testing

@testable import AuralService

@Suite struct EvaluationDatasetTests {
    private static let header = "vid,uid,s_min,s_max,a_obj,split,label\n"

    /// Two clips of v1m and one of each other part; one row belongs to training.
    private func bench() throws -> EvaluationFixture {
        let fixture = try EvaluationFixture()
        try fixture.write(
            Self.header + "x,a_5000,0,5,dog,test,v1m\ny,b_1,0,5,\"cat, dog\",test,v2\nz,c,0,5,car,train,v1m\n"
                + "q,d,0,5,car,test,v1s\nr,e,0,5,car,test,v1m\n",
            to: "metadata.csv")
        try fixture.avsClip("v1m/a_5000", labels: [.leftHalf, .leftHalf], prefix: "a_5000_")
        try fixture.avsClip("v1m/e", labels: [.nothing])
        try fixture.avsClip("v1s/d", labels: [.leftHalf])
        try fixture.avsClip("v2/b_1", labels: [.leftHalf])
        return fixture
    }

    private func failure(
        _ status: AuralCore.ExitStatus, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: EvaluationError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error?.exitStatus == status, sourceLocation: sourceLocation)
        for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation) }
    }

    @Test("the clips of a subset's split, with their files in order")
    func subset() throws {
        let fixture = try bench()
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test")
        #expect(data.splits.count == 1)
        let split = data.splits[0]
        #expect(split.clips.map(\.name) == ["v1m/a_5000", "v1m/e"])
        #expect(split.clips.map(\.row) == [2, 6])
        #expect(split.batchSize == 1)
        #expect(split.clips[0].frames == (0..<2).map { "\(fixture.root)/v1m/a_5000/frames/a_5000_\($0).png" })
        #expect(split.clips[0].labels == (0..<2).map { "\(fixture.root)/v1m/a_5000/labels_rgb/a_5000_\($0).png" })
        #expect(split.clips[0].audio == "\(fixture.root)/v1m/a_5000/audio.wav")
        #expect(split.clips[0].seconds == 5)
        #expect(split.clips[0].rule == .anyLevel)
        #expect(!data.isPartial)
        #expect(try AVSBench.open(root: fixture.root, subset: .v1s, split: "test").splits[0].clips[0].rule == .whiteStays)
    }

    @Test("v2 is the union of all three parts, in the official order")
    func union() throws {
        let fixture = try bench()
        let clips = try AVSBench.open(root: fixture.root, subset: .v2, split: "test").splits[0].clips
        #expect(clips.map(\.name) == ["v1s/d", "v1m/a_5000", "v1m/e", "v2/b_1"])
        #expect(clips.map(\.seconds) == [5, 5, 5, 10])
        #expect(clips.allSatisfy { $0.rule == .anyLevel })
    }

    @Test("the table may lie in avss_index, as the official code has it")
    func index() throws {
        let fixture = try bench()
        try FileManager.default.createDirectory(atPath: "\(fixture.root)/avss_index", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(fixture.root)/metadata.csv", toPath: "\(fixture.root)/avss_index/metadata.csv")
        #expect(try AVSBench.open(root: fixture.root, subset: .v1m, split: "test").clipCount == 2)
    }

    @Test("a limit leaves clips out, also broken ones, and is remembered")
    func limit() throws {
        let fixture = try bench()
        try fixture.remove("v1m/e")
        let data = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test", limit: 1)
        #expect(data.clipCount == 1)
        #expect(data.isPartial)
        #expect(data.splits[0].available == 2)
    }

    @Test("pictures are ordered by the number after the last underscore, not by their letters")
    func order() throws {
        let fixture = try EvaluationFixture()
        for name in ["x_10", "x_9", "y_2"] { try fixture.picture("f/\(name).png", .nothing) }
        try fixture.write("no picture", to: "f/notes.txt")
        try fixture.write("no picture either", to: "f/._x_3.png")
        #expect(try NumberedPictures.list("\(fixture.root)/f").map { URL(filePath: $0).lastPathComponent } == ["y_2.png", "x_9.png", "x_10.png"])
        try fixture.picture("f/z_09.png", .nothing)
        failure(.dataError, ["x_9.png and z_09.png", "same number"]) { _ = try NumberedPictures.list("\(fixture.root)/f") }
        try fixture.picture("g/x_a.png", .nothing)
        failure(.dataError, ["g/x_a.png", "no number"]) { _ = try NumberedPictures.list("\(fixture.root)/g") }
        try fixture.picture("h/99999999999999999999.png", .nothing)
        failure(.dataError, ["no number"]) { _ = try NumberedPictures.list("\(fixture.root)/h") }
    }

    @Test(
        "what is missing is named, with the row that asks for it",
        arguments: [
            ("v1m/e/frames", ["line 6", "v1m/e/frames: not there"], AuralCore.ExitStatus.noInput),
            ("v1m/e/frames/0.png", ["line 6", "v1m/e/frames: no pictures"], .noInput),
            ("v1m/e/labels_rgb", ["line 6", "v1m/e/labels_rgb"], .noInput),
            ("v1m/a_5000/labels_rgb/a_5000_0.png", ["line 2", "labels_rgb: 1 labels for 2 pictures"], .dataError),
            ("v1m/a_5000/audio.wav", ["line 2", "v1m/a_5000/audio.wav: not there"], .noInput),
            ("metadata.csv", ["metadata.csv: not there"], .noInput),
        ])
    func missing(_ path: String, _ words: [String], _ status: AuralCore.ExitStatus) throws {
        let fixture = try bench()
        try fixture.remove(path)
        failure(status, words) { _ = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test") }
    }

    @Test("a split or column that the table does not have, and names that lead elsewhere")
    func table() throws {
        let fixture = try bench()
        failure(.usage, ["no rows of split val", "test, train"]) { _ = try AVSBench.open(root: fixture.root, subset: .v1m, split: "val") }
        failure(.usage, ["split train", "label v1s"]) { _ = try AVSBench.open(root: fixture.root, subset: .v1s, split: "train") }
        try fixture.write("uid,split\na,test\n", to: "metadata.csv")
        failure(.dataError, ["no column named label"]) { _ = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test") }
        for uid in ["../v1m/e", "..", "", "/etc"] {
            try fixture.write("uid,split,label\n\(uid),test,v1m\n", to: "metadata.csv")
            failure(.dataError, ["line 2", "column uid"]) { _ = try AVSBench.open(root: fixture.root, subset: .v1m, split: "test") }
        }
    }

    @Test("Ref-AVS has three test splits, of which the null one has no masks and its clips by another name")
    func refAVS() throws {
        let fixture = try EvaluationFixture()
        try fixture.write(
            "vid,uid,split,fid,exp\nv1,v1_0_10,test_s,1,\"the dog, left\"\nv1,v1_1_11,test_s,2,the cat\n"
                + "v_2,v_2_0_1,test_u,7,it\nnull_v1,v1_null_3,test_n,0,the car\nv9,v9_0_1,train,1,x\n",
            to: "metadata.csv")
        try fixture.media("v1")
        try fixture.media("v_2")
        try fixture.masks("v1", 1, [.leftHalf, .leftHalf])
        try fixture.masks("v1", 2, [.leftHalf, .nothing])
        try fixture.masks("v_2", 7, [.leftHalf, .leftHalf])
        let data = try RefAVS.open(root: fixture.root, split: "test")
        #expect(data.splits.map(\.name) == ["test_s", "test_u", "test_n"])
        #expect(data.splits.map(\.isNull) == [false, false, true])
        #expect(data.splits.map(\.batchSize) == [4, 4, 4])
        let seen = data.splits[0].clips
        #expect(seen.map(\.expression) == ["the dog, left", "the cat"])
        #expect(seen[1].labels == (0..<2).map { "\(fixture.root)/gt_mask/v1/fid_2/0000\($0).png" })
        #expect(seen[1].frames == (0..<2).map { "\(fixture.root)/media/v1/frames/\($0).png" })
        let null = data.splits[2].clips[0]
        #expect(null.name == "v1_null_3")
        #expect(null.frames.first == "\(fixture.root)/media/v1/frames/0.png")
        #expect(null.audio == "\(fixture.root)/media/v1/audio.wav")
        #expect(null.labels == [])
        #expect(try RefAVS.open(root: fixture.root, split: "test_u").splits.map(\.name) == ["test_u"])
        #expect(try RefAVS.open(root: fixture.root, split: "test_s", limit: 1).splits[0].available == 2)
        try fixture.remove("gt_mask/v1/fid_2")
        failure(.noInput, ["line 3", "gt_mask/v1/fid_2"]) { _ = try RefAVS.open(root: fixture.root, split: "test") }
        try fixture.write("vid,uid,split,fid,exp\nv1,v1_0,test_n,1,x\n", to: "metadata.csv")
        failure(.dataError, ["line 2", "column uid"]) { _ = try RefAVS.open(root: fixture.root, split: "test_n") }
        try fixture.write("vid,uid,split,fid,exp\nv1,v1_0_1,test_s,1,\n", to: "metadata.csv")
        failure(.dataError, ["line 2", "column exp"]) { _ = try RefAVS.open(root: fixture.root, split: "test_s") }
    }
}
