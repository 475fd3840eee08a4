import AuralCapture
import AuralClient
import AuralCore
import AuralWire
import Glibc

/// Finds out what is at a socket's path, without changing anything.
struct SocketExamination {
    private static let patience = Duration.seconds(2)

    private let tree: any DeviceTree

    init(_ tree: any DeviceTree) {
        self.tree = tree
    }

    /// What there is.
    func state(of path: String) async -> DoctorFacts.Socket {
        do throws(SocketError) { _ = try UnixAddress(path: path) } catch { return .impossible(error.description) }
        guard let status = tree.status(of: path) else { return Self.folderState(of: path, tree) }
        guard status.kind == .socket else { return .occupied }
        let client: Client
        do throws(SocketError) { client = try await Client.connect(path: path) } catch {
            switch error.code {
            case .denied: return .denied
            case .unavailable: return .stale
            default: return .strange(error.description)
            }
        }
        let state = await Self.hello(client)
        await client.close()
        return state
    }

    private static func folderState(of path: String, _ tree: any DeviceTree) -> DoctorFacts.Socket {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard tree.status(of: folder)?.kind == .folder else { return .noFolder(folder) }
        return access(folder, W_OK | X_OK) == 0 ? .vacant : .folderIsReadOnly(folder)
    }

    private static func hello(_ client: Client) async -> DoctorFacts.Socket {
        await withTaskGroup(of: DoctorFacts.Socket?.self) { group in
            group.addTask {
                var records = client.records.makeAsyncIterator()
                do {
                    guard case .hello(let hello) = try await records.next() else { return .strange("what listens there is no aurald") }
                    return .daemon(version: hello.version)
                } catch { return .strange("what listens there is no aurald: \((error as? any ReportableError)?.description ?? "\(error)")") }
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return Task.isCancelled ? nil : .strange("what listens there says nothing within 2 seconds")
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .strange("nothing answers")
        }
    }
}
