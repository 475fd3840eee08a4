import AuralCore
import AuralService
import AuralWire
import Foundation
import Logging
import Testing

extension EndToEnd {
    @Suite struct InstanceTests {
        /// A server that plays the daemon: what it sends, a test says.
        private struct Script: RequestHandler {
            func handle(_ request: Request, from client: ClientID) async -> Reply { .done(ReplyRecord(id: nil, verb: request.verb)) }
        }

        private static func records() throws -> (frame: FrameRecord, instances: [InstanceRecord]) {
            let time = MonoTime(nanoseconds: 5)
            let logits: [Float] = [-1, 1, 1, -1]
            var encoder = RunLengthEncoder()
            try logits.withUnsafeBufferPointer { try encoder.encode(logits: $0, logitsWidth: 4, logitsHeight: 1, width: 4, height: 1) }
            let shape = InstanceRecord.Shape(encoder: encoder)
            let object = FrameObject(objectID: .sounding, kind: .sounding, score: 1, iou: 0.5, encoder: encoder)
            let frame = FrameRecord(sequence: 3, time: time, latencyMilliseconds: 2, size: [1, 4], objects: [object])
            return (
                frame,
                [
                    InstanceRecord(number: 7, isNew: true, sequence: 2, time: time, shape: shape),
                    InstanceRecord(number: 7, isNew: false, sequence: 2, time: time, shape: shape),
                    InstanceRecord(number: 7, sequence: 2, time: time, reason: .init(rawValue: "silent")),
                ]
            )
        }

        /// What `watch` prints of these records.
        private static func watched(_ arguments: [String], _ output: AuraldProcess.Stream) async throws -> AuraldProcess.Outcome {
            let hub = Hub()
            let server = SocketServer(
                settings: .init(path: Fixtures.path("s")), identity: ServerIdentity(version: "test", source: "test"), hub: hub, handler: Script(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let path = try await server.start()
            do {
                let process = try AuraldProcess(["watch", "--socket", path, "--count", "1"] + arguments, output: output)
                // Its hello: from then on it gets what is published.
                _ = await process.output.next()
                let (frame, instances) = try records()
                for instance in instances { hub.publish(instance) }
                hub.publish(frame)
                let outcome = await process.finish()
                await server.shutDown()
                return outcome
            } catch {
                await server.shutDown()
                throw error
            }
        }

        @Test("On a terminal, watch tells of instances and of the sounding object", .timeLimit(.minutes(4)))
        func terminal() async throws {
            let outcome = try await Self.watched([], .terminal)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.output.split(separator: "\r\n").dropFirst() == [
                    "instance 7 begins: area 2 box 1,0 2x1", "instance 7 goes on: area 2 box 1,0 2x1", "instance 7 ends: silent",
                    "frame      3      2.0 ms  sounding score 1.00 iou 0.50 area 2 box 1,0 2x1",
                ])
        }

        @Test("As JSON, watch passes instances on as they are", .timeLimit(.minutes(4)))
        func plain() async throws {
            let outcome = try await Self.watched(["--json"], .pipe)
            let (frame, instances) = try Self.records()
            let expected = instances.map { $0.encoded() } + [frame.encoded()]
            #expect(outcome.lines.dropFirst().map { Array($0.utf8) + [10] } == expected)
        }
    }
}
