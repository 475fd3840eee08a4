import Foundation
import Testing

extension EndToEnd {
    @Suite struct ConfigurationTests {
        @Test(
            "A configuration that is wrong ends with 78 and names the key", .timeLimit(.minutes(4)),
            arguments: [
                ("[socket]\nmax_client = 3\n", [".toml:2: socket.max_client:", "did you mean max_clients?"]),
                ("[sokcet]\npath = \"/tmp/s\"\n", [".toml:1: sokcet:", "did you mean socket?"]),
                ("[source]\nzzzzzz = 1\n", ["source.zzzzzz:", "unknown key"]),
                ("[source]\nloop = \"yes\"\n", [".toml:2: source.loop:", "true or false"]),
                ("[source]\nrate = -1\n", ["source.rate:", "0.01"]),
                ("[model]\nthreads = \"two\"\n", ["model.threads:", "whole number"]),
                ("[model]\nprecision = \"f64\"\n", ["model.precision:", "\"f32\" or \"bf16\""]),
                ("[socket]\nclient_bytes = 1\n", ["socket.client_bytes:", "4096"]),
                ("socket = 3\n", [".toml:1: socket:", "[socket]"]),
                ("[camera]\n\nwidth = 640 # pixels\nrate = \"fast\"\n", [".toml:4: camera.rate:", "0.1…1000"]),
                ("[microphone]\noffset_ms = 5000\n", ["microphone.offset_ms:", "-2000…2000"]),
                ("[socket]\nmode = 660\n", ["socket.mode:", "octal"]),
                ("[log]\nlevel = \"loud\"\n", ["log.level:", "\"info\""]),
                ("[[prompt]]\nobject_id = -1\npoints = [[0.5, 0.5]]\nlabels = [1]\n", ["prompt[0].object_id:"]),
                ("[[prompt]]\nobject_id = 1\npoints = [[1.5, 0.5]]\nlabels = [1]\n", [".toml:3: prompt[0].points[0]:", "0…1"]),
                ("[[prompt]]\nobject_id = 1\n", ["prompt[0]:", "points"]),
                ("[socket\n", [".toml:1:"]),
                ("a = 1\na = 2\n", [".toml:2:"]),
            ])
        func wrong(text: String, words: [String]) async throws {
            let file = try Fixtures.file("aurald.toml", text.utf8)
            let outcome = try await AuraldProcess.run(["run", "--config", file])
            expectFailure(outcome, 78, naming: file)
            for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        }

        @Test("A configuration that is missing ends with 66", .timeLimit(.minutes(4)))
        func missing() async throws {
            let file = Fixtures.path("aurald.toml")
            expectFailure(try await AuraldProcess.run(["run", "--config", file]), 66, naming: file)
        }

        @Test("run takes the same layers as check", .timeLimit(.minutes(4)))
        func layers() async throws {
            let file = try Fixtures.file("aurald.toml", "".utf8)
            expectFailure(try await AuraldProcess.run(["run", "--config", file, "-o", "model.threads=x"]), 78, naming: "-o model.threads:")
            expectFailure(
                try await AuraldProcess.shell("export AURALD_MODEL_THREADS=x; aurald run --config \(file)"), 78, naming: "AURALD_MODEL_THREADS")
            let configuration = try await AuraldDaemon.configuration()
            let none = Fixtures.path("nothing")
            let outcome = try await AuraldProcess.run(["run", "--config", configuration, "-o", "source.path=\(none)", "--log-level", "critical"])
            expectFailure(outcome, 66, naming: none)
        }
    }
}
