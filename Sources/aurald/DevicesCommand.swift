import ArgumentParser
import AuralCapture
import AuralCore

/// `aurald devices`: cameras and microphones, and how to name them.
struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List cameras and microphones: names, modes, state, and lines for the configuration.",
        discussion: """
            Ends with 69 where there are none.

            Examples:
              aurald devices --json | jq -r '.cameras[].device'
              aurald devices
            """)

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let report = DevicesReport(DeviceSystem())
        print(json ? try report.json() + "\n" : TerminalText.safe(report.text), terminator: "")
        if report.isEmpty { throw ExitCode(ExitStatus.unavailable.rawValue) }
    }
}
