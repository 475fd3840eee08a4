import AuralCore
import AuralService
import AuralWire
import Synchronization

/// Answers what a test says, and keeps what it was asked.
final class RecordingHandler: RequestHandler {
    private let requests = Mutex<[Request]>([])
    private let hub: Hub

    init(hub: Hub) {
        self.hub = hub
    }

    var received: [Request] { requests.withLock { $0 } }

    func handle(_ request: Request, from client: ClientID) async -> Reply {
        requests.withLock { $0.append(request) }
        switch request.body {
        case .points(let objectID, _, _, _, _):
            guard let mask = try? RunLengthMask(height: 2, width: 2, counts: [1, 2, 1]) else {
                return .failed(ErrorRecord(.internal, "the test's mask"))
            }
            let object = FrameObject(objectID: objectID, kind: .prompt, score: 1, iou: 0.5, mask: mask)
            return .done(ReplyRecord(id: nil, verb: request.verb, sequence: 3, object: object))
        case .removeObject(let objectID): return .failed(ErrorRecord(.noSuchObject, "there is no object \(objectID)"))
        case .status:
            let report = StatusReport(version: "test", uptimeSeconds: 1, model: "none", engine: "none", clients: hub.clientCount)
            return .done(ReplyRecord(id: nil, verb: .status, status: report))
        default: return .done(ReplyRecord(id: nil, verb: request.verb))
        }
    }
}
