import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Testing

@testable import AuralService

@Suite struct SoundingClipTests {
    private func clip(_ fixture: EvaluationFixture, frames: Int, folder: String = "clip/frames") throws -> String {
        for index in 0..<frames { try fixture.picture("\(folder)/\(index).png", .leftHalf, colour: (UInt8(index + 1), 0, 0), width: 32) }
        try fixture.sound("clip/audio.wav")
        return "\(fixture.root)/clip"
    }

    private func run(
        _ clip: SoundingClip, _ segmenter: FakeClipSegmenter, expression: String? = nil, masks: MaskFolder? = nil, short: String? = nil
    ) throws -> ([FrameRecord], SoundingClipTracker.Summary) {
        var records: [FrameRecord] = []
        let tracker = SoundingClipTracker(segmenter: segmenter, audioRows: FakeClipSegmenter.rows(short: short))
        let summary = try tracker.run(clip, expression: expression, masks: masks) { _ in
        } write: {
            guard case .frame(let record) = try ServerRecord(line: Array($0.dropLast())) else { return }
            records.append(record)
        }
        return (records, summary)
    }

    @Test("a folder has one picture a second, in frames or by itself", arguments: ["clip/frames", "clip"])
    func folder(_ folder: String) throws {
        let fixture = try EvaluationFixture()
        let clip = try SoundingClip(path: try clip(fixture, frames: 3, folder: folder), audio: nil, count: 5)
        #expect(clip.images.map { $0.bytes[0] } == [1, 2, 3])
        #expect(clip.times == [0, 1_000_000_000, 2_000_000_000])
        #expect(clip.audio == "\(fixture.root)/clip/audio.wav")
        #expect(!clip.isCut)
    }

    @Test("no more seconds are taken than asked for", arguments: [(3, false), (2, true)])
    func cut(_ count: Int, _ isCut: Bool) throws {
        let fixture = try EvaluationFixture()
        let clip = try SoundingClip(path: try clip(fixture, frames: 3), audio: nil, count: count)
        #expect(clip.images.count == count)
        #expect(clip.isCut == isCut)
    }

    /// A Y4M file of grey pictures, each a level lighter than the one before.
    private func video(_ fixture: EvaluationFixture, frames: Int, rate: String) throws -> String {
        let picture = { (level: Int) in Array("FRAME\n".utf8) + [UInt8](repeating: UInt8(level), count: 16) + [UInt8](repeating: 128, count: 8) }
        let bytes = Array("YUV4MPEG2 W4 H4 F\(rate) C420jpeg\n".utf8) + (0..<frames).flatMap { picture(100 + $0) }
        try fixture.write("", to: "v.y4m")
        try Data(bytes).write(to: URL(filePath: "\(fixture.root)/v.y4m"))
        return "\(fixture.root)/v.y4m"
    }

    @Test(
        "of a video the picture in the middle of each second is taken",
        arguments: [
            // At 4 a second the pictures 2, 6 and 10 begin at 0.5, 1.5 and 2.5 s. At 5 a second picture 2 is shown from 0.4 to 0.6 s.
            ("4:1", 12, 5, [2, 6, 10], false), ("5:1", 13, 5, [2, 7, 12], false), ("4:1", 12, 2, [2, 6], true),
            // A picture that is shown for two seconds stands for both.
            ("1:2", 2, 5, [0, 0, 1, 1], false), ("1:1", 1, 5, [0], false), ("4:1", 2, 5, [], false),
        ] as [(String, Int, Int, [Int], Bool)])
    func video(_ rate: String, _ frames: Int, _ count: Int, _ numbers: [Int], _ isCut: Bool) throws {
        let fixture = try EvaluationFixture()
        let path = try video(fixture, frames: frames, rate: rate)
        try fixture.sound("s.wav")
        guard !numbers.isEmpty else {
            let error = #expect(throws: EvaluationError.self) { _ = try SoundingClip(path: path, audio: "\(fixture.root)/s.wav", count: count) }
            #expect(error?.description.contains("shorter than half a second") == true)
            return
        }
        let clip = try SoundingClip(path: path, audio: "\(fixture.root)/s.wav", count: count)
        let reader = try FrameReaders.open(path, pool: ImagePool())
        var pictures: [UInt8] = []
        while let picture = try reader.next() { pictures.append(picture.bytes[0]) }
        #expect(clip.images.map { $0.bytes[0] } == numbers.map { pictures[$0] })
        #expect(clip.isCut == isCut)
        #expect(throws: EvaluationError.self) { _ = try SoundingClip(path: path, audio: nil, count: count) }
    }

    @Test("pictures or sound that are missing are named")
    func missing() throws {
        let fixture = try EvaluationFixture()
        let path = try clip(fixture, frames: 1)
        for (folder, audio, name) in [("\(fixture.root)/none", nil, "none"), (path, "\(fixture.root)/no.wav" as String?, "no.wav")] {
            let error = #expect(throws: EvaluationError.self) { _ = try SoundingClip(path: folder, audio: audio, count: 5) }
            #expect(error?.description.contains("\(name): not there") == true)
            #expect(error?.exitStatus == .noInput)
        }
    }

    @Test("one record a frame, in clip order though the model begins in the middle, of object 0 at the picture's size")
    func records() throws {
        let fixture = try EvaluationFixture()
        let segmenter = FakeClipSegmenter()
        segmenter.order = [2, 0, 1, 3, 4]
        let clip = try SoundingClip(path: try clip(fixture, frames: 5), audio: nil, count: 5)
        let (records, summary) = try run(clip, segmenter)
        #expect(summary == SoundingClipTracker.Summary(frames: 5, paddedFrames: 0, paddedAudioRows: 0))
        #expect(summary.notes(of: clip) == ["5 frames"])
        #expect(records.map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(records.map(\.timeNanoseconds) == (0..<5).map { $0 * 1_000_000_000 })
        for record in records {
            #expect(record.size == [16, 32])
            #expect(record.audio?.rmsDBFS == -120)
            #expect(record.objects.count == 1)
            let object = try #require(record.objects.first)
            #expect(object.objectID == ObjectID(0))
            #expect(object.kind == .sounding)
            #expect(object.score == 0.9526)
            #expect(object.iou == 0.9)
            #expect(object.size == [16, 32])
            #expect(object.boundingBox == PixelRectangle(x: 0, y: 0, width: 16, height: 16))
        }
    }

    @Test("a clip that is too short is padded for the model, and only its own frames are written")
    func short() throws {
        let fixture = try EvaluationFixture()
        let segmenter = FakeClipSegmenter()
        let clip = try SoundingClip(path: try clip(fixture, frames: 3), audio: nil, count: 5)
        let (records, summary) = try run(clip, segmenter, short: "clip")
        #expect(records.map(\.sequence) == [0, 1, 2])
        #expect(segmenter.firstPixels == [[1, 2, 3, 3, 3]])
        #expect(summary == SoundingClipTracker.Summary(frames: 3, paddedFrames: 2, paddedAudioRows: 2))
        #expect(summary.notes(of: clip).count == 3)
    }

    @Test("masks are written at the model's square")
    func masks() throws {
        let fixture = try EvaluationFixture()
        let clip = try SoundingClip(path: try clip(fixture, frames: 2), audio: nil, count: 5)
        let path = "\(fixture.root)/masks/of/clip"
        _ = try run(clip, FakeClipSegmenter(), masks: try MaskFolder(path, maskSide: 4, imageSize: 16))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["mask_0.png", "mask_1.png"])
        let picture = try ImageDecoder().decode(file: "\(path)/mask_1.png", pool: ImagePool())
        #expect((picture.width, picture.height) == (16, 16))
        let left = (0..<16 * 16 * 3).map { UInt8($0 % 48 < 24 ? 255 : 0) }
        #expect(Array(picture.bytes) == left)
        #expect(throws: EvaluationError.self) { _ = try MaskFolder("\(fixture.root)/clip/audio.wav", maskSide: 4, imageSize: 16) }
    }

    @Test("words are needed by models that take some, and refused by others", arguments: [(true, nil), (false, "the dog")] as [(Bool, String?)])
    func words(_ takes: Bool, _ expression: String?) throws {
        let fixture = try EvaluationFixture()
        let clip = try SoundingClip(path: try clip(fixture, frames: 1), audio: nil, count: 5)
        let error = #expect(throws: EvaluationError.self) {
            _ = try run(clip, FakeClipSegmenter(takesExpression: takes), expression: expression)
        }
        #expect(error?.exitStatus == .usage)
    }
}
