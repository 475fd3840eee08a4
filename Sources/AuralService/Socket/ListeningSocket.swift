import Glibc

/// A bound Unix socket with its file, before an event loop takes it over.
///
/// Bound here and not by NIO so that the file never has other permissions than it should once someone can connect: bind, chmod,
/// listen.
struct ListeningSocket: Sendable {
    /// The open socket; whoever takes it closes it.
    let descriptor: Int32
    private let path: String
    private let device: UInt64
    private let inode: UInt64

    /// Takes the path: replaces a file that a dead daemon left, refuses anything else that is there.
    init(path: String, mode: UInt32) throws(SocketError) {
        let address = try UnixAddress(path: path)
        try Self.clear(path, address)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket", path, errno) }
        self.descriptor = descriptor
        self.path = path
        let bound = address.call { bind(descriptor, $0, $1) }
        guard bound == 0 else {
            _ = Glibc.close(descriptor)
            throw bound == EADDRINUSE ? Self.inUse(path) : Self.failure("bind", path, bound)
        }
        var status = stat()
        guard chmod(path, mode) == 0, lstat(path, &status) == 0, listen(descriptor, 128) == 0 else {
            let error = errno
            _ = Glibc.close(descriptor)
            _ = unlink(path)
            throw Self.failure("listen", path, error)
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Removes the file, unless another daemon has put its own there meanwhile.
    func removeFile() {
        var status = stat()
        guard lstat(path, &status) == 0, UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else { return }
        _ = unlink(path)
    }

    private static func clear(_ path: String, _ address: UnixAddress) throws(SocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let error = errno
            if error == ENOENT { return try checkFolder(of: path) }
            throw failure("look at", path, error)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SocketError(
                .invalidPath, "\(path) exists and is not a socket; it is left alone, remove it or choose another socket.path")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw failure("socket", path, errno) }
        defer { _ = Glibc.close(probe) }
        switch address.call({ connect(probe, $0, $1) }) {
        case 0, EAGAIN, EINPROGRESS: throw inUse(path)
        case ECONNREFUSED: break
        case let error: throw failure("connect to", path, error)
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove the stale socket", path, errno) }
    }

    private static func checkFolder(of path: String) throws(SocketError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw SocketError(
                .invalidPath, "the folder \(folder) of socket \(path) does not exist; create it or choose another socket.path")
        }
    }

    private static func inUse(_ path: String) -> SocketError {
        SocketError(.inUse, "socket \(path) is in use by another aurald; stop it first or choose another socket.path")
    }

    private static func failure(_ call: String, _ path: String, _ error: Int32) -> SocketError {
        let reason = String(cString: strerror(error))
        return SocketError(error == EACCES || error == EPERM ? .denied : .system, "cannot \(call) \(path): \(reason)")
    }
}
