import Foundation
import Testing

/// Small data sets in the folders that AVSBench and Ref-AVS have, and what `aurald evaluate` writes of them.
enum DatasetFolder {
    /// The part of a report that tests look at.
    struct Report: Decodable {
        struct Scores: Decodable {
            var mj: Double
            var f: Double
            var j_and_f: Double
        }
        struct Null: Decodable {
            var s: Double
            var s_sqrt: Double
        }
        struct Clip: Decodable {
            var name: String
            var row: Int
            var expression: String?
            var frames: Int
            var frames_with_foreground: Int
            var scores: Scores?
            var null: Null?
            var padded_frames: Int
            var padded_audio_rows: Int
            var cut_frames: Int
        }
        struct Split: Decodable {
            var name: String
            var available: Int
            var batches: Int
            var scores: Scores?
            var null: Null?
            var clips: [Clip]
        }
        var dataset: String
        var image_size: Int
        var is_partial: Bool
        var splits: [Split]
        var mix: Scores?
    }

    /// A new folder with two clips of AVSBench's v1m, `one` and `two`, without labels.
    static func avsBench(frames: Int = 3, seconds: Double = 3) throws -> String {
        let root = Fixtures.path("AVSBench")
        for (number, name) in ["one", "two"].enumerated() {
            try ClipFolder.fill("\(root)/v1m/\(name)", frames: frames, from: 5 * number, sound: SoundFile(seconds: seconds).bytes)
        }
        try Data("uid,split,label\none,test,v1m\ntwo,test,v1m\nthree,train,v1m\n".utf8).write(to: URL(filePath: "\(root)/metadata.csv"))
        return root
    }

    /// A new folder with a seen, an unseen and a null expression of Ref-AVS over two clips, without labels.
    static func refAVS() throws -> String {
        let root = Fixtures.path("REFAVS")
        for (number, name) in ["dogs", "band"].enumerated() {
            try ClipFolder.fill("\(root)/media/\(name)", frames: 2, from: 5 * number, sound: SoundFile(seconds: 2).bytes)
        }
        let rows = ["vid,uid,fid,exp,split", "dogs,dogs_0_1,1,the dog,test_s", "band,band_0_1,2,\"the guitar, on the left\",test_u"]
        try Data((rows + ["-,dogs_9_9,-,the silent cat,test_n\n"]).joined(separator: "\n").utf8).write(to: URL(filePath: "\(root)/metadata.csv"))
        return root
    }

    /// The masks that `aurald avs` finds in a clip.
    static func masks(_ model: String, _ clip: String, _ more: [String] = []) async throws -> [[Bool]] {
        let folder = Fixtures.path("masks")
        let outcome = try await HearingModels.run("avs", on: model, ["--clip", clip, "--masks", folder] + more)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try (0..<outcome.lines.count).map { try ClipFolder.mask("\(folder)/mask_\($0).png") }
    }

    /// A label of which everything is known: the part of the square that is left of `column`.
    static func left(of column: Int) -> [Bool] { (0..<(256 * 256)).map { $0 % 256 < column } }

    /// J of one frame by its definition: the share of both in either, or of what is rightly left out where there is nothing to find.
    static func jaccard(_ mask: [Bool], _ label: [Bool]) -> Double {
        let pairs = zip(mask, label)
        guard label.contains(true) else { return Double(mask.count { !$0 }) / Double(mask.count) }
        return Double(pairs.count { $0 && $1 }) / Double(pairs.count { $0 || $1 })
    }

    /// F of one frame at the threshold that masks have.
    static func fScore(_ mask: [Bool], _ label: [Bool]) -> Double {
        let both = Double(zip(mask, label).count { $0 && $1 })
        let (precision, recall) = (both / Double(max(mask.count { $0 }, 1)), both / Double(max(label.count { $0 }, 1)))
        return both > 0 ? 1.3 * precision * recall / (0.3 * precision + recall) : 0
    }
}
