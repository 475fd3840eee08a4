import AuralCapture
import AuralCore
import AuralInference
import AuralNetworks
import AuralTesting
import AuralTracking
import AuralWire
import CTurboJPEG
import Foundation
import NIOCore
import Synchronization
import Testing

@testable import AuralService

@Suite struct SegmentationPipelineTests {
    /// What a test has heard: for each frame one answer after the other, the last of them again and again.
    private final class Sound: FrameSound {
        private let answers: Mutex<[[FrameRecord.Audio?]]>

        init(_ answers: [[FrameRecord.Audio?]]) { self.answers = Mutex(answers) }

        var hearing = Configuration.Hearing()

        func hear(_ frame: Frame, needsSegment: Bool) throws -> HeardSound? {
            try level(of: frame).map { HeardSound(audio: $0) }
        }

        func pieces(for frame: Frame) -> [SoundPiece] {
            [SoundPiece(first: 0, time: frame.time, rate: 8000, channels: 1, count: 1, stride: 1, [1 / 32_768 as Float].span)]
        }
        func forgetPieces() {}

        private func level(of frame: Frame) throws -> FrameRecord.Audio? {
            let number = Int(frame.sequence)
            return answers.withLock { answers in
                guard answers.indices.contains(number), let next = answers[number].first else { return nil }
                if answers[number].count > 1 { answers[number].removeFirst() }
                return next
            }
        }
    }

    /// A pipeline that runs, with everything that it tells.
    private final class Rig: Sendable {
        let hub = Hub()
        let log = LineSink()
        let metrics = DaemonMetrics(.init(version: "1", backend: "rehearsal", device: "cpu", video: "camera", audio: "microphone"))
        let mailbox = FrameMailbox(pressure: .wait)
        let progress = StageProgress(stage: "inference", maximumSilence: 1)
        let pipeline: SegmentationPipeline
        let records: AsyncStream<FrameRecord>

        convenience init(levels: [Double?]) throws {
            try self.init(heard: levels.map { level in [level.map { FrameRecord.Audio(rmsDBFS: $0, isSounding: true) }] })
        }

        init(heard: [[FrameRecord.Audio?]] = []) throws {
            let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
            let model = try SegmentationModel(bundle, engine: RehearsalEngine(milliseconds: 0), precision: .float32)
            let segmenter = try FrameSegmenter(model, options: TrackerOptions(), maskSize: .frame)
            pipeline = try SegmentationPipeline(
                segmenter: segmenter, sound: Sound(heard), hub: hub, prompts: [],
                description: .init(model: "m", engine: "e", version: "1", source: "camera"), logger: log.logger(), metrics: metrics,
                progress: progress)
            let (stream, continuation) = AsyncStream<FrameRecord>.makeStream()
            records = stream
            hub.setClients(1, wanting: [])
            hub.attach { encoded in
                guard case .frame(let record)? = try? ServerRecord(line: Array(encoded.bytes.readableBytesView)) else { return }
                continuation.yield(record)
            }
        }

        /// Runs the pipeline for the time of `body`.
        func run(_ body: (inout AsyncStream<FrameRecord>.Iterator) async throws -> Void) async throws {
            let task = Task { [pipeline, mailbox] in try await pipeline.run(mailbox) }
            var iterator = records.makeAsyncIterator()
            do {
                try await body(&iterator)
            } catch {
                mailbox.close()
                try await task.value
                throw error
            }
            mailbox.close()
            try await task.value
        }

        func click(_ object: Int) throws -> Request {
            let line = #"{"verb":"add_points","object_id":\#(object),"points":[[0.75,0.5]],"labels":[1]}"#
            return try RequestParser.parse(Array(line.utf8)).get()
        }

        /// A prompt, once it is in the queue.
        func prompt(_ object: Int, waiting count: Double = 1) async throws -> Task<Reply, Never> {
            let request = try click(object)
            let task = Task { [pipeline] in await pipeline.handle(request, from: ClientID(1)) }
            while metrics.queues[.prompts].value < count { await Task.yield() }
            return task
        }
    }

    private static let pool = BytePool()

    private static func frame(_ sequence: UInt64, _ bytes: [UInt8], width: Int = 1024, height: Int = 512) -> Frame {
        let picture = CapturedPicture(
            format: .mjpeg, width: width, height: height, bytesPerLine: 0, isFullRange: true, bytes: bytes.withUnsafeBytes { pool.copy($0) })
        return Frame(sequence: sequence, time: SystemTimeSource().now(), timestampSource: .device, content: .captured(picture))
    }

    /// A JPEG picture, dark on the left and bright on the right.
    private static func jpeg(_ width: Int = 1024, _ height: Int = 512) throws -> [UInt8] {
        let pixels = (0..<height).flatMap { _ in (0..<width).flatMap { x in [UInt8](repeating: x < width / 2 ? 20 : 230, count: 3) } }
        let handle = try #require(tjInitCompress())
        defer { tjDestroy(handle) }
        var result: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let status = tjCompress2(
            handle, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &result, &count, Int32(TJSAMP_422.rawValue), 95, 0)
        defer { tjFree(result) }
        try #require(status == 0)
        return Array(UnsafeBufferPointer(start: result, count: Int(count)))
    }

    @Test("a picture that is decoded at half its size gives records and masks of its own size", .timeLimit(.minutes(5)))
    func reduced() async throws {
        let rig = try Rig()
        try await rig.run { records in
            let reply = try await rig.prompt(1)
            rig.mailbox.offer(Self.frame(0, try Self.jpeg()))
            let record = try #require(await records.next())
            #expect(record.size == [512, 1024] && record.objects.count == 1)
            let object = try #require(record.objects.first)
            #expect(object.size == [512, 1024])
            let box = object.boundingBox
            for (value, expected) in zip([box.x, box.y, box.width, box.height], [512, 0, 512, 512]) { #expect(abs(value - expected) <= 8, "\(box)") }
            guard case .done(let done) = await reply.value else { throw RawClient.Failure(description: "no reply") }
            #expect(done.sequence == 0 && done.object?.size == [512, 1024])
            #expect(rig.metrics.stages[.decode].count == 1)
        }
    }

    @Test("broken pictures are counted, logged and skipped; prompts keep waiting for a good one", .timeLimit(.minutes(5)))
    func broken() async throws {
        let rig = try Rig()
        let good = try Self.jpeg()
        try await rig.run { records in
            rig.mailbox.offer(Self.frame(0, good))
            #expect(await records.next()?.sequence == 0)
            let reply = try await rig.prompt(1)
            rig.mailbox.offer(Self.frame(1, [0xFF, 0xD8, 0xFF, 0xD9]))
            rig.mailbox.offer(Self.frame(2, Array(good.prefix(20))))
            rig.mailbox.offer(Self.frame(3, try Self.jpeg(512, 512)))
            rig.mailbox.offer(Self.frame(4, good))
            #expect(await records.next()?.sequence == 4)
            guard case .done(let done) = await reply.value else { throw RawClient.Failure(description: "no reply") }
            #expect(done.sequence == 4)
            #expect(rig.metrics.video.framesDropped[.corrupt].value == 3 && rig.metrics.queues[.prompts].value == 0)
            let lines = rig.log.lines.filter { $0.hasPrefix("<4>frame cannot be decoded") }
            #expect(lines.count == 3 && lines.first?.contains("seq=1") == true && lines.last?.contains("seq=3") == true)
            let status = await rig.pipeline.handle(try RequestParser.parse(Array(#"{"verb":"status"}"#.utf8)).get(), from: ClientID(1))
            guard case .done(let report) = status else { throw RawClient.Failure(description: "no status") }
            #expect(report.status?.frames == 2 && report.status?.sequence == 4)
        }
    }

    @Test("frames that were dropped before a broken one are counted as well")
    func droppedBefore() async throws {
        let rig = try Rig()
        let mailbox = FrameMailbox(pressure: .live)
        for number in 0..<5 as Range<UInt64> { mailbox.offer(Self.frame(number, [0xFF, 0xD8])) }
        mailbox.close()
        try await rig.pipeline.run(mailbox)
        #expect(rig.metrics.video.framesDropped[.busy].value == 4 && rig.metrics.video.framesDropped[.corrupt].value == 1)
        #expect(rig.progress.activity == .disabled)
    }

    @Test("a prompt whose client is told that the daemon ends is answered, and does nothing", .timeLimit(.minutes(5)))
    func cancelled() async throws {
        let rig = try Rig()
        try await rig.run { records in
            let (first, second) = (try await rig.prompt(1), try await rig.prompt(2, waiting: 2))
            first.cancel()
            #expect(await first.value == .failed(ErrorRecord(.shuttingDown, "aurald is shutting down")))
            #expect(rig.metrics.queues[.prompts].value == 1)
            let early = Task { [pipeline = rig.pipeline, request = try rig.click(3)] in
                withUnsafeCurrentTask { $0?.cancel() }
                return await pipeline.handle(request, from: ClientID(2))
            }
            #expect(await early.value == .failed(ErrorRecord(.shuttingDown, "aurald is shutting down")))
            rig.mailbox.offer(Self.frame(0, try Self.jpeg()))
            #expect(await records.next()?.objects.map(\.objectID.rawValue) == [2])
            _ = await second.value
        }
    }

    @Test("a model that takes no words says so, and names what would", .timeLimit(.minutes(5)))
    func expression() async throws {
        let rig = try Rig()
        for expression in ["the barking dog", nil] {
            let request = Request(id: 4, verb: .setExpression, body: .setExpression(expression))
            guard case .failed(let error) = await rig.pipeline.handle(request, from: ClientID(1)) else {
                throw RawClient.Failure(description: "words were taken")
            }
            #expect(error.code == .unsupported && error.message.hasPrefix("expression: m takes no words; import a model with --text"))
        }
    }

    @Test("the level of each frame's second is in the metrics, silence where there is none", .timeLimit(.minutes(5)))
    func level() async throws {
        let rig = try Rig(levels: [-20, nil, -30])
        let picture = try Self.jpeg()
        #expect(rig.metrics.audio?.level.value == -120)
        try await rig.run { records in
            for (number, level) in [(0, -20.0), (1, -120), (2, -30)] as [(UInt64, Double)] {
                rig.mailbox.offer(Self.frame(number, picture))
                _ = await records.next()
                #expect(rig.metrics.audio?.level.value == level)
            }
        }
    }

    @Test("sound that is late is asked for again after the frame, and stays what it was where it has been forgotten", .timeLimit(.minutes(5)))
    func lateSound() async throws {
        let late = FrameRecord.Audio(rmsDBFS: -20, isSounding: true, lateMilliseconds: 5)
        let (whole, other) = (FrameRecord.Audio(rmsDBFS: -15, isSounding: true), FrameRecord.Audio(rmsDBFS: -99, isSounding: false))
        let rig = try Rig(heard: [[late, whole], [late, nil], [whole, other], [nil, whole], [nil]])
        let picture = try Self.jpeg()
        try await rig.run { records in
            for (number, expected) in ([whole, late, whole, whole, nil] as [FrameRecord.Audio?]).enumerated() {
                rig.mailbox.offer(Self.frame(UInt64(number), picture))
                #expect(await records.next()?.audio == expected)
            }
        }
    }

    @Test("objects and what is remembered of them are in the metrics, also between frames", .timeLimit(.minutes(5)))
    func memory() async throws {
        let rig = try Rig()
        let picture = try Self.jpeg()
        func bytes() -> Double { rig.metrics.bankBytes.value }
        try await rig.run { records in
            let reply = try await rig.prompt(1)
            rig.mailbox.offer(Self.frame(0, picture))
            _ = await records.next()
            _ = await reply.value
            let recipe = TestBundle.smallRecipe
            // A memory of 16 cells a side, and a pointer.
            let one = Double(4 * (16 * 16 * recipe.memoryWidth + recipe.modelWidth))
            #expect(rig.metrics.objects.value == 1 && rig.metrics.bankEntries.value == 1 && bytes() == one)
            for number in 1..<12 as Range<UInt64> {
                rig.mailbox.offer(Self.frame(number, picture))
                _ = await records.next()
            }
            // The conditioning frame and `memoryFrames` recent ones have memories, `maximumPointers` of them pointers.
            #expect(rig.metrics.bankEntries.value == Double(1 + recipe.maximumPointers))
            #expect(bytes() == Double(4 * ((1 + recipe.memoryFrames) * 256 * recipe.memoryWidth + (1 + recipe.maximumPointers) * recipe.modelWidth)))
            _ = await rig.pipeline.handle(try RequestParser.parse(Array(#"{"verb":"reset"}"#.utf8)).get(), from: ClientID(1))
            #expect(rig.metrics.objects.value == 0 && rig.metrics.bankEntries.value == 0 && bytes() == 0)
        }
    }

    @Test(
        "pictures and sound go out only while a client wants them, behind the frame that they belong to", .timeLimit(.minutes(5)),
        arguments: [false, true])
    func parts(areWanted: Bool) async throws {
        let rig = try Rig()
        let (stream, continuation) = AsyncStream<ServerRecord>.makeStream()
        rig.hub.setClients(1, wanting: areWanted ? [.frame, .picture, .sound] : [.frame])
        rig.hub.attach { encoded in
            guard let record = try? ServerRecord(line: Array(encoded.bytes.readableBytesView)) else { return }
            continuation.yield(record)
        }
        let jpeg = try Self.jpeg()
        let task = Task { try await rig.pipeline.run(rig.mailbox) }
        let mailbox = rig.mailbox
        try await blocking {
            for sequence in 0..<2 as Range<UInt64> { mailbox.offer(Self.frame(sequence, jpeg)) }
            mailbox.close()
        }
        try await task.value
        continuation.finish()
        var records: [ServerRecord] = []
        for await record in stream { records.append(record) }
        guard areWanted else {
            #expect(records.count == 2)
            return
        }
        try #require(records.count == 6)
        guard case .frame(let frame) = records[3], case .picture(let picture) = records[4], case .sound(let sound) = records[5] else {
            Issue.record("the second frame is not followed by its picture and its sound")
            return
        }
        #expect(frame.sequence == 1 && picture.sequence == 1 && picture.size == frame.size && picture.timeNanoseconds == frame.timeNanoseconds)
        #expect(picture.format == "jpeg" && picture.data.prefix(3) == Data([0xFF, 0xD8, 0xFF]))
        #expect(sound.sequence == 1 && sound.data == Data([1, 0]))
    }
}
