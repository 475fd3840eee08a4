import AuralCore

/// Whether a daemon does its work, by its own report. Pure.
public struct StatusVerdict: Sendable, Equatable {
    /// What is wrong, a line each for a person; empty where all is well.
    public var problems: [String]

    /// Whether anything is wrong.
    public var isDegraded: Bool { !problems.isEmpty }

    /// Judges a report. `now` is CLOCK_MONOTONIC of the daemon's machine.
    ///
    /// A source is well while it streams, or once a clip has been played; a stream of pictures is well while the newest frame is younger than
    /// five seconds or twenty of its own frames, whichever is longer.
    public init(_ report: StatusReport, now: MonoTime) {
        problems = report.sources.filter { $0.state != .streaming && $0.state != .ended }.map { source in
            "\(source.source) is \(source.state.rawValue)" + (source.detail.map { ": \($0)" } ?? "")
        }
        let isPlaying = report.sources.contains { $0.medium == .video && $0.state == .streaming }
        guard isPlaying else { return }
        guard let time = report.timeNanoseconds else {
            if report.uptimeSeconds > 60 { problems.append("no frame has been segmented since the start") }
            return
        }
        let age = Double(now.nanoseconds - min(time, now.nanoseconds)) / 1e9
        let allowed = max(5, report.framesPerSecond > 0 ? 20 / report.framesPerSecond : 60)
        if age > allowed { problems.append("the newest frame is \(Int(min(age, 1e9))) s old") }
    }
}
