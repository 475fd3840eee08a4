import AuralClient
import Glibc

/// A listening Unix socket, before an event loop takes it over: bound here with its file, or inherited from the service manager.
///
/// Bound here and not by NIO so that the file never has other permissions than it should once someone can connect: bind, chmod,
/// listen.
struct ListeningSocket: Sendable {
    /// The open socket; whoever takes it closes it.
    let descriptor: Int32
    /// Where clients find it, for the log: `@…` is an abstract name.
    let path: String
    /// The file that goes with the daemon; nil where somebody else made it.
    private let file: (device: UInt64, inode: UInt64)?

    /// Listens as `address` says.
    init(_ address: ListeningAddress) throws(SocketError) {
        switch address {
        case .path(let path, let mode, let group): self = try ListeningSocket(path: path, mode: mode, group: group)
        case .inherited(let descriptor): self = try ListeningSocket(inherited: descriptor)
        }
    }

    /// Takes the path: replaces a file that a dead daemon left, refuses anything else that is there.
    ///
    /// - Parameter group: who the file's group bits are for; nil leaves it with the daemon's own group.
    init(path: String, mode: UInt32, group: UInt32? = nil) throws(SocketError) {
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
        // Only root, and members of the group, may give a file to it; for others the mode alone decides who can connect.
        if let group { _ = lchown(path, UInt32.max, group) }
        guard chmod(path, mode) == 0, lstat(path, &status) == 0, listen(descriptor, 128) == 0 else {
            let error = errno
            _ = Glibc.close(descriptor)
            _ = unlink(path)
            throw Self.failure("listen", path, error)
        }
        file = (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// A socket whose file somebody else made.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        file = nil
    }

    /// Removes the file, unless another daemon has put its own there meanwhile, or it is the service manager's.
    func removeFile() {
        var status = stat()
        guard let file, lstat(path, &status) == 0, (UInt64(status.st_dev), UInt64(status.st_ino)) == file else { return }
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
