import Foundation
import Glibc
import Testing

/// `aurald run` as a service manager starts it, with a socket for its notifications.
final class LiveDaemon: Sendable {
    /// The program.
    let process: AuraldProcess
    /// The clients' socket.
    let socket: String
    /// The metrics' socket.
    let metrics: String
    /// The configuration file, to be changed for a reload.
    let file: String
    private let manager: FileHandle

    /// Devices that no machine has.
    static let live = """
        [source]
        kind = "live"
        [camera]
        device = "usb:ffff:fffe"
        [microphone]
        device = "card:NoSuchCard"
        """

    /// The test's clip, again and again.
    static let clip = """
        [source]
        kind = "replay"
        path = "\(Fixtures.clip)"
        loop = true
        rate = 10
        """

    /// Starts it with the rehearsal engine, or another. `source` is everything but model and sockets; `bundle` is the model's folder where it is
    /// not the small model that cannot hear.
    init(
        _ source: String = LiveDaemon.live, model: String = "rehearsal_ms = 1", bundle: String? = nil, engine: String = "rehearsal",
        metrics: String? = nil, log: String = "info"
    ) async throws {
        let path: String
        if let bundle { path = bundle } else { path = try await Fixtures.model() }
        socket = Fixtures.path("s")
        self.metrics = metrics ?? Fixtures.path("m")
        let text = """
            [model]
            path = "\(path)"
            engine = "\(engine)"
            \(model)
            [socket]
            path = "\(socket)"
            [metrics]
            path = "\(self.metrics)"
            [log]
            level = "\(log)"

            """
        // What a test changes comes first in the file, which is rewritten as a whole.
        head = text
        file = try Fixtures.file("aurald.toml", (text + source).utf8)
        let notify = Fixtures.path("notify")
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(notify.utf8)) }
        let result = withUnsafePointer(to: address) { pointer in
            // SAFETY: the kernel reads a sockaddr_un through the general pointer type, with its real length beside it.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        try #require(result == 0, "bind: \(String(cString: strerror(errno)))")
        // A daemon that has ended says nothing more, and a test's time limit wakes nobody who waits in the kernel.
        var limit = timeval(tv_sec: 50, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        manager = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        process = try AuraldProcess(
            ["-c", "NOTIFY_SOCKET='\(notify)' exec '\(AuraldProcess.binary)' run --config '\(file)'"], program: "/bin/sh")
    }

    private let head: String

    /// Writes another configuration: `change` gets the present one's fixed part, `source` is the rest.
    func configure(_ source: String, _ change: (String) -> String = { $0 }) throws {
        try Data((change(head) + source).utf8).write(to: URL(filePath: file))
    }

    /// The next notification; those that only say how the sources are come at any time, and are passed over unless they are asked for.
    func notification(ofSources: Bool = false) throws -> String {
        while true {
            let text = try anyNotification()
            if ofSources == text.hasPrefix("STATUS=running") { return text }
        }
    }

    private func anyNotification() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(manager.fileDescriptor, &buffer, buffer.count, 0)
        try #require(count > 0)
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// Waits until it is ready.
    func awaitReady() throws {
        while try !notification().hasPrefix("READY=1") {}
    }

    /// Has the configuration read again, and returns the notifications up to the end of that.
    func reload() throws -> [String] {
        process.signal(SIGHUP)
        var seen: [String] = []
        repeat { seen.append(try notification()) } while !(seen.last?.hasPrefix("READY=1") ?? true)
        return seen
    }

    /// A path of the metrics socket: the response as it comes.
    func get(_ target: String) async throws -> String {
        let peer = try SocketPeer(metrics)
        try peer.send(Array("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
        return await peer.rest()
    }

    /// The value of a series.
    func value(_ series: String) async throws -> Double? {
        let line = try await get("/metrics").split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// Ends it, and expects that it ends well.
    @discardableResult
    func stop() async -> AuraldProcess.Outcome {
        process.signal(SIGTERM)
        let outcome = await process.finish()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: socket) && !FileManager.default.fileExists(atPath: metrics))
        return outcome
    }

    /// A daemon for the time of `body`, from when it is ready; it must end well by itself afterwards.
    static func with(
        _ source: String = LiveDaemon.live, model: String = "rehearsal_ms = 1", bundle: String? = nil, engine: String = "rehearsal",
        log: String = "info", _ body: (LiveDaemon) async throws -> Void
    ) async throws {
        let daemon = try await LiveDaemon(source, model: model, bundle: bundle, engine: engine, log: log)
        do {
            try daemon.awaitReady()
            try await body(daemon)
        } catch {
            daemon.process.signal(SIGKILL)
            _ = await daemon.process.finish()
            throw error
        }
        await daemon.stop()
    }
}
