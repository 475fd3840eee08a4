import AuralCore
import Glibc

/// A file to write, or standard output.
final class OutputFile {
    private let descriptor: Int32
    private let path: String

    /// Creates or empties the file; `-` is standard output. Throws where that cannot be done.
    init(_ path: String) throws(OutputError) {
        self.path = path
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw OutputError("\(path): cannot be written: \(String(cString: strerror(errno)))", exitStatus: .cannotCreate)
        }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    /// Writes text. Returns false where the reader has gone away. Throws as `write` does.
    func write(text: String) throws(OutputError) -> Bool {
        let bytes = Array(text.utf8)
        do throws(OutputError) {
            try bytes.span.bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(OutputError) in try write(raw) }
            return true
        } catch {
            if error.isBrokenPipe { return false }
            throw error
        }
    }

    /// Writes all bytes. Throws where the disk is full or the reader is gone.
    func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE { throw OutputError("\(path): nobody reads it any more", exitStatus: .inputOutput, isBrokenPipe: true) }
            guard count > 0 else { throw OutputError("\(path): cannot be written: \(String(cString: strerror(errno)))", exitStatus: .inputOutput) }
            rest = rest.dropFirst(count)
        }
    }
}

/// Why output could not be written.
struct OutputError: ReportableError, Equatable {
    let description: String
    let exitStatus: ExitStatus
    /// True where the reader of a pipe has gone away.
    let isBrokenPipe: Bool

    /// Makes an error with a message for people.
    init(_ description: String, exitStatus: ExitStatus, isBrokenPipe: Bool = false) {
        self.description = description
        self.exitStatus = exitStatus
        self.isBrokenPipe = isBrokenPipe
    }
}
