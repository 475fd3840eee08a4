import AuralWire
import Foundation

/// A status report for people.
struct StatusText {
    /// Some lines, each with its line feed.
    let text: String

    /// Puts a report and what is to be thought of it into words.
    init(_ report: StatusReport, _ verdict: StatusVerdict) {
        var lines = ["aurald \(report.version), up for \(Self.duration(report.uptimeSeconds))"]
        lines.append("model     \(report.model)\(Self.senses(report)) on \(report.engine)")
        for source in report.sources {
            let name = source.medium == .audio ? "sound" : "pictures"
            lines.append(name.padding(toLength: 10, withPad: " ", startingAt: 0) + "\(source.source): \(source.state.rawValue)\(Self.mode(source))")
        }
        let latency = [report.latencyMedianMilliseconds, report.latency99Milliseconds].compactMap(\.self)
        let delay = latency.count == 2 ? String(format: ", latency %.0f ms (99 %%: %.0f ms)", latency[0], latency[1]) : ""
        lines.append(
            String(format: "frames    %llu, %.1f a second, %llu passed over", report.frames, report.framesPerSecond, report.framesDropped) + delay)
        let objects = report.objects.map { $0 == 0 ? "0 (sounding)" : String($0) }.joined(separator: ", ")
        lines.append("objects   \(objects.isEmpty ? "none" : objects)")
        lines.append("clients   \(report.clients)")
        lines += verdict.problems.map { "problem   \($0)" }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func senses(_ report: StatusReport) -> String {
        guard report.hears == true else { return "" }
        return report.takesWords == true ? ", which hears and takes words," : ", which hears,"
    }

    private static func mode(_ source: SourceRecord) -> String {
        (source.mode ?? source.detail).map { ", \($0)" } ?? ""
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e12))
        let parts = [(whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2)
        return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
