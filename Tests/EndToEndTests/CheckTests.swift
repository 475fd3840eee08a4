import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct CheckTests {
        private func check(_ arguments: String...) async throws -> AuraldProcess.Outcome { try await AuraldProcess.run(["check"] + arguments) }

        @Test("A configuration that is right is ok, file by file", .timeLimit(.minutes(4)))
        func ok() async throws {
            let example = Fixtures.root.appending(path: "configs/aurald.toml").path
            let outcome = try await check("--config", example)
            #expect(outcome == .init(status: 0, output: "\(example): ok\n", errors: ""))
            let file = try Fixtures.file("aurald.toml", "log.level = \"debug\"\n".utf8)
            let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "conf.d")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in ["20-b.toml", "10-a.toml", ".hidden.toml", "note.txt"] {
                try Data((name.first == "." ? "zzz = 1" : "camera.width = \(name.prefix(2))0\n").utf8).write(to: folder.appending(path: name))
            }
            let several = try await check("--config", file)
            #expect(several.lines == [file, "\(folder.path)/10-a.toml", "\(folder.path)/20-b.toml"].map { "\($0): ok" })
            #expect(several.status == 0 && several.errors == "")
            let dump = try await check("--config", file, "--dump")
            #expect(dump.lines.contains("width = 200  # \(folder.path)/20-b.toml:1"), "\(dump.output)")
        }

        @Test("Without --config there need be no file", .timeLimit(.minutes(4)), .enabled(if: access("/etc/aurald", F_OK) != 0))
        func defaults() async throws {
            let outcome = try await check()
            #expect(outcome == .init(status: 0, output: "no file at /etc/aurald/aurald.toml, defaults: ok\n", errors: ""))
        }

        @Test("A dump shows all layers with their origins, and is a configuration itself", .timeLimit(.minutes(4)))
        func dump() async throws {
            let file = try Fixtures.file("aurald.toml", "[camera]\nwidth = 320\nheight = 200\nrate = 10\n".utf8)
            let outcome = try await AuraldProcess.shell(
                "export AURALD_CAMERA_HEIGHT=240 AURALD_CAMERA_RATE=11 AURALD_TEST_ANYTHING=1; "
                    + "aurald check --config \(file) -o camera.rate=12 -o log.level=debug --dump")
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            for line in [
                "width = 320  # \(file):2", "height = 240  # environment AURALD_CAMERA_HEIGHT", "rate = 12.0  # -o", "level = \"debug\"  # -o",
                "device = \"auto\"  # default",
            ] {
                #expect(outcome.lines.contains(line), "\(line) in \(outcome.output)")
            }
            let again = try Fixtures.file("aurald.toml", outcome.output.utf8)
            let second = try await check("--config", again, "--dump")
            func settings(_ outcome: AuraldProcess.Outcome) -> [String] { outcome.lines.map { String($0.prefix { $0 != "#" }) } }
            #expect(settings(second) == settings(outcome))
        }

        @Test("The schema is JSON, and needs no configuration", .timeLimit(.minutes(4)))
        func schema() async throws {
            let outcome = try await check("--schema", "--config", "/nonexistent")
            #expect(outcome.status == 0 && outcome.errors == "")
            let root = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect((root["properties"] as? [String: Any])?["camera"] != nil)
        }

        @Test("A warning is on standard error and changes nothing else", .timeLimit(.minutes(4)))
        func warning() async throws {
            let file = try Fixtures.file("aurald.toml", "\n[camera]\ndevice = \"/dev/video0\"\n".utf8)
            let outcome = try await check("--config", file)
            #expect(outcome.status == 0 && outcome.output == "\(file): ok\n")
            #expect(outcome.errors.hasPrefix("aurald: warning: \(file):3: camera.device: /dev/video0: numbers change"), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
            let json = try await check("--config", file, "--json")
            let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [String]]
            #expect(json.status == 0 && report?["files"] == [file] && report?["warnings"]?.count == 1, "\(json.output)")
        }

        @Test("What is wrong is named with its place and ends with its code", .timeLimit(.minutes(4)))
        func wrong() async throws {
            let file = try Fixtures.file("aurald.toml", "\n[camera]\n\nwidht = 640\n".utf8)
            expectFailure(try await check("--config", file), 78, naming: "\(file):4: camera.widht: unknown key, did you mean width?")
            expectFailure(try await check("--config", file, "--dump"), 78, naming: "\(file):4: ")
            let good = try Fixtures.file("aurald.toml", "".utf8)
            expectFailure(try await check("--config", good, "-o", "camera.width=wide"), 78, naming: "-o camera.width: camera.width: must be")
            expectFailure(try await check("--config", good, "-o", "camera.widht=9"), 78, naming: "did you mean camera.width?")
            expectFailure(try await check("--config", good, "-o", "camera.width"), 64, naming: "section.key=value")
            expectFailure(try await check("--config", Fixtures.path("none.toml")), 66, naming: "none.toml")
            let line = "aurald check --config \(good)"
            expectFailure(
                try await AuraldProcess.shell("export AURALD_SOCKET_MAX_CLIENTS=many; \(line)"), 78,
                naming: "environment AURALD_SOCKET_MAX_CLIENTS: socket.max_clients: must be")
            expectFailure(
                try await AuraldProcess.shell("export AURALD_CAMRA_WIDTH=1; \(line)"), 78, naming: "did you mean AURALD_CAMERA_WIDTH?")
        }
    }
}
