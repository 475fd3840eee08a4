import AuralCapture
import AuralCore
import AuralInference
import AuralTesting
import AuralTracking
import AuralWire
import Foundation
import Logging
import NIOCore
import Testing

@testable import AuralService

@Suite struct HearingPipelineTests {
    /// A dark clip with a few white frames.
    private final class FlashReader: FrameReader {
        let width = 64
        let height = 48
        let frameCount: Int?
        let frameDurationNanoseconds: Int64
        private let flash: Range<Int>
        private var position = 0

        init(frames: Int, duration: Int64, flash: Range<Int>) {
            frameCount = frames
            frameDurationNanoseconds = duration
            self.flash = flash
        }

        func next() throws(CaptureError) -> RGBImage? {
            guard position < frameCount ?? 0, let image = RGBImage(width: width, height: height) else { return nil }
            let value: UInt8 = flash.contains(position) ? 255 : 0
            for index in image.bytes.indices { image.bytes[index] = value }
            position += 1
            return image
        }

        func rewind() throws(CaptureError) { position = 0 }
    }

    /// Plays a clip with sound through a pipeline that computes no networks; every frame's record.
    private func play(_ reader: sending FlashReader, sound: String) async throws -> [FrameRecord] {
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        let model = try SegmentationModel(bundle, engine: RehearsalEngine(milliseconds: 0), precision: .float32)
        let hub = Hub()
        let clip = try ClipSound(path: sound, frameDurationNanoseconds: reader.frameDurationNanoseconds, frameCount: reader.frameCount)
        let (records, continuation) = AsyncStream<FrameRecord>.makeStream()
        hub.setClients(1, wanting: [])
        hub.attach { encoded in
            guard case .frame(let record)? = try? ServerRecord(line: Array(encoded.bytes.readableBytesView)) else { return }
            continuation.yield(record)
        }
        let prompt = Prompt.points([PointPrompt(x: 0.5, y: 0.5, isPositive: true)], box: nil, replacing: true)
        let segmenter = try FrameSegmenter(model, options: TrackerOptions(), maskSize: .frame)
        let pipeline = try SegmentationPipeline(
            segmenter: segmenter, sound: clip, hub: hub, prompts: [(ObjectID(1), prompt)],
            description: .init(model: "m", engine: "e", version: "1", source: "clip"), logger: LineSink().logger())
        let mailbox = FrameMailbox(pressure: .wait)
        let source = ReplaySource(reader, into: mailbox, pacer: UnpacedPacer())
        source.start()
        try await pipeline.run(mailbox)
        continuation.finish()
        return await records.reduce(into: []) { $0.append($1) }
    }

    @Test(
        "a flash and a beep of the same instant are told as such, and the first frame after it sounds", .timeLimit(.minutes(5)),
        arguments: [(30, 33, 48_000), (25, 10, 44_100), (24, 40, 16_000)])
    func flashAndBeep(framesPerSecond: Int, flash: Int, rate: Int) async throws {
        let count = flash + framesPerSecond
        // The first sample that is taken at the flash's frame or later.
        let onset = (flash * rate + framesPerSecond - 1) / framesPerSecond
        let duration = Int64(1_000_000_000 / framesPerSecond)
        let length = count * rate / framesPerSecond
        let beep = ClipSoundTests.beep(from: onset, to: length, of: length)
        let path = NSTemporaryDirectory() + "aurald-\(UUID().uuidString).wav"
        try ClipSoundTests.withFile([beep, beep], rate: rate) { try FileManager.default.copyItem(atPath: $0, toPath: path) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let records = try await play(FlashReader(frames: count, duration: duration, flash: flash..<(flash + 3)), sound: path)
        #expect(records.map(\.sequence) == (0..<UInt64(count)).map { $0 })
        let seen = try #require(records.first { ($0.objects.first?.area ?? 0) > 64 * 24 })
        #expect(seen.sequence == UInt64(flash))
        let seenAt = Double(seen.sequence) * Double(duration) / 1e9
        var instants: [Double] = []
        for record in records {
            let audio = try #require(record.audio)
            #expect(audio.isSounding == (record.sequence > seen.sequence), "frame \(record.sequence)")
            guard record.sequence > seen.sequence else { continue }
            // Of the second before the frame, so much has the beep's level, a quarter of full power.
            let time = Double(record.sequence) * Double(duration) / 1e9
            instants.append(time - min(time, 1) * pow(10, audio.rmsDBFS / 10) / 0.25)
        }
        #expect(instants.count == framesPerSecond - 1)
        let worst = instants.map { abs($0 - seenAt) }.max() ?? .infinity
        print("\(framesPerSecond) frames a second, \(rate) Hz: the beep is heard within \(worst * 1000) ms of the flash")
        #expect(worst < 0.020)
    }
}
