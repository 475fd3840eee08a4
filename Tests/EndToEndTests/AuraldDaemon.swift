import AuralCore
import AuralWire
import Foundation
import Glibc
import Testing

/// `aurald run` with a configuration of its own, until the end of a test.
final class AuraldDaemon: Sendable {
    /// What a test sets; the rest is as configs/aurald.toml has it.
    struct Settings {
        var video = Fixtures.clip
        var audio: String?
        var isLooping = true
        var rate = 10.0
        /// Keys of `[model]` besides the path.
        var model = ""
        /// Keys of `[socket]` besides the path.
        var socket = ""
        /// `[[prompt]]` tables.
        var prompts = "[[prompt]]\nobject_id = 1\nbox = [0.3, 0.2, 0.7, 0.8]\n"
        var path = Fixtures.path("s")
    }

    /// The socket's path.
    let socket: String
    private let process: AuraldProcess

    /// The configuration file for settings.
    static func configuration(_ settings: Settings = Settings()) async throws -> String {
        let sound = settings.audio.map { "audio = \"\($0)\"\n" } ?? ""
        let text = """
            [source]
            kind = "replay"
            path = "\(settings.video)"
            \(sound)loop = \(settings.isLooping)
            rate = \(settings.rate)
            [model]
            path = "\(try await Fixtures.model())"
            \(settings.model)
            [socket]
            path = "\(settings.path)"
            \(settings.socket)
            \(settings.prompts)
            """
        return try Fixtures.file("aurald.toml", text.utf8)
    }

    private init(_ process: AuraldProcess, socket: String) {
        self.process = process
        self.socket = socket
    }

    /// Starts a daemon, and returns it when it says that it is ready.
    static func start(_ settings: Settings = Settings()) async throws -> AuraldDaemon {
        let process = try AuraldProcess(["run", "--config", try await configuration(settings)])
        guard await process.errors.next(containing: " ready") != nil else {
            let outcome = await process.finish()
            throw NotReady(description: "the daemon ended with \(outcome.status): \(outcome.errors)")
        }
        return AuraldDaemon(process, socket: settings.path)
    }

    /// A daemon for the time of `body`. It must end well by itself afterwards: each test sees that.
    static func with<Value>(_ settings: Settings = Settings(), _ body: (AuraldDaemon) async throws -> Value) async throws -> Value {
        let daemon = try await start(settings)
        do {
            let value = try await body(daemon)
            let outcome = await daemon.stop(SIGTERM)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            return value
        } catch {
            _ = await daemon.stop(SIGKILL)
            throw error
        }
    }

    /// The daemon's process number.
    var identifier: Int32 { process.identifier }

    /// Sends a signal and awaits the end.
    func stop(_ signal: Int32) async -> AuraldProcess.Outcome {
        process.signal(signal)
        return await process.finish()
    }

    /// Runs a command that talks to this daemon.
    func command(_ name: String, _ arguments: String...) async throws -> AuraldProcess.Outcome {
        try await AuraldProcess.run([name, "--socket", socket] + arguments)
    }

    /// The daemon's status, as `aurald prompt --status` prints it.
    func status() async throws -> StatusReport {
        let outcome = try await command("prompt", "--status")
        #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
        return try #require(try Self.reply(outcome).status)
    }

    /// What `aurald prompt` printed as JSON.
    static func reply(_ outcome: AuraldProcess.Outcome) throws -> ReplyRecord {
        guard case .reply(let reply) = try ServerRecord(text: outcome.output) else {
            throw NotReady(description: outcome.output + outcome.errors)
        }
        return reply
    }

    /// Why there is no daemon to test.
    struct NotReady: Error, CustomStringConvertible {
        let description: String
    }
}
