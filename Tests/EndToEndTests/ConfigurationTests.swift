import Foundation
import Testing

extension EndToEnd {
    @Suite struct ConfigurationTests {
        @Test(
            "A configuration that is wrong ends with 78 and names the key", .timeLimit(.minutes(1)),
            arguments: [
                ("[socket]\nmax_client = 3\n", ["socket.max_client:", "did you mean max_clients?"]),
                ("[sokcet]\npath = \"/tmp/s\"\n", ["sokcet:", "did you mean socket?"]),
                ("[source]\nzzzzzz = 1\n", ["source.zzzzzz:", "unknown key"]),
                ("[source]\nloop = \"yes\"\n", ["source.loop:", "true or false"]),
                ("[source]\nrate = -1\n", ["source.rate:", "0.01"]),
                ("[model]\nthreads = \"two\"\n", ["model.threads:", "whole number"]),
                ("[model]\nprecision = \"f64\"\n", ["model.precision:", "\"f32\" or \"bf16\""]),
                ("[socket]\nclient_bytes = 1\n", ["socket.client_bytes:", "4096"]),
                ("socket = 3\n", ["socket:", "[socket]"]),
                ("[[prompt]]\nobject_id = 0\npoints = [[0.5, 0.5]]\nlabels = [1]\n", ["prompt[0].object_id:"]),
                ("[[prompt]]\nobject_id = 1\npoints = [[1.5, 0.5]]\nlabels = [1]\n", ["prompt[0].points[0]:", "0…1"]),
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

        @Test("A configuration that is missing ends with 66", .timeLimit(.minutes(1)))
        func missing() async throws {
            let file = Fixtures.path("aurald.toml")
            expectFailure(try await AuraldProcess.run(["run", "--config", file]), 66, naming: file)
        }
    }
}
