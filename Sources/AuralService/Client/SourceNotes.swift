import AuralWire
import Synchronization

/// What a daemon said last about each of its sources, for messages to people.
final class SourceNotes: Sendable {
    private let sources = Mutex<[SourceRecord]>([])

    func note(_ source: SourceRecord) {
        sources.withLock { sources in
            sources.removeAll { $0.source == source.source && $0.medium == source.medium }
            sources.append(source)
        }
    }

    /// The states as the end of a sentence; empty where nothing is known.
    var text: String {
        let all = sources.withLock { $0.map { "\($0.source) is \($0.state.rawValue)\($0.detail.map { " (\($0))" } ?? "")" } }
        return all.isEmpty ? "" : ": " + all.joined(separator: "; ")
    }
}
