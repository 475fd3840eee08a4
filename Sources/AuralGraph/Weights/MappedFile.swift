import AuralCore
import Glibc

/// A file mapped into memory, read-only and private: its pages are the page cache's own, so no second copy exists.
///
/// The length is taken once, when the file is opened. A file that another process makes shorter while it is mapped ends this
/// process with SIGBUS, as mmap(2) says: checkpoints are replaced by renaming, not by writing into them.
///
/// SAFETY: `@unchecked Sendable` because the only state is a pointer to pages that nobody writes to; they are unmapped when the
/// last reference goes.
package final class MappedFile: @unchecked Sendable {
    /// The path as it was given.
    package let path: String

    /// The file's length in bytes.
    package let count: Int

    private let base: UnsafeRawPointer?

    /// Maps the file at `path`.
    ///
    /// Throws `noInput` where there is no file or it is not a regular one, `noPermission` where it may not be read, and
    /// `inputOutput` where the system refuses for another reason.
    package init(path: String) throws(CheckpointError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw CheckpointError(file: path, reason: "not a path; give the path of a checkpoint", exitStatus: .noInput)
        }
        // O_NONBLOCK, because opening a named pipe would wait for its writer forever.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Self.error(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Self.error(path, errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(file: path, reason: "not a regular file; give a checkpoint file", exitStatus: .noInput)
        }
        let length = Int(status.st_size)
        var mapping: UnsafeRawPointer?
        if length > 0 {
            guard let pages = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), pages != MAP_FAILED else {
                throw Self.error(path, errno)
            }
            mapping = UnsafeRawPointer(pages)
        }
        self.path = path
        self.count = length
        self.base = mapping
    }

    deinit {
        if let base {
            munmap(UnsafeMutableRawPointer(mutating: base), count)
        }
    }

    /// The file's name without its folder.
    package var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The bytes of `range`, still in the file. Throws where the range does not lie within the file.
    package func bytes(_ range: Range<Int>) throws(CheckpointError) -> MappedBytes {
        guard let bytes = MappedBytes(file: self, range: range) else {
            throw CheckpointError(
                file: path,
                reason: "bytes \(range.lowerBound)..<\(range.upperBound) lie beyond its end at \(count): the file is cut short; "
                    + "download or copy it again")
        }
        return bytes
    }

    /// Calls `body` with all of the file's bytes.
    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: `base` points to `count` readable bytes for as long as self lives, which is at least until `body` returns.
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The error for a system call's error number.
    private static func error(_ path: String, _ number: Int32) -> CheckpointError {
        switch number {
        case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP:
            CheckpointError(file: path, reason: "no such file; check the path", exitStatus: .noInput)
        case EACCES, EPERM:
            CheckpointError(
                file: path, reason: "permission denied; make it readable for the user that runs aurald",
                exitStatus: .noPermission)
        default:
            CheckpointError(
                file: path, reason: "cannot be read: \(String(cString: strerror(number))); check the disk",
                exitStatus: .inputOutput)
        }
    }
}
