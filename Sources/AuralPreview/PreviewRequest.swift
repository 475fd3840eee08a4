import AuralService
import AuralWire
import Foundation

/// A request of the page, which is one of the protocol: the same verbs, the same answers.
enum PreviewRequest {
    /// The daemon's answer to a body, as one line of JSON.
    static func answer(_ body: Data, _ link: PreviewLink) async -> Data {
        guard body.count <= WireProtocol.maximumLineLength else { return Data(RequestParser.tooLong.encoded()) }
        switch RequestParser.parse(Array(body)) {
        case .failure(let error): return Data(error.encoded())
        case .success(let request):
            if case .subscribe = request.body {
                return Data(ErrorRecord(.badRequest, "verb: the page subscribes by itself", id: request.id).encoded())
            }
            do {
                var reply = try await link.send(request)
                reply.id = request.id
                return Data(reply.encoded())
            } catch var error as ErrorRecord {
                error.id = request.id
                return Data(error.encoded())
            } catch {
                return Data(ErrorRecord(.shuttingDown, "\(error)", id: request.id).encoded())
            }
        }
    }
}
