import AuralCore
import AuralService
import Foundation
import Testing

@Suite struct ConfigurationTests {
    private func error(_ toml: String) -> ConfigurationError? {
        do {
            _ = try Configuration(toml: toml, file: "a.toml")
            return nil
        } catch {
            return error
        }
    }

    private var example: String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "configs/aurald.toml").path
    }

    @Test("the file that we ship holds every key at its default")
    func shipped() throws {
        #expect(try Configuration(file: example) == Configuration())
        #expect(
            try String(contentsOfFile: example, encoding: .utf8) == Configuration.document,
            "write it again from Configuration.document")
        let withoutValues = ConfigurationKey.all.filter { $0.defaultText == nil }.map(\.path)
        #expect(withoutValues == ["source.audio", "model.cache"])
        for key in ConfigurationKey.all {
            #expect(Configuration.document.contains("\n\(key.defaultText == nil ? "# " : "")\(key.name) = "))
        }
    }

    @Test("nothing at all is the defaults")
    func empty() throws {
        #expect(try Configuration(toml: "", file: "a.toml") == Configuration())
    }

    @Test("every key is read")
    func everyKey() throws {
        let configuration = try Configuration(
            toml: """
                [source]
                kind = "replay"
                path = "clip"
                audio = "clip.wav"
                loop = true
                rate = 12
                [model]
                path = "m"
                precision = "bf16"
                threads = 3
                cache = "c"
                max_conditioning = 7
                [socket]
                path = "s"
                max_clients = 5
                client_bytes = 5000
                mask_size = "native"
                [[prompt]]
                object_id = 1
                points = [[0.25, 1], [0, 0.5]]
                labels = [1, 0]
                [[prompt]]
                object_id = 2
                box = [0.1, 0.2, 0.5, 1]
                """, file: "a.toml")
        var expected = Configuration()
        expected.source.path = "clip"
        expected.source.audio = "clip.wav"
        expected.source.loop = true
        expected.source.rate = .framesPerSecond(12)
        expected.model.path = "m"
        expected.model.precision = .bf16
        expected.model.threads = 3
        expected.model.cache = "c"
        expected.model.maximumConditioning = 7
        expected.socket.path = "s"
        expected.socket.maximumClients = 5
        expected.socket.clientBytes = 5000
        expected.socket.maskSize = .native
        expected.prompts = [
            .init(
                objectID: ObjectID(1),
                points: [PointPrompt(x: 0.25, y: 1, isPositive: true), PointPrompt(x: 0, y: 0.5, isPositive: false)]),
            .init(objectID: ObjectID(2), points: [], box: BoxPrompt(left: 0.1, top: 0.2, right: 0.5, bottom: 1)),
        ]
        #expect(configuration == expected)
        #expect(try Configuration(toml: "source.rate = 0.5", file: "").source.rate == .framesPerSecond(0.5))
    }

    @Test(
        "a fault names its key and what would be right",
        arguments: [
            ("[socket]\nmax_client = 3", "socket.max_client", "max_clients"), ("[sockets]", "sockets", "socket"),
            ("[zzz]", "zzz", "prompt"), ("colour = 1", "colour", "known"),
            ("[socket]\nzzzzzzzz = 3", "socket.zzzzzzzz", "known here"),
            ("socket = 3", "socket", "table"), ("[socket]\nmax_clients = \"3\"", "socket.max_clients", "1…1000"),
            ("[socket]\nmax_clients = 0", "socket.max_clients", "1…1000"),
            ("[socket]\nmax_clients = 3.0", "socket.max_clients", "whole"),
            ("[socket]\npath = \"\"", "socket.path", "empty"), ("[socket]\npath = 1", "socket.path", "string"),
            ("[model]\nprecision = \"f16\"", "model.precision", "\"bf16\""), ("[source]\nloop = \"yes\"", "source.loop", "true"),
            ("[source]\nrate = 0", "source.rate", "clip"), ("[source]\nrate = inf", "source.rate", "clip"),
            ("[source]\nrate = nan", "source.rate", "clip"), ("[source]\nkind = \"camera\"", "source.kind", "replay"),
            ("[model]\nthreads = 9223372036854775807", "model.threads", "0…1024"), ("prompt = 1", "prompt", "[[prompt]]"),
            ("[prompt]\nobject_id = 1", "prompt", "[[prompt]]"), ("prompt = [1]", "prompt", "[[prompt]]"),
            ("[[prompt]]\nbox = [0, 0, 1, 1]", "prompt[0].object_id", "1…1000000"),
            ("[[prompt]]\nobject_id = 1", "prompt[0]", "points"),
            ("[[prompt]]\nobject_id = 1\nbox = [0, 0, 1]", "prompt[0].box", "4"),
            ("[[prompt]]\nobject_id = 1\nbox = [0.5, 0, 0.5, 1]", "prompt[0].box", "left < right"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 2]]\nlabels = [1]", "prompt[0].points[0]", "0…1"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 1]]\nlabels = []", "prompt[0].labels", "one number"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 1]]\nlabels = [2]", "prompt[0].labels[0]", "1 where"),
            ("[[prompt]]\nobject_id = 1\npoint = [[0, 1]]", "prompt[0].point", "points"),
            (
                "[[prompt]]\nobject_id = 1\nbox=[0,0,1,1]\n[[prompt]]\nobject_id = 1\nbox=[0,0,1,1]", "prompt[1].object_id",
                "already"
            ),
        ])
    func faults(toml: String, key: String, hint: String) throws {
        let error = try #require(self.error(toml))
        #expect(error.key == key)
        #expect(error.description.hasPrefix("a.toml: \(key): "))
        #expect(error.message.contains(hint), "\(error.message)")
        #expect(error.exitStatus == .configuration)
        #expect(!error.description.contains("\n"))
    }

    @Test("a fault of syntax names its line")
    func syntax() throws {
        let error = try #require(self.error("[socket]\npath = \"a\"\nmax_clients = = 3\n"))
        #expect(error.line == 3)
        #expect(error.description.hasPrefix("a.toml:3: "))
        #expect(self.error("[socket]\n[socket]\n") != nil)
    }

    @Test("a file that cannot be read is named")
    func missing() {
        let error = #expect(throws: ConfigurationError.self) { try Configuration(file: "/nonexistent/aurald.toml") }
        #expect(error?.exitStatus == .noInput)
        #expect(error?.description.hasPrefix("/nonexistent/aurald.toml: ") == true)
    }
}
