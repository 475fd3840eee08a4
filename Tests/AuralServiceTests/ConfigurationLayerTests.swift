import AuralCore
import Foundation
import Logging
import Testing

@testable import AuralService

@Suite struct ConfigurationLayerTests {
    /// The fault of a loader; nil where there is none.
    private func error(_ loader: ConfigurationLoader) -> ConfigurationError? {
        do {
            _ = try loader.load()
            return nil
        } catch {
            return error
        }
    }

    private func error(environment: [String: String] = [:], overrides: [String] = []) -> ConfigurationError? {
        do {
            _ = try ConfigurationLoader.load([], environment: environment, overrides: overrides)
            return nil
        } catch {
            return error
        }
    }

    /// A folder with these files for the time of `body`.
    private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aurald-configuration-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder.path)
    }

    @Test("each layer is stronger than those before, and the origin is told")
    func order() throws {
        let files = [
            ConfigurationFile(path: "a.toml", text: "[camera]\nwidth = 1280\nheight = 720\nrate = 15\nformat = \"yuyv\"\n"),
            ConfigurationFile(path: "conf.d/1.toml", text: "\ncamera.height = 600\ncamera.rate = 16\ncamera.format = \"uyvy\""),
        ]
        let environment = ["AURALD_CAMERA_RATE": "17", "AURALD_CAMERA_FORMAT": "nv12", "PATH": "/bin", "AURALD_TEST_ALL": "1"]
        let overrides = ["camera.format=grey", "camera.format = \"mjpeg\""]
        let loaded = try ConfigurationLoader.load(files, environment: environment, overrides: overrides)
        var expected = Configuration()
        expected.camera.width = 1280
        expected.camera.height = 600
        expected.camera.rate = 17
        expected.camera.format = .mjpeg
        #expect(loaded.configuration == expected)
        #expect(loaded.files == ["a.toml", "conf.d/1.toml"])
        let origins = loaded.origins.filter { $0.value != .default }.mapValues(\.description)
        #expect(
            origins == [
                "camera.width": "a.toml:2", "camera.height": "conf.d/1.toml:2", "camera.rate": "environment AURALD_CAMERA_RATE",
                "camera.format": "-o",
            ])
        #expect(loaded.origins["camera.device"]?.description == "default")
    }

    @Test("prompts of a later file replace those of an earlier one")
    func prompts() throws {
        func file(_ path: String, _ objects: [Int]) -> ConfigurationFile {
            ConfigurationFile(path: path, text: objects.map { "[[prompt]]\nobject_id = \($0)\nbox = [0, 0, 1, 1]\n" }.joined())
        }
        let loaded = try ConfigurationLoader.load([file("a", [1, 2]), file("b", [3]), file("c", [])])
        #expect(loaded.configuration.prompts.map(\.objectID) == [ObjectID(3)])
        #expect(loaded.origins["prompt"] == .file(path: "b", line: 1))
    }

    @Test("every key can be set by environment and by -o", arguments: ConfigurationKey.all.map(\.path))
    func everyKey(path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        let text =
            switch key.kind {
            case .string: "something"
            case .choice(let words): words.last ?? ""
            case .integer(let range): "\(range.upperBound)"
            case .number(let range), .choiceOrNumber(_, let range): "\(range.upperBound)"
            case .boolean: key.defaultText == "false" ? "true" : "false"
            case .fileMode: "0777"
            }
        let byEnvironment = try ConfigurationLoader.load([], environment: [key.variable: text])
        let byOption = try ConfigurationLoader.load([], overrides: ["\(path)=\(text)"])
        #expect(byEnvironment.configuration == byOption.configuration)
        #expect(byOption.configuration != Configuration())
        #expect(byEnvironment.origins[path] == .environment(name: key.variable))
        #expect(byOption.origins[path] == .option)
        #expect(byOption.origins.values.count { $0 != .default } == 1)
    }

    @Test(
        "a wrong variable is named",
        arguments: [
            ("AURALD_CAMRA_DEVICE", "x", "", "did you mean AURALD_CAMERA_DEVICE?"), ("AURALD_X", "x", "", "unknown variable"),
            ("AURALD_", "", "", "unknown variable"), ("AURALD_A\nB", "", "", "\\u000a"), ("AURALD_PROMPT", "1", "", "unknown variable"),
            ("AURALD_SOCKET_MAX_CLIENTS", "many", "socket.max_clients", "1…1000"), ("AURALD_LOG_LEVEL", "", "log.level", "\"trace\""),
        ])
    func wrongVariable(name: String, text: String, key: String, hint: String) throws {
        let error = try #require(self.error(environment: [name: text]))
        #expect(error.key == key && error.exitStatus == .configuration)
        #expect(error.description.hasPrefix("environment ") && error.description.contains(hint) && !error.description.contains("\n"))
    }

    @Test(
        "a wrong -o is named",
        arguments: [
            ("camera.with=1", "-o camera.with: unknown key, did you mean camera.width?", AuralCore.ExitStatus.configuration),
            ("camra.width=1", "-o camra.width: unknown key, did you mean camera.width?", .configuration),
            ("width=1", "-o width: unknown key; known here: ", .configuration), ("prompt=[]", "-o prompt: unknown key", .configuration),
            ("camera.width=1", "-o camera.width: camera.width: must be a whole number within 16…16384", .configuration),
            ("socket.mode=9", "-o socket.mode: socket.mode: must be a string of three or four octal digits", .configuration),
            ("source.audio=", "-o source.audio: source.audio: must be a string that is not empty", .configuration),
            ("camera.width", "-o \"camera.width\": must be section.key=value", .usage), ("=1", "-o \"=1\": must be", .usage),
            (" \t=1", "-o ", .usage), ("", "-o \"\": must be", .usage),
            ("metrics.path=/run/aurald.sock", "-o: metrics.path: must differ from socket.path", .configuration),
        ])
    func wrongOverride(text: String, message: String, status: AuralCore.ExitStatus) throws {
        let error = try #require(self.error(overrides: [text]))
        #expect(error.description.hasPrefix(message), "\(error.description)")
        #expect(error.exitStatus == status)
    }

    @Test("conf.d is read in the order of the names' bytes, without hidden and other files")
    func folder() throws {
        try withFiles([
            "aurald.toml": "log.level = \"trace\"\n", "conf.d/b.toml": "camera.width = 16", "conf.d/B.toml": "camera.width = 17\ncamera.height = 17",
            "conf.d/10.toml": "camera.width = 18", "conf.d/.z.toml": "zzz = 1", "conf.d/z.toml~": "zzz = 1", "conf.d/README": "zzz",
        ]) { folder in
            let loaded = try ConfigurationLoader(file: "\(folder)/aurald.toml").load()
            #expect(loaded.files.map { $0.dropFirst(folder.count) } == ["/aurald.toml", "/conf.d/10.toml", "/conf.d/B.toml", "/conf.d/b.toml"])
            #expect(loaded.configuration.camera.width == 16 && loaded.configuration.camera.height == 17)
            #expect(loaded.configuration.log.level == .trace)
            #expect(loaded.origins["camera.height"] == .file(path: "\(folder)/conf.d/B.toml", line: 2))
        }
    }

    @Test("a fault in conf.d names that file, and a file there that is no text does too")
    func faultInFolder() throws {
        try withFiles(["aurald.toml": "", "conf.d/x.toml": "\n[camera]\nwith = 1"]) { folder in
            let error = try #require(self.error(ConfigurationLoader(file: "\(folder)/aurald.toml")))
            #expect(error.description.hasPrefix("\(folder)/conf.d/x.toml:3: camera.with: unknown key, did you mean width?"))
            try Data([0xff, 0xfe]).write(to: URL(filePath: "\(folder)/conf.d/x.toml"))
            #expect(self.error(ConfigurationLoader(file: "\(folder)/aurald.toml"))?.message.contains("UTF-8") == true)
            try FileManager.default.removeItem(atPath: "\(folder)/conf.d")
            try Data().write(to: URL(filePath: "\(folder)/conf.d"))
            let folderError = try #require(self.error(ConfigurationLoader(file: "\(folder)/aurald.toml")))
            #expect(folderError.file == "\(folder)/conf.d" && folderError.exitStatus == .noInput)
        }
    }

    @Test("a file that cannot be read is named, and one that is too large is not read to its end", .timeLimit(.minutes(5)))
    func unreadable() throws {
        let missing = try #require(error(ConfigurationLoader(file: "/nonexistent/aurald.toml")))
        #expect(missing.exitStatus == .noInput && missing.description.hasPrefix("/nonexistent/aurald.toml: "))
        #expect(error(ConfigurationLoader(file: "/tmp"))?.exitStatus == .noInput)
        #expect(error(ConfigurationLoader(file: "/dev/zero"))?.message.contains("1048576 bytes") == true)
        #expect(error(ConfigurationLoader(file: ""))?.exitStatus == .noInput)
    }
}
