import AuralTesting
import AuralWire
import Glibc

/// A client without our client code: a plain socket that reads and writes only when a test says so. Writing blocks.
final class RawClient: @unchecked Sendable {
    // SAFETY: used by one test task at a time.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    private var splitter = LineSplitter()
    private var lines: [[UInt8]] = []

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Failure(description: "connect: \(errno)") }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Ends the writing half; the reading half stays.
    func closeInput() { _ = Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(description: "send: \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// The next record, nil at the end of the connection.
    func next() async throws -> ServerRecord? {
        while lines.isEmpty {
            await readable(descriptor)
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
            guard count > 0 else { throw Failure(description: "recv: \(errno)") }
            var events: [LineSplitter.Event] = []
            buffer.withUnsafeBytes { splitter.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) { events.append($0) } }
            for case .line(let line) in events { lines.append(line) }
        }
        return try Self.record(lines.removeFirst())
    }

    // Not inlined: Swift 6.3.1 crashes while it splits an async function into which a call with a typed throw was inlined.
    @inline(never)
    private static func record(_ line: [UInt8]) throws -> ServerRecord { try ServerRecord(line: line) }
}
