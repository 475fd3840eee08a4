import AuralCapture
import AuralCore
import AuralRecording
import AuralWire
import Foundation
import NIOCore
import Synchronization

/// Plays a recording through a pipeline: every frame that was segmented then, with its sound and with what clients had done.
package struct RecordingReplay {
    /// What was played.
    package struct Summary: Sendable, Equatable {
        /// Frames that were segmented.
        package var frames = 0
        /// Frames whose picture is missing or damaged.
        package var left = 0
    }

    private let pipeline: SegmentationPipeline
    private let clock: ReplayClock
    private let lines = Lines()
    private let pool = BytePool()

    /// What the hub sends, until it is fetched.
    private final class Lines: Sendable {
        let waiting = Mutex<[[UInt8]]>([])
    }

    /// Plays through `pipeline`, which publishes through `hub` and reads `clock`.
    package init(pipeline: SegmentationPipeline, hub: Hub, clock: ReplayClock) {
        self.pipeline = pipeline
        self.clock = clock
        hub.setClients(1, wanting: [.frame, .instance])
        hub.attach { [lines] encoded in
            let bytes = Array(encoded.bytes.readableBytesView)
            lines.waiting.withLock { $0.append(bytes) }
        }
    }

    /// Plays all frames.
    ///
    /// - Parameters:
    ///   - speed: so many times as fast as it was recorded; nil for as fast as it goes. No frame is left out.
    ///   - take: called with the line of each record, in order.
    /// - Throws: what the recording, the engine and `take` throw.
    package func run(_ recording: Recording, speed: Double?, take: ([UInt8]) throws -> Void) async throws -> Summary {
        var summary = Summary()
        let real = SystemTimeSource()
        var begun: (recorded: Int64, real: MonoTime)?
        for frame in RecordedFrames(recording) {
            let frame = try frame.get()
            guard let data = try frame.pictureData(), let picture = captured(frame, data) else {
                summary.left += 1
                continue
            }
            let time = MonoTime(nanoseconds: frame.record.timeNanoseconds)
            if frame.beginsSession {
                if begun != nil { _ = await pipeline.handle(Request(id: nil, verb: .reset, body: .reset), from: ClientID(0)) }
                begun = nil
            }
            try await prepare(frame)
            let start = begun ?? (frame.record.timeNanoseconds, real.now())
            begun = start
            if let speed {
                let due = Double(frame.record.timeNanoseconds.subtractingReportingOverflow(start.recorded).partialValue) / speed
                let wait = due - Double(real.now().nanoseconds(since: start.real))
                if wait > 0 { try await Task.sleep(for: .nanoseconds(Int64(min(wait, 9e18)))) }
            }
            clock.set(time)
            let isSegmented = try await pipeline.segment(
                Frame(
                    sequence: frame.record.sequence, time: time, timestampSource: frame.record.timestampSource ?? .device, content: .captured(picture)
                ))
            if isSegmented { summary.frames += 1 } else { summary.left += 1 }
            for request in frame.after {
                _ = await pipeline.handle(request.anonymous.naming(frame: frame.record.sequence), from: ClientID(0))
            }
            for line in lines.waiting.withLock({
                let all = $0; $0 = []; return all
            }) { try take(line) }
        }
        return summary
    }

    private func captured(_ frame: RecordedFrame, _ data: Data) -> CapturedPicture? {
        guard let size = frame.picture?.size, size.count == 2, (1...16_384).contains(size[0]), (1...16_384).contains(size[1]) else { return nil }
        let bytes = data.withUnsafeBytes { pool.copy($0) }
        return CapturedPicture(format: .mjpeg, width: size[1], height: size[0], bytesPerLine: 0, isFullRange: true, bytes: bytes)
    }

    /// Has everything done that took effect with the frame; at the beginning of a session also gives the objects that were followed before it.
    private func prepare(_ frame: RecordedFrame) async throws {
        var prompted: Set<ObjectID> = []
        for request in frame.before {
            guard let said = try request.prompt() else {
                _ = await pipeline.handle(request.anonymous, from: ClientID(0))
                continue
            }
            prompted.insert(said.object)
            await pipeline.prepare(said.object, said.prompt)
        }
        guard frame.beginsSession else { return }
        for object in frame.record.objects where object.kind == .prompt && object.area > 0 && !prompted.contains(object.objectID) {
            await pipeline.prepare(object.objectID, .mask(try object.mask().decoded()))
        }
    }
}

extension Request {
    /// The same for whichever source there is.
    fileprivate var anonymous: Request {
        var request = self
        request.source = nil
        return request
    }
}
