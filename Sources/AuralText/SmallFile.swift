import AuralCore
import Glibc

/// Reads whole files that have no reason to be large.
enum SmallFile {
    /// The bytes of the file at `path`. Throws where there is no regular file, where it may not be read, or where it has more than `limit` bytes.
    static func bytes(_ path: String, limit: Int) throws(TextError) -> [UInt8] {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw TextError(file: path, "not a path; give the folder of a text encoder", exitStatus: .noInput)
        }
        // O_NONBLOCK, because opening a named pipe would wait for its writer forever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TextError(file: path, "not a regular file", exitStatus: .noInput) }
        guard status.st_size <= limit else {
            throw TextError(file: path, "has \(status.st_size) bytes, more than the \(limit) that such a file may have; is it another one?")
        }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while result.count <= limit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return result }
            result += buffer[..<count]
        }
        throw TextError(file: path, "grows while it is read; wait until it is written")
    }

    /// Whether there is a regular file at `path`.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func failure(_ path: String, _ number: Int32) -> TextError {
        switch number {
        case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: TextError(file: path, "no such file; check the path", exitStatus: .noInput)
        case EACCES, EPERM:
            TextError(file: path, "permission denied; make it readable for the user that runs aurald", exitStatus: .noPermission)
        default: TextError(file: path, "cannot be read: \(String(cString: strerror(number))); check the disk", exitStatus: .inputOutput)
        }
    }
}
