import AuralCore
import Foundation

/// All findings, in the order of the daemon's start; as `aurald doctor --json` prints them.
package struct DoctorReport: Sendable, Equatable, Encodable {
    /// The findings.
    package let findings: [DoctorFinding]
    /// The worst verdict.
    package let verdict: DoctorFinding.Verdict

    /// A report of findings.
    package init(_ findings: [DoctorFinding]) {
        self.findings = findings
        let verdicts = Set(findings.map(\.verdict))
        verdict = verdicts.contains(.failed) ? .failed : verdicts.contains(.warning) ? .warning : .ok
    }

    /// A line for each finding, below it what to do, and a last line with the counts.
    package var text: String {
        let width = (findings.map(\.check.count).max() ?? 0) + 2
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
        let lines = findings.flatMap { finding in
            let line = padded(finding.verdict.rawValue, 9) + padded(finding.check, width) + finding.message
            return [line] + (finding.advice.map { [padded("", 9 + width) + "→ " + $0] } ?? [])
        }
        func count(_ verdict: DoctorFinding.Verdict) -> Int { findings.count { $0.verdict == verdict } }
        let summary = "\(count(.ok)) ok, \(count(.warning)) to look at, \(count(.failed)) failed"
        return (lines + ["", summary, ""]).joined(separator: "\n")
    }

    /// One JSON document with its line feed: `verdict` and `findings`, each with `check`, `verdict`, `message` and, where there is something to do, `advice`.
    package func json() throws -> String {
        try JSONText.document(self)
    }
}
