import AuralInference
import AuralService
import Foundation
import Testing

extension EndToEnd {
    @Suite struct BenchTests {
        @Test("bench times every stage of a tracked frame, as JSON and as a table", .timeLimit(.minutes(1)))
        func stages() async throws {
            let model = try await Fixtures.model()
            let outcome = try await AuraldProcess.run(["bench", "--model", model, "--frames", "3", "--json"])
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            let report = try JSONDecoder().decode(ModelBenchmark.Report.self, from: Data(outcome.output.utf8))
            #expect(report.frames == 3 && report.objects == 1)
            let names = ["resize", "encode_rle", "image_encoder", "memory_attention", "mask_decoder", "memory_encoder", "whole frame"]
            #expect(report.lines.map(\.name) == names)
            for line in report.lines { #expect(line.median > 0 && line.p95 >= line.median, "\(line)") }
            #expect(report.framesPerSecond > 0 && report.peakMemoryMebibytes > 0)

            let table = try await AuraldProcess.run(["bench", "--model", model, "--frames", "1", "--objects", "2", "--threads", "1"])
            #expect(table.status == 0)
            #expect(table.lines.first?.hasPrefix("sam2.1_hiera_tiny at 256 px, f32, ") == true)
            for name in names { #expect(table.lines.contains { $0.hasPrefix(name + " ") }, "\(name)") }
            #expect(table.lines.last?.contains("frames a second over 1 frames") == true)
        }
    }
}
