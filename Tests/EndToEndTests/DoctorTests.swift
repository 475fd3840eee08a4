import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct DoctorTests {
        /// A check of `aurald doctor --json`.
        private struct Finding: Decodable {
            let check, verdict, message: String
            let advice: String?
        }

        private struct Report: Decodable {
            let verdict: String
            let findings: [Finding]

            func finding(_ check: String) throws -> Finding { try #require(findings.first { $0.check == check }) }
        }

        private func report(_ configuration: String) async throws -> Report {
            let outcome = try await AuraldProcess.run(["doctor", "--json", "--config", configuration])
            #expect(outcome.errors == "")
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(outcome.status == (report.verdict == "failed" ? 69 : 0))
            #expect((report.verdict == "failed") == report.findings.contains { $0.verdict == "failed" })
            return report
        }

        @Test("doctor sees a running daemon, its model and the engine", .timeLimit(.minutes(4)))
        func running() async throws {
            let settings = AuraldDaemon.Settings()
            try await AuraldDaemon.with(settings) { _ in
                let report = try await report(try await AuraldDaemon.configuration(settings))
                for check in ["configuration", "engine", "clock", "boot id", "socket"] {
                    let finding = try report.finding(check)
                    #expect(finding.verdict == "ok", "\(finding)")
                }
                #expect(try report.finding("socket").message.contains(/aurald \d+\.\d+\.\d+ answers/))
                // The test's weights are nobody's.
                #expect(try report.finding("model").verdict == "warning")
            }
        }

        @Test("doctor names a damaged model, a file in the socket's place and a wrong key, and ends with 69", .timeLimit(.minutes(4)))
        func damaged() async throws {
            let model = try await Fixtures.modelCopy()
            let weights = "\(model)/weights.bin"
            let file = try FileHandle(forUpdating: URL(filePath: weights))
            try file.write(contentsOf: Data([1, 2, 3, 4, 5, 6, 7, 8]))
            try file.close()
            let occupied = try Fixtures.file("occupied", "x".utf8)
            let configuration = try Fixtures.file("aurald.toml", "[model]\npath = \"\(model)\"\n[socket]\npath = \"\(occupied)\"\n".utf8)
            let outcome = try await AuraldProcess.run(["doctor", "--config", configuration])
            #expect(outcome.status == 69 && outcome.errors == "")
            #expect(outcome.lines.contains { $0.hasPrefix("failed") && $0.contains("weights.bin") && $0.contains("sha256") }, "\(outcome.output)")
            #expect(outcome.lines.contains { $0.hasPrefix("failed") && $0.contains("\(occupied) exists and is no socket") })
            #expect(outcome.lines.contains { $0.contains("→ ") })

            let wrong = try Fixtures.file("aurald.toml", "[socket]\npaht = \"x\"\n".utf8)
            let report = try await report(wrong)
            #expect(try report.finding("configuration").verdict == "failed")
            #expect(try report.finding("configuration").message.contains("paht"))
        }
    }
}
