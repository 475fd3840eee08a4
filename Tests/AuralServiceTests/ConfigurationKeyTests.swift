import Foundation
import Testing

@testable import AuralService

@Suite struct ConfigurationKeyTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("the file that we ship holds every key at its default")
    func shipped() throws {
        let path = Self.root.appending(path: "configs/aurald.toml").path
        let loaded = try ConfigurationLoader.load([ConfigurationFile(reading: path)])
        #expect(loaded.configuration == Configuration())
        #expect(loaded.warnings.isEmpty)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Configuration.document, "write it again from Configuration.document")
        #expect(ConfigurationKey.all.filter { $0.defaultText == nil }.map(\.path) == ["source.audio", "model.cache", "metrics.path"])
        for key in ConfigurationKey.all {
            let isSet = loaded.origins[key.path] != .default
            #expect(isSet == (key.defaultText != nil), "\(key.path)")
            #expect(Configuration.document.contains("# Takes \(key.kind.expectation).\(key.reload == .restart ? " Needs a restart." : "")\n"))
        }
    }

    @Test("docs/configuration.md has a row for every key", arguments: ConfigurationKey.all.map(\.path))
    func documented(path: String) throws {
        let document = try String(contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        let section = try #require(document.components(separatedBy: "\n## ").first { $0.hasPrefix("[\(key.section)]\n") })
        func code(_ text: String) -> String { text.replacing(/"[^"]+"|\btrue\b|\bfalse\b/) { "`\($0.output)`" } }
        let row =
            "| `\(key.name)` | \(code(key.kind.expectation)) | \(key.defaultText.map { "`\($0)`" } ?? "not set") | \(key.reload.rawValue) "
            + "| \(code(key.documentation)) |"
        #expect(section.split(separator: "\n").contains { $0 == row }, "docs/configuration.md needs, in [\(key.section)]:\n\(row)")
    }

    @Test("the table is consistent")
    func table() throws {
        #expect(Set(ConfigurationKey.all.map(\.path)).count == ConfigurationKey.all.count)
        #expect(Set(ConfigurationKey.all.map(\.variable)).count == ConfigurationKey.all.count)
        #expect(
            ConfigurationKey.sections == ["source", "camera", "microphone", "hearing", "model", "fuser", "sounding", "socket", "metrics", "log"])
        for key in ConfigurationKey.all {
            #expect(key.variable.wholeMatch(of: /AURALD_[A-Z]+_[A-Z_]+/) != nil)
            #expect(!key.variable.hasPrefix(LoadedConfiguration.ignoredVariables))
            guard let text = key.defaultText else { continue }
            #expect(key.kind.value(text: text) == key.value(Configuration()), "\(key.path) takes its default")
        }
    }

    @Test("only these keys take effect on a reload")
    func live() {
        let live = ConfigurationKey.all.filter { $0.reload == .live }.map(\.path)
        let devices = ConfigurationKey.all.filter { ["camera", "microphone", "hearing"].contains($0.section) }.map(\.path)
        #expect(live == devices + ["socket.group", "socket.max_clients", "socket.client_bytes", "socket.mask_size", "log.level"])
    }

    @Test("setting what was read gives the same, and a value of another kind changes nothing")
    func readAndSet() throws {
        for key in ConfigurationKey.all {
            var copy = Configuration()
            if let value = key.value(copy) { key.set(&copy, value) }
            #expect(copy == Configuration(), "\(key.path)")
            let wrong: ConfigurationKey.Value = key.kind == .boolean ? .integer(1) : .boolean(true)
            guard key.path != "source.rate" else { continue }
            key.set(&copy, wrong)
            #expect(copy == Configuration(), "\(key.path)")
        }
    }

    @Test(
        "a text of the command line is TOML where that fits, and a bare string else",
        arguments: [
            ("log.level", "debug", .string("debug")), ("log.level", "\"debug\"", .string("debug")), ("log.level", "'debug'", .string("debug")),
            ("log.level", "loud", nil), ("camera.device", "auto", .string("auto")), ("camera.device", "7", .string("7")),
            ("camera.device", "true", .string("true")), ("camera.device", "\"a\\tb\"", .string("a\tb")),
            ("camera.device", "[1]", .string("[1]")), ("camera.device", "\"open", .string("\"open")), ("camera.device", "", nil),
            ("camera.device", "\"\"", nil), ("camera.device", "a\u{0}b", nil), ("camera.device", "1\nb = 2", .string("1\nb = 2")),
            ("microphone.device", "hw:0,0", .string("hw:0,0")), ("camera.width", "640", .integer(640)), ("camera.width", "0x280", .integer(640)),
            ("camera.width", "640.0", nil), ("camera.width", "\"640\"", nil), ("camera.width", "1", nil), ("camera.width", "x", nil),
            ("camera.width", "640\nb = 2", nil), ("camera.rate", "15", .number(15)), ("camera.rate", "1.5e1", .number(15)),
            ("camera.rate", "nan", nil), ("camera.rate", "inf", nil), ("source.rate", "clip", .string("clip")),
            ("source.rate", "12", .number(12)), ("source.rate", "0", nil), ("source.loop", "true", .boolean(true)), ("source.loop", "1", nil),
            ("source.loop", "yes", nil), ("socket.mode", "0660", .string("0660")), ("socket.mode", "660", .string("660")),
            ("socket.mode", "\"0600\"", .string("0600")), ("socket.mode", "0o660", nil), ("socket.mode", "rw", nil),
        ] as [(String, String, ConfigurationKey.Value?)])
    func texts(path: String, text: String, value: ConfigurationKey.Value?) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        #expect(key.kind.value(text: text) == value)
    }
}
