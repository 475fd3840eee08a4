import ArgumentParser
import AuralCore
import Foundation

/// Ends the program, on an error or without one.
enum ProgramEnd {
    /// Prints one line and exits with the error's sysexits code; usage errors and help are the argument parser's.
    static func exit(_ error: any Error) -> Never {
        if let code = error as? ExitCode { leave(code.rawValue) }
        guard let reportable = error as? any ReportableError else { Aurald.exit(withError: error) }
        // A reader that has seen enough (`| head`) is no fault.
        if let error = error as? OutputError, error.isBrokenPipe { leave(0) }
        FileHandle.standardError.write(Data((TerminalText.safe("aurald: error: \(reportable.description)") + "\n").utf8))
        leave(reportable.exitStatus.rawValue)
    }

    /// Ends the program once everything is written.
    ///
    /// Without C++'s static destructors, which `exit` would run: they take OpenVINO's tables and TBB's threads down while threads of the
    /// engine or of a task that was given up may still be at work, and such a run, all done, was seen to end in glibc's "corrupted double-linked list".
    static func leave(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
