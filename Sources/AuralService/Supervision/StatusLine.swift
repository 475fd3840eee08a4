import AuralWire

/// The one line that `systemctl status` shows. Pure.
enum StatusLine {
    /// That it runs, where, and what is missing.
    static func text(address: String, sources: [SourceRecord]) -> String {
        // Pictures first, whichever was told of first.
        let ordered = sources.filter { $0.medium == .video } + sources.filter { $0.medium != .video }
        let missing = ordered.filter { ![.streaming, .opening, .ended].contains($0.state) }.map { "\($0.source) is \($0.state.rawValue)" }
        let running = "running, clients connect to \(address)"
        return LogText.escaped(missing.isEmpty ? running : "\(running); \(missing.joined(separator: ", "))")
    }
}
