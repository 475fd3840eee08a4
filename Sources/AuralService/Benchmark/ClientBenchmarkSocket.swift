import AuralClient
import AuralCore
import Foundation
import Synchronization

/// A blocking client socket, closed with its last reference.
final class ClientSocket: Sendable {
    let descriptor: Int32

    init(path: String) throws {
        let address = try UnixAddress(path: path)
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let descriptor = descriptor
        let number = descriptor < 0 ? errno : address.call { connect(descriptor, $0, $1) }
        guard number == 0 else {
            throw BenchmarkError("cannot connect a client to \(path): \(String(cString: strerror(number))); see ulimit -n")
        }
    }

    deinit { close(descriptor) }

    /// What there is, without waiting for more. Throws at the end of the connection.
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return count }
        if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
        throw BenchmarkError("the server closed the connection of a client that reads")
    }

    /// Whether the server has not closed it.
    var isConnected: Bool {
        var polled = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&polled, 1, 0) == 0
    }

    /// Ends a call that blocks on the socket in another thread.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// A client that sends random bytes as fast as the server takes them, on a thread of its own, and reads the answers.
final class GarbageWriter: Sendable {
    private let socket: ClientSocket
    private let bytes: [UInt8]
    private let isStopped = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ socket: ClientSocket, seed: UInt64) throws {
        self.socket = socket
        var random = SplitMix64(seed: seed)
        bytes = (0..<65_536).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    func start() {
        let thread = Thread { [self] in
            work()
            hasEnded.signal()
        }
        thread.name = "garbage"
        thread.start()
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        socket.shutDown()
        hasEnded.wait()
    }

    private func work() {
        var answers = [UInt8](repeating: 0, count: 65_536)
        var place = 0
        while !isStopped.load(ordering: .acquiring) {
            var polled = pollfd(fd: socket.descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
            guard poll(&polled, 1, -1) >= 0 || errno == EINTR else { return }
            if polled.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                let count = answers.withUnsafeMutableBytes { try? socket.receive(into: $0) }
                // The server may have had enough of it.
                if count == nil { return }
            }
            if polled.revents & Int16(POLLOUT) != 0 {
                let count = bytes[place...].withUnsafeBytes {
                    send(socket.descriptor, $0.baseAddress, min($0.count, 4096), Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
                if count > 0 { place = (place + count) % bytes.count }
            }
        }
    }
}
