/// An error that a person will read: one line that names the file, key or field, and what to do about it.
///
/// Every module has its own typed error that conforms; the command line prints `description` after `aurald: error: ` and exits with
/// `exitStatus`, the daemon puts it into an `error` record or the log and goes on.
public protocol ReportableError: Error, CustomStringConvertible {
    /// One line, no trailing full stop needed: what happened, where, and what to do.
    var description: String { get }

    /// The sysexits code with which a command that met this error ends.
    var exitStatus: ExitStatus { get }
}
