import AuralCore
import AuralService
import AuralWire
import Foundation
import Logging

/// A server on a socket in a folder of its own, for the length of a test.
struct ServerFixture: Sendable {
    let path: String
    let hub: Hub
    let handler: RecordingHandler
    let server: SocketServer

    init(path: String, maximumClients: Int = 64, maximumClientBytes: Int = 262_144, metrics: DaemonMetrics? = nil) {
        self.path = path
        hub = Hub()
        handler = RecordingHandler(hub: hub)
        server = SocketServer(
            settings: .init(path: path, maximumClients: maximumClients, maximumClientBytes: maximumClientBytes),
            identity: ServerIdentity(version: "test", source: "replay", bootID: "boot"), hub: hub, handler: handler,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
    }

    /// Runs `body` with a folder that is removed after it. Short, since a socket's path is.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = "/tmp/aurald-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        do {
            try await body(folder)
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    /// Runs `body` while a server listens.
    static func withServer(
        maximumClients: Int = 64, maximumClientBytes: Int = 262_144, metrics: DaemonMetrics? = nil, _ body: (ServerFixture) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let fixture = ServerFixture(
                path: "\(folder)/s", maximumClients: maximumClients, maximumClientBytes: maximumClientBytes, metrics: metrics)
            try await fixture.server.start()
            do {
                try await body(fixture)
                await fixture.server.shutDown()
            } catch {
                await fixture.server.shutDown()
                throw error
            }
        }
    }

    /// A frame whose record has about `bytes` bytes.
    func frame(_ sequence: UInt64, bytes: Int = 300) throws -> FrameRecord {
        let side = 2 * (bytes / 2)
        let mask = try RunLengthMask(height: 1, width: side, counts: [UInt32](repeating: 1, count: side))
        return FrameRecord(
            sequence: sequence, time: MonoTime(nanoseconds: Int64(sequence)), latencyMilliseconds: 1, size: [1, side],
            objects: [FrameObject(objectID: ObjectID(1), kind: .prompt, score: 1, iou: 1, mask: mask)])
    }
}
