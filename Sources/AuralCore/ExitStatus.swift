/// Exit codes of the command line, as in BSD's sysexits.h; the table is in docs/operations.md.
public enum ExitStatus: Int32, Sendable {
    /// The command was used incorrectly (EX_USAGE).
    case usage = 64
    /// The input data was wrong in some way: a broken checkpoint, bundle or video (EX_DATAERR).
    case dataError = 65
    /// An input file did not exist or was not readable (EX_NOINPUT).
    case noInput = 66
    /// A service is unavailable: no daemon behind the socket, a missing device or engine (EX_UNAVAILABLE).
    case unavailable = 69
    /// An internal error, which is our bug (EX_SOFTWARE).
    case software = 70
    /// An output file could not be created (EX_CANTCREAT).
    case cannotCreate = 73
    /// An error occurred while doing I/O (EX_IOERR).
    case inputOutput = 74
    /// Something is busy now and may be free later, a socket in use for one (EX_TEMPFAIL).
    case temporaryFailure = 75
    /// Not enough permission (EX_NOPERM).
    case noPermission = 77
    /// The configuration is wrong; starting again will not help (EX_CONFIG).
    case configuration = 78
}
