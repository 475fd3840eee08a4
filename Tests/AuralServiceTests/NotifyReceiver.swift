import AuralTesting
import Foundation
import Glibc
import Testing

/// A service manager's end of `$NOTIFY_SOCKET`.
final class NotifyReceiver: Sendable {
    /// What the daemon finds in its environment.
    let environment: [String: String]
    private let descriptor: Int32
    private let file: String?

    /// Listens at a new path, or at a new abstract name.
    init(isAbstract: Bool = false) throws {
        let name = "/tmp/aurald-notify-\(UInt32.random(in: 0 ... .max))"
        file = isAbstract ? nil : name
        environment = ["NOTIFY_SOCKET": isAbstract ? "@" + name : name]
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = isAbstract ? [0] + Array(name.utf8) : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(result == 0, "bind: \(String(cString: strerror(errno)))")
    }

    deinit {
        close(descriptor)
        if let file { unlink(file) }
    }

    /// The next notification; nil where none has come. A notification that was sent has come.
    func next() -> String? { receive() }

    /// Waits for the next notification.
    func arrival() async -> String? {
        await readable(descriptor)
        return next()
    }

    private func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
