import AuralCore
import AuralWire
import NIOCore
import Synchronization
import Testing

@testable import AuralService

@Suite struct InstancePublisherTests {
    /// A publisher with a client that keeps what it is sent. Masks of 16 by 16 cells.
    private final class Rig {
        private final class Records: Sendable {
            let list = Mutex<[ServerRecord]>([])
        }

        let hub = Hub()
        let publisher: InstancePublisher
        private let received = Records()
        private var sequence: UInt64 = 0

        init(minimumShare: Double = 0.01, clients: Int = 1) {
            publisher = InstancePublisher(hub: hub, settings: .init(minimumShare: minimumShare, graceNanoseconds: 150_000_000))
            hub.setClients(clients, wanting: [])
            hub.attach { [received] encoded in
                guard let record = try? ServerRecord(line: Array(encoded.bytes.readableBytesView)) else { return }
                received.list.withLock { $0.append(record) }
            }
        }

        /// What is sent for the next frame, 100 ms after the one before.
        func frame(_ logits: [Float]?, size: (width: Int, height: Int) = (64, 48)) throws -> [InstanceRecord] {
            sequence += 1
            let time = MonoTime(nanoseconds: Int64(sequence) * 100_000_000)
            let moment = InstancePublisher.Moment(sequence: sequence, time: time, maskSize: size)
            if let logits {
                try logits.withUnsafeBufferPointer { try publisher.publish($0, side: 16, at: moment) }
            } else {
                try publisher.publish(nil, side: 16, at: moment)
            }
            return taken()
        }

        func taken() -> [InstanceRecord] {
            received.list.withLock { list in
                defer { list = [] }
                return list.compactMap { if case .instance(let record) = $0 { record } else { nil } }
            }
        }
    }

    /// Cells of uneven height, so that enlarging interpolates something.
    private static func logits(_ boxes: [(x: ClosedRange<Int>, y: ClosedRange<Int>)]) -> [Float] {
        (0..<256).map { index in
            let (x, y) = (index % 16, index / 16)
            let height = Float(1 + index % 7) / 4
            return boxes.contains { $0.x.contains(x) && $0.y.contains(y) } ? height : -height
        }
    }

    private static func mask(_ logits: [Float], _ size: (width: Int, height: Int)) throws -> BinaryMask {
        try logits.withUnsafeBufferPointer {
            try RunLengthMask(logits: $0, logitsWidth: 16, logitsHeight: 16, width: size.width, height: size.height)
        }.decoded()
    }

    @Test("An instance begins, goes on, and ends when nothing is heard for the grace", .timeLimit(.minutes(5)))
    func life() throws {
        let rig = Rig()
        let logits = Self.logits([(1...4, 2...6)])
        let begin = try #require(try rig.frame(logits).first)
        #expect(begin.event == .begin && begin.number == 1 && begin.objectID == .sounding && begin.sequence == 1)
        #expect(begin.timeNanoseconds == 100_000_000 && begin.reason == nil)
        #expect(try begin.shape?.mask().decoded() == Self.mask(logits, (64, 48)))
        #expect(begin.shape?.size == [48, 64])
        let update = try rig.frame(logits, size: (16, 16))
        #expect(update.map(\.event) == [.update] && update.first?.number == 1)
        #expect(update.first?.shape?.boundingBox == PixelRectangle(x: 1, y: 2, width: 4, height: 5) && update.first?.shape?.area == 20)
        #expect(try rig.frame(nil).isEmpty)
        let end = InstanceRecord(number: 1, sequence: 4, time: MonoTime(nanoseconds: 400_000_000), reason: .init(rawValue: "silent"))
        #expect(try rig.frame(nil) == [end])
        #expect(try rig.frame(logits).first?.number == 2)
    }

    @Test("Each part has exactly its own pixels of the whole mask, at any size", arguments: [(16, 16), (64, 48), (100, 37), (9, 5), (640, 480)])
    func parts(width: Int, height: Int) throws {
        // The nearest that two parts can be: one row or column of cells between them.
        let boxes: [(x: ClosedRange<Int>, y: ClosedRange<Int>)] = [(0...5, 0...5), (7...12, 0...6), (0...5, 7...15), (8...15, 8...15)]
        let records = try Rig(minimumShare: 0).frame(Self.logits(boxes), size: (width, height))
        #expect(records.count == 4)
        let whole = try Self.mask(Self.logits(boxes), (width, height))
        var sum = [UInt8](repeating: 0, count: whole.pixels.count)
        for record in records {
            let part = try #require(try record.shape?.mask().decoded())
            #expect(part.area == record.shape?.area)
            for (index, pixel) in part.pixels.enumerated() { sum[index] += pixel }
        }
        #expect(sum == whole.pixels, "together they are the mask, and none has another's pixel")
        // The largest comes first; a part alone has the same pixels as beside the others.
        for (record, box) in zip(records, [boxes[3], boxes[2], boxes[1], boxes[0]]) {
            #expect(try record.shape?.mask().decoded() == Self.mask(Self.logits([box]), (width, height)))
        }
    }

    @Test("Parts that are smaller than the share of the frame are no instances")
    func small() throws {
        let logits = Self.logits([(0...3, 0...3), (8...10, 8...10), (14...14, 0...0)])
        #expect(try Rig(minimumShare: 0).frame(logits).count == 3)
        #expect(try Rig(minimumShare: 9 / 256).frame(logits).count == 2)
        #expect(try Rig(minimumShare: 9.5 / 256).frame(logits).count == 1)
        #expect(try Rig(minimumShare: 1).frame(logits).isEmpty)
    }

    @Test("What is forgotten ends on the newest frame; numbers go on while nobody listens")
    func reset() throws {
        let rig = Rig()
        let logits = Self.logits([(1...4, 2...6)])
        _ = try rig.frame(logits)
        rig.publisher.reset()
        let end = InstanceRecord(number: 1, sequence: 1, time: MonoTime(nanoseconds: 100_000_000), reason: .init(rawValue: "reset"))
        #expect(rig.taken() == [end])
        rig.hub.setClients(0, wanting: [])
        #expect(try rig.frame(logits).isEmpty)
        rig.hub.setClients(1, wanting: [])
        let next = try rig.frame(logits)
        #expect(next.map(\.event) == [.update] && next.first?.number == 2)
    }

    @Test("A mask size that is none is an error, and the next frame is as if it had not been")
    func wrongSize() throws {
        let rig = Rig()
        let logits = Self.logits([(1...4, 2...6)])
        #expect(throws: WireError.self) { try rig.frame(logits, size: (0, 3)) }
        let next = try rig.frame(logits)
        #expect(try next.first?.shape?.mask().decoded() == Self.mask(logits, (64, 48)))
    }

    @Test("Instances reach a client behind their frame, and one that does not want them gets none", .timeLimit(.minutes(5)))
    func socket() async throws {
        try await ServerFixture.withServer { fixture in
            let (all, frames) = (try RawClient(path: fixture.path), try RawClient(path: fixture.path))
            for client in [all, frames] { _ = try await client.next() }
            try frames.write("{\"verb\":\"subscribe\",\"want\":[\"frame\"]}\n")
            _ = try await frames.next()
            let publisher = InstancePublisher(hub: fixture.hub)
            for sequence in 0..<3 as Range<UInt64> {
                fixture.hub.publish(try fixture.frame(sequence))
                try Self.logits([(1...4, 2...6)]).withUnsafeBufferPointer {
                    try publisher.publish(
                        $0, side: 16, at: .init(sequence: sequence, time: MonoTime(nanoseconds: Int64(sequence)), maskSize: (16, 16)))
                }
                for client in [all, frames] {
                    guard case .frame(let frame) = try await client.next() else { throw RawClient.Failure(description: "no frame") }
                    #expect(frame.sequence == sequence)
                }
                guard case .instance(let record) = try await all.next() else { throw RawClient.Failure(description: "no instance") }
                #expect(record.sequence == sequence && record.event == (sequence == 0 ? .begin : .update))
            }
        }
    }
}
