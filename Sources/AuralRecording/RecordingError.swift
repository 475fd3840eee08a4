import AuralCore
import Glibc

/// What went wrong with a recording: the file, why, and what to do.
package struct RecordingError: ReportableError, Equatable {
    /// The kind of trouble, for callers that decide by it.
    package enum Code: Sendable, Equatable {
        /// There is no such folder, or it is no recording.
        case noRecording
        /// Its files contradict each other, or are damaged.
        case damaged
        /// A file or folder cannot be made.
        case cannotCreate
        /// A file cannot be written any further.
        case cannotWrite
        /// No room is left, or less than is to be kept free.
        case diskFull
        /// It cannot be written in this format.
        case unsuitable
        /// A helper program (ffmpeg) is missing or failed.
        case toolFailed
    }

    /// The kind of trouble.
    package let code: Code
    package let description: String

    /// Describes trouble with `path`.
    package init(_ code: Code, path: String, _ message: String) {
        self.code = code
        description = "\(path): \(message)"
    }

    package var exitStatus: ExitStatus {
        switch code {
        case .noRecording: .noInput
        case .damaged, .unsuitable: .dataError
        case .cannotCreate: .cannotCreate
        case .cannotWrite, .diskFull: .inputOutput
        case .toolFailed: .unavailable
        }
    }

    /// What the kernel says of writing to `path`.
    static func system(_ number: Int32, path: String) -> RecordingError {
        let reason = String(cString: strerror(number))
        return switch number {
        case ENOSPC, EDQUOT: RecordingError(.diskFull, path: path, "\(reason); make room, or set --max-size")
        case EACCES, EPERM, EROFS: RecordingError(.cannotCreate, path: path, "\(reason); choose another folder")
        default: RecordingError(.cannotWrite, path: path, "cannot be written: \(reason)")
        }
    }
}
