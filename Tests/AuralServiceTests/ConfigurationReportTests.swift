import Foundation
import Testing

@testable import AuralService

@Suite struct ConfigurationReportTests {
    @Test("a dump has every key with its origin, and reads as what was dumped")
    func dump() throws {
        let text = """
            [source]
            audio = "a \\"b\\" \\\\ \\t.wav"
            rate = 29.97
            [socket]
            mode = "600"
            [[prompt]]
            object_id = 3
            points = [[0.1, 0.2], [0.3, 1]]
            labels = [1, 0]
            box = [0.1, 0.2, 0.7, 1]
            [[prompt]]
            object_id = 4
            box = [0, 0, 1, 1]
            """
        let file = ConfigurationFile(path: "odd\nname", text: text)
        let loaded = try ConfigurationLoader.load([file], environment: ["AURALD_CAMERA_RATE": "12.5"], overrides: ["log.level=error"])
        #expect(try LoadedConfiguration.from(loaded.dump).configuration == loaded.configuration)
        let lines = loaded.dump.split(separator: "\n")
        for line in [
            "[source]", "kind = \"live\"  # default",
            "audio = \"a \\\"b\\\" \\\\ \\u0009.wav\"  # odd\\u000aname:2", "rate = 29.97  # odd\\u000aname:3",
            "rate = 12.5  # environment AURALD_CAMERA_RATE", "mode = \"0600\"  # odd\\u000aname:5", "level = \"error\"  # -o",
            "# cache is not set  # default", "[[prompt]]  # odd\\u000aname:6", "points = [[0.1, 0.2], [0.3, 1.0]]", "labels = [1, 0]",
        ] {
            #expect(lines.contains { $0 == line }, "\(line)")
        }
        #expect(lines.count { $0.contains("  # ") } == ConfigurationKey.all.count + 2)
    }

    @Test("the schema has every key with its kind, default and text")
    func schema() throws {
        let root = try #require(try JSONSerialization.jsonObject(with: Data(try Configuration.schema().utf8)) as? [String: Any])
        #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(root["additionalProperties"] as? Bool == false)
        let sections = try #require(root["properties"] as? [String: [String: Any]])
        #expect(Set(sections.keys) == Set(ConfigurationKey.sections + ["prompt"]))
        for key in ConfigurationKey.all {
            let section = try #require(sections[key.section])
            #expect(section["additionalProperties"] as? Bool == false)
            let property = try #require((section["properties"] as? [String: [String: Any]])?[key.name])
            #expect(property["description"] as? String == key.documentation)
            #expect(property["x-reload"] as? String == key.reload.rawValue)
            #expect((property["default"] != nil) == (key.defaultText != nil))
            switch key.kind {
            case .choice(let words): #expect(property["enum"] as? [String] == words)
            case .integer(let range):
                #expect(property["type"] as? String == "integer" && property["minimum"] as? Int == range.lowerBound)
            case .number(let range):
                #expect(property["type"] as? String == "number" && property["maximum"] as? Double == range.upperBound)
            case .boolean: #expect(property["type"] as? String == "boolean")
            case .choiceOrNumber: #expect((property["anyOf"] as? [Any])?.count == 2)
            case .string: #expect(property["minLength"] as? Int == 1)
            case .fileMode: #expect(property["pattern"] as? String == "^[0-7]{3,4}$")
            }
        }
        let prompt = try #require(sections["prompt"]?["items"] as? [String: Any])
        #expect(prompt["required"] as? [String] == ["object_id"])
        #expect(Set((prompt["properties"] as? [String: Any] ?? [:]).keys) == Set(ConfigurationKey.prompt.map(\.name)))
    }

    @Test(
        "what is probably not meant is warned of",
        arguments: [
            ("camera.device = '/dev/video0'", "a.toml:1: camera.device: /dev/video0: numbers change"),
            ("camera.device = '/dev/video12'", "use /dev/v4l/by-id/"),
            ("\nmicrophone.device = 'hw:1,0'", "a.toml:2: microphone.device: hw:1,0: numbers change"),
            ("microphone.device = 'plughw:0'", "use card:NAME"),
            ("microphone.buffer_ms = 39", "a.toml:1: microphone.buffer_ms: holds less than two periods"),
            ("microphone.period_ms = 101", "default: microphone.buffer_ms: holds less"),
            ("hearing.close_dbfs = -49.5", "a.toml:1: hearing.close_dbfs: above hearing.open_dbfs"),
            ("socket.mode = '0666'", "a.toml:1: socket.mode: lets every user"),
            ("source.path = 'clip.avi'", "a.toml:1: source.path: does nothing"), ("source.loop = true", "say source.kind = \"replay\""),
        ])
    func warnings(toml: String, words: String) throws {
        let loaded = try LoadedConfiguration.from(toml)
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.contains(words) == true, "\(loaded.warnings)")
    }

    @Test(
        "what is meant is not warned of",
        arguments: [
            "", "camera.device = '/dev/v4l/by-id/usb-046d_0825-video-index0'", "camera.device = 'none'", "microphone.device = 'hw:CARD=C920,DEV=0'",
            "microphone.device = 'card:C920'", "microphone.buffer_ms = 40",
            "hearing.close_dbfs = -50", "socket.mode = '0660'", "socket.mode = '0755'",
            "source.kind = 'replay'\nsource.path = 'clip.avi'\nsource.loop = true",
        ])
    func noWarnings(toml: String) throws {
        #expect(try LoadedConfiguration.from(toml).warnings == [])
    }
}
