import AuralCore
import AuralWire
import Foundation
import Glibc
import Testing

/// A client that is none of ours: a plain Unix socket, as a user's own program has it. Reads nothing before `read` is called.
final class SocketPeer: Sendable {
    private let descriptor: Int32
    private let reader: Reading

    /// The reading half, begun on demand.
    private actor Reading {
        let descriptor: Int32
        private var lines: LineReader?

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        func next() async -> String? { await begun().next() }

        func rest() async -> String { await begun().text() }

        private func begun() -> LineReader {
            let lines = lines ?? LineReader(dup(descriptor)) { [descriptor] in shutdown(descriptor, Int32(SHUT_RDWR)) }
            self.lines = lines
            return lines
        }
    }

    /// Connects.
    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        reader = Reading(descriptor)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: address) { pointer in
            // SAFETY: the kernel reads a sockaddr_un through the general pointer type, with its real length beside it.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0, "connect: \(String(cString: strerror(errno)))")
    }

    deinit {
        // The reading thread has a descriptor of its own; this ends it too.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Sends a line.
    func send(_ line: String) throws { try send(Array((line + "\n").utf8)) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            try #require(count > 0, "send: \(String(cString: strerror(errno)))")
            rest = rest.dropFirst(count)
        }
    }

    /// Everything that comes until the other side closes.
    func rest() async -> String { await reader.rest() }

    /// The next record; nil when the daemon has closed the connection.
    func next() async throws -> ServerRecord? {
        guard let line = await reader.next() else { return nil }
        return try ServerRecord(text: line)
    }

    /// The next record; fails where there is none.
    private func required() async throws -> ServerRecord {
        guard let record = try await next() else {
            throw AuraldDaemon.NotReady(description: "the daemon has closed the connection")
        }
        return record
    }

    /// The next frame; of those with these objects where any are given.
    func frame(with objects: [Int]? = nil) async throws -> FrameRecord {
        while true {
            guard case .frame(let frame) = try await required() else { continue }
            if objects == nil || objects == frame.objects.map(\.objectID.rawValue) { return frame }
        }
    }

    /// The next error.
    func error() async throws -> ErrorRecord {
        while true {
            if case .error(let error) = try await required() { return error }
        }
    }

    /// The next reply; fails where an error comes instead.
    func reply() async throws -> ReplyRecord {
        while true {
            switch try await required() {
            case .reply(let reply): return reply
            case .error(let error): throw AuraldDaemon.NotReady(description: "\(error)")
            default: break
            }
        }
    }

    /// The next state of a source.
    func source() async throws -> SourceRecord {
        while true {
            if case .source(let source) = try await required() { return source }
        }
    }

    /// The next notice of frames that were dropped, and the frames before it.
    func dropped() async throws -> (before: [UInt64], notice: DroppedRecord) {
        var frames: [UInt64] = []
        while true {
            switch try await required() {
            case .frame(let frame): frames.append(frame.sequence)
            case .dropped(let dropped): return (frames, dropped)
            default: break
            }
        }
    }
}

extension ServerRecord {
    /// Reads one line.
    // Not inlined: Swift 6.3.1 crashes while it splits an async function into which a call with a typed throw was inlined.
    @inline(never)
    init(text: String) throws {
        try self.init(line: Array(text.utf8))
    }
}
