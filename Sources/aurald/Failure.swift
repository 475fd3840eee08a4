import ArgumentParser
import AuralCore
import Foundation

/// Ends the program on an error.
enum Failure {
    /// Prints one line and exits with the error's sysexits code; usage errors and help are the argument parser's.
    static func exit(_ error: any Error) -> Never {
        guard let reportable = error as? any ReportableError else { Aurald.exit(withError: error) }
        // A reader that has seen enough (`| head`) is no fault.
        if let error = error as? OutputError, error.isBrokenPipe { Foundation.exit(0) }
        FileHandle.standardError.write(Data((TerminalText.safe("aurald: error: \(reportable.description)") + "\n").utf8))
        Foundation.exit(reportable.exitStatus.rawValue)
    }
}
