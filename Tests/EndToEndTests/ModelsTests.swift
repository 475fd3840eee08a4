import Foundation
import Testing

extension EndToEnd {
    @Suite struct ModelsTests {
        @Test("Bundles are listed, checked, and a damaged one is told apart", .timeLimit(.minutes(4)))
        func models() async throws {
            let copy = try await Fixtures.modelCopy()
            let folder = URL(filePath: copy).deletingLastPathComponent().path
            let listed = try await AuraldProcess.run(["models", "list", folder, copy])
            #expect(listed.status == 0 && listed.errors == "", "\(listed.errors)")
            #expect(
                listed.output.contains(#/^.*model: sam2.1_hiera_tiny at 256 px, \d+ MB, untrained: its masks mean nothing\n$/#), "\(listed.output)")
            let json = try await AuraldProcess.run(["models", "list", folder, "--json"])
            let entries = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            #expect(entries?.count == 1 && entries?[0]["image_size"] as? Int == 256 && entries?[0]["trained"] as? Bool == false)

            let whole = try await AuraldProcess.run(["models", "verify", copy])
            #expect(whole.status == 0 && whole.output.contains("model: ok, "), "\(whole.errors)")
            let weights = "\(copy)/weights.bin"
            var bytes = try Fixtures.bytes(weights)
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(filePath: weights))
            expectFailure(try await AuraldProcess.run(["models", "verify", copy]), 65, naming: "weights.bin", "sha256")

            let nothing = try await AuraldProcess.run(["models", Fixtures.path("none")])
            #expect(nothing.status == 0 && nothing.output == "" && nothing.errors.contains("aurald import makes one"))
        }

        @Test("Names cannot steer the terminal", .timeLimit(.minutes(5)))
        func escapes() async throws {
            let outcome = try await AuraldProcess.run(["models", "verify", "/tmp/\u{1B}[31mred"])
            #expect(outcome.status == 66 && !outcome.errors.contains("\u{1B}") && outcome.errors.contains(#"\u{1b}[31mred"#), "\(outcome.errors)")
        }
    }
}
