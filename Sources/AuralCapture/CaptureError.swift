import AuralCore

/// What went wrong with a source of pictures or sound, or with a picture that we write: the file, what is wrong with it, what to do.
package struct CaptureError: ReportableError, Sendable, Equatable {
    /// The kind of trouble, for callers that decide by it.
    package enum Code: Sendable, Equatable {
        /// There is no such file or folder.
        case notFound
        /// The kernel denied access.
        case noPermission
        /// The kernel failed to read it; the number is the errno.
        case unreadable(errno: Int32)
        /// The file is sound but holds no frame (or no sample).
        case noFrames
        /// The data end within a frame (the number counts from 0), or within the header where there is no number.
        case truncated(frame: Int?)
        /// The bytes break the rules of their format.
        case malformed
        /// A format, or a variant of one, that we do not read.
        case unsupportedFormat
        /// Larger than what is accepted.
        case tooLarge
        /// The frame has another size than the clip's first one; the number counts from 0.
        case sizeChanged(frame: Int)
        /// A helper program (ffmpeg) is not installed.
        case toolMissing
        /// A helper program failed.
        case toolFailed
        /// An output file cannot be written.
        case cannotWrite
        /// The caller asked for something impossible, which is our own bug.
        case misuse
    }

    /// The kind of trouble.
    package let code: Code
    /// The file, as the user named it.
    package let path: String
    /// What is wrong and what to do, without the file's name.
    package let message: String

    /// Describes trouble with `path`.
    package init(_ code: Code, path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    package var description: String { "\(path): \(message)" }

    package var exitStatus: ExitStatus {
        switch code {
        case .notFound: .noInput
        case .noPermission: .noPermission
        case .unreadable: .inputOutput
        case .noFrames, .truncated, .malformed, .unsupportedFormat, .tooLarge, .sizeChanged: .dataError
        case .toolMissing, .toolFailed: .unavailable
        case .cannotWrite: .cannotCreate
        case .misuse: .software
        }
    }
}
