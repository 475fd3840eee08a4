import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Testing

@testable import AuralRecording

@Suite struct RecordingTests {
    private func with(_ body: (String) throws -> Void) throws {
        let folder = Samples.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func frames(_ folder: String) throws -> [RecordedFrame] { try RecordedFrames(try Recording(path: folder)).map { try $0.get() } }

    @Test("what was written is read again: frames, pictures, sound, and requests at the frames on which they took effect")
    func roundTrip() throws {
        try with { folder in
            let writer = try Samples.writer(folder, RecordingLimits(segmentSeconds: 0.45, freeBytes: 0))
            writer.describe(model: "tiny", engine: "none")
            let box = BoxPrompt(left: 0, top: 0, right: 1, bottom: 1)
            let early = RequestRecord(sequence: 3, object: ObjectID(1), prompt: .points([], box: box, replacing: true))
            let late = RequestRecord(sequence: 3, request: Request(id: 9, verb: .removeObject, body: .removeObject(ObjectID(7))))
            try writer.take(Samples.hello())
            try writer.take(.request(try #require(early)))
            try writer.take(.frame(try Samples.frame(3)))
            try writer.take(Samples.picture(3))
            try writer.take(Samples.sound(3))
            try writer.take(.request(late))
            try Samples.write(4..<10, to: writer)
            try writer.take(.frame(try Samples.frame(10)))
            try writer.end()

            let recording = try Recording(path: folder)
            #expect(recording.segments.map(\.index.frames) == [5, 3] && recording.frameCount == 8)
            #expect(recording.segments.allSatisfy { $0.index.isComplete && $0.index.model == "tiny" && $0.index.aurald == "1.2.3" })
            let all = try frames(folder)
            #expect(try all.map(\.record.sequence) == Array(3...10) && all[0].record == Samples.frame(3))
            #expect(try all.map { try $0.pictureData() } == (3..<10).map { Data("picture \($0)".utf8) } + [nil])
            #expect(all.map(\.beginsSession) == [true] + [Bool](repeating: false, count: 7))
            #expect(all[0].before == [try #require(early).request] && all[0].after.map(\.verb) == [.removeObject] && all[0].after[0].id == nil)

            let tracks = try RecordedTrack.tracks(of: recording)
            try #require(tracks.count == 1)
            #expect(tracks[0].sampleCount == 7 * 800 && tracks[0].sample(at: Samples.time(5)) == 1600)
            let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 1000)
            defer { memory.deallocate() }
            // Over the border of the segments.
            #expect(try tracks[0].read(from: 3500, into: [memory]) == 1000)
            #expect(memory.enumerated().allSatisfy { $0.element == Float(2400 + 3500 + $0.offset) / 32_768 })
        }
    }

    @Test("a recorder that was killed leaves everything up to its last flush, whatever lies behind that")
    func killed() throws {
        try with { folder in
            let writer = try Samples.writer(folder)
            try writer.take(Samples.hello())
            try Samples.write(0..<5, to: writer)
            try writer.flush()
            try Samples.write(5..<7, to: writer)
            let segment = try #require(try Recording(path: folder).segments.first)
            #expect(!segment.index.isComplete)
            let file = try #require(FileHandle(forWritingAtPath: "\(segment.folder)/records.ndjson"))
            try file.seekToEnd()
            try file.write(contentsOf: Data("{\"type\":\"fra".utf8))
            #expect(try frames(folder).map(\.record.sequence) == [0, 1, 2, 3, 4])
            #expect(try WAVReader(path: try #require(segment.soundPath)).sampleCount == 4000)
            // Another recorder goes on behind it.
            let second = try Samples.writer(folder)
            try second.take(Samples.hello())
            try Samples.write(20..<22, to: second)
            try second.end()
            #expect(try frames(folder).map(\.record.sequence) == [0, 1, 2, 3, 4, 20, 21])
        }
    }

    @Test("another boot and numbers that go back begin a new session, and another microphone a new track")
    func sessions() throws {
        try with { folder in
            let writer = try Samples.writer(folder)
            try writer.take(Samples.hello())
            try Samples.write(5..<7, to: writer)
            try writer.take(Samples.hello())
            try Samples.write(7..<8, to: writer)
            try writer.take(Samples.hello())
            try Samples.write(2..<3, to: writer)
            try writer.take(Samples.hello(boot: "other"))
            try Samples.write(9..<10, to: writer)
            try writer.take(.frame(try Samples.frame(10)))
            try writer.take(Samples.sound(10, rate: 16_000))
            try writer.end()
            #expect(try frames(folder).map(\.beginsSession) == [true, false, false, true, true, false])
            let tracks = try RecordedTrack.tracks(of: try Recording(path: folder))
            #expect(tracks.map(\.sampleRate) == [8000, 8000, 8000, 16_000] && tracks[0].sampleCount == 2400)
        }
    }

    @Test("lost sound is silence where it is short, and a new segment where it is long")
    func gaps() throws {
        try with { folder in
            let writer = try Samples.writer(folder)
            try writer.take(Samples.hello())
            try writer.take(.frame(try Samples.frame(0)))
            try writer.take(Samples.sound(0, first: 0))
            try writer.take(Samples.sound(1, first: 1600))
            #expect(Recording.isWritten(folder) == false)
            try writer.take(Samples.sound(2, first: 1_000_000))
            try writer.take(Samples.sound(3, first: 0))
            try writer.end()
            let recording = try Recording(path: folder)
            #expect(recording.segments.compactMap { $0.index.sound?.samples } == [2400, 800, 800])
            let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2400)
            defer { memory.deallocate() }
            let track = try #require(try RecordedTrack.tracks(of: recording).first)
            _ = try track.read(from: 0, into: [memory])
            #expect(memory[800..<1600].allSatisfy { $0 == 0 } && memory[1601] != 0)
        }
    }

    @Test("old segments go, and nothing else that lies in the folder")
    func removal() throws {
        try with { folder in
            let writer = try Samples.writer(folder, RecordingLimits(segmentSeconds: 0.15, maximumBytes: 1, freeBytes: 0))
            let foreign = ["notes", "000009-holidays"]
            for name in foreign { try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true) }
            try writer.take(Samples.hello())
            try Samples.write(0..<6, to: writer)
            try writer.flush()
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(left.count == 3 && foreign.allSatisfy(left.contains), "\(left)")
            try writer.end()
            #expect(try frames(folder).map(\.record.sequence) == [4, 5])
        }
    }

    @Test("a disk without room is an error that says what to do, before and while it is written")
    func full() throws {
        try with { folder in
            let error = #expect(throws: RecordingError.self) { try Samples.writer(folder, RecordingLimits(freeBytes: .max)) }
            #expect(error?.code == .diskFull && error?.exitStatus == .inputOutput && error?.description.contains("--keep-free") == true)
            #expect(RecordingError.system(ENOSPC, path: "x").code == .diskFull && RecordingError.system(EROFS, path: "x").exitStatus == .cannotCreate)
        }
    }

    @Test("what is no recording, or a damaged one, is an error and never the end", .timeLimit(.minutes(5)))
    func damaged() throws {
        try with { folder in
            #expect(throws: RecordingError.self) { try Recording(path: folder) }
            let writer = try Samples.writer(folder)
            try writer.take(Samples.hello())
            try Samples.write(0..<3, to: writer)
            try writer.end()
            let segment = try #require(try Recording(path: folder).segments.first)
            var random = SplitMix64(seed: 20_261_121)
            for name in ["index.json", "records.ndjson", "frames.mjpg", "audio.wav"] {
                let path = "\(segment.folder)/\(name)"
                let whole = try Data(contentsOf: URL(filePath: path))
                for _ in 0..<120 {
                    var bytes = whole
                    switch random.next() % 3 {
                    case 0: bytes = bytes.prefix(Int(random.next() % UInt64(bytes.count)))
                    case 1: bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                    default: bytes.replaceSubrange(bytes.startIndex..<(bytes.startIndex + 1), with: Array("-99999999999999999999".utf8))
                    }
                    try bytes.write(to: URL(filePath: path))
                    guard let recording = try? Recording(path: segment.folder) else { continue }
                    for frame in RecordedFrames(recording) { _ = try? frame.get().pictureData() }
                    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 100)
                    defer { memory.deallocate() }
                    for track in (try? RecordedTrack.tracks(of: recording)) ?? [] {
                        _ = track.sample(at: Samples.time(1))
                        if track.channelCount == 1 { _ = try? track.read(from: 10, into: [memory]) }
                    }
                }
                try whole.write(to: URL(filePath: path))
            }
            #expect(try frames(folder).count == 3)
        }
    }
}

extension Recording {
    /// Whether there is a segment with an index.
    fileprivate static func isWritten(_ folder: String) -> Bool { (try? Recording(path: folder)) != nil }
}
