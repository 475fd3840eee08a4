import AuralInference
import AuralNetworks
import AuralService
import Foundation
import Testing

extension EndToEnd {
    @Suite struct BenchTests {
        @Test("bench times every stage of a tracked frame, as JSON and as a table", .timeLimit(.minutes(4)))
        func stages() async throws {
            let model = try await Fixtures.model()
            let outcome = try await AuraldProcess.run(["bench", "--model", model, "--frames", "3", "--json"])
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            let report = try JSONDecoder().decode(ModelBenchmark.Report.self, from: Data(outcome.output.utf8))
            #expect(report.frames == 3 && report.objects == 1)
            #expect(outcome.output.contains(#""frames_per_second":"#) && outcome.output.contains(#""peak_memory_mebibytes":"#))
            let names = [
                "resize", "encode_rle", "image_encoder", "first_self_attention", "memory_attention", "mask_decoder", "memory_encoder", "whole frame",
            ]
            #expect(report.lines.map(\.name) == names)
            for line in report.lines { #expect(line.median > 0 && line.p95 >= line.median, "\(line)") }
            #expect(report.framesPerSecond > 0 && report.peakMemoryMebibytes > 0)

            let table = try await AuraldProcess.run(["bench", "--model", model, "--frames", "1", "--objects", "2", "--threads", "1"])
            #expect(table.status == 0)
            #expect(table.lines.first?.hasPrefix("sam2.1_hiera_tiny at 256 px, f32, ") == true)
            for name in names { #expect(table.lines.contains { $0.hasPrefix(name + " ") }, "\(name)") }
            #expect(table.lines.last?.contains("frames a second over 1 frames") == true)
        }

        @Test("bench --profile tells where the time of each stage goes, as JSON and as a table", .timeLimit(.minutes(4)))
        func layers() async throws {
            let model = try await Fixtures.model()
            let outcome = try await AuraldProcess.run(["bench", "--model", model, "--frames", "2", "--profile", "--json"])
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            let report = try JSONDecoder().decode(ModelBenchmark.Report.self, from: Data(outcome.output.utf8))
            let types = try #require(report.layerTypes)
            for stage in ["image_encoder", "memory_attention", "mask_decoder", "memory_encoder"] {
                let shares = types.filter { $0.stage == stage }.map(\.share)
                #expect(shares.count > 2 && abs(shares.reduce(0, +) - 1) < 1e-6, "\(stage): \(shares)")
                #expect(shares == shares.sorted(by: >))
                #expect(report.layers?.count { $0.stage == stage } == 12)
                // What the layers take is a part of what the stage takes, as it is measured around it; of two frames, p95 is the longer.
                let whole = report.lines.first { $0.name == stage }?.p95 ?? 0
                #expect(types.filter { $0.stage == stage }.reduce(0) { $0 + $1.milliseconds } < 1.5 * whole, "\(stage): \(whole)")
            }
            let table = try await AuraldProcess.run(["bench", "--model", model, "--frames", "1", "--profile"])
            #expect(table.status == 0 && table.lines.contains("layers by type") && table.lines.contains("longest layers"))
            #expect(table.lines.contains { $0.contains("image_encoder  Convolution (") })
        }

        @Test("bench --every tells of stretches of frames on the way, and --without-sound times none", .timeLimit(.minutes(4)))
        func stretches() async throws {
            let bench = ["bench", "--model", try Fixtures.hearing(.online), "--frames", "5"]
            let heard = try await AuraldProcess.run(bench + ["--json"])
            #expect(try JSONDecoder().decode(ModelBenchmark.Report.self, from: Data(heard.output.utf8)).sound != nil)
            let arguments = bench + ["--every", "2", "--without-sound"]
            let outcome = try await AuraldProcess.run(arguments + ["--json"])
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n").map { Data($0.utf8) }
            let stretches = try lines.dropLast().map { try JSONDecoder().decode(ModelBenchmark.Stretch.self, from: $0) }
            #expect(stretches.map(\.frame) == [2, 4])
            for stretch in stretches { #expect(stretch.median > 0 && stretch.p95 >= stretch.median && stretch.residentMebibytes > 1) }
            let report = try JSONDecoder().decode(ModelBenchmark.Report.self, from: #require(lines.last))
            #expect(report.frames == 5 && report.sound == nil)

            let table = try await AuraldProcess.run(arguments)
            #expect(table.status == 0 && table.lines.first?.hasPrefix("frames ") == true, "\(table.output)")
            #expect(table.lines.dropFirst().prefix(2).map { $0.prefix(10) } == ["to frame 2", "to frame 4"])
        }

        @Test("bench --clients accounts for every frame at every client that reads, as JSON and as a table", .timeLimit(.minutes(4)))
        func clients() async throws {
            let arguments = ["bench", "--clients", "20", "--garbage", "1", "--seconds", "1"]
            let outcome = try await AuraldProcess.run(arguments + ["--json"])
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            let report = try JSONDecoder().decode(ClientBenchmark.Report.self, from: Data(outcome.output.utf8))
            #expect(report.clients == 20 && report.stalled == 2 && report.garbage == 1 && report.frames == 30)
            #expect(report.delivered + report.dropped == 30 * 17 && report.unaccounted == 0)
            #expect(report.delivery.p50 > 0 && report.delivery.p99 >= report.delivery.p50 && report.delivery.max >= report.delivery.p99)
            #expect(report.publish.max > 0)
            #expect(outcome.output.contains(#""frames_lost":"#) && outcome.output.contains(#""processor_share":"#))

            let table = try await AuraldProcess.run(arguments)
            #expect(table.status == 0 && table.errors == "", "\(table.errors)")
            #expect(table.lines.first == "20 clients, 2 of them never read, 1 send garbage")
            #expect(table.output.contains("all accounted for"))
            for name in ["delivery ", "publish "] { #expect(table.lines.contains { $0.hasPrefix(name) }) }
        }

        @Test(
            "--model and --clients exclude each other, and somebody must be left to read", .timeLimit(.minutes(4)),
            arguments: [
                (["bench"], "--model"), (["bench", "--model", "m", "--clients", "5"], "--clients"), (["bench", "--clients", "0"], "--clients"),
                (["bench", "--clients", "5", "--stalled", "5"], "--stalled"), (["bench", "--clients", "5", "--garbage", "-1"], "--garbage"),
                (["bench", "--clients", "5", "--seconds", "0"], "--seconds"), (["bench", "--clients", "5", "--rate", "nan"], "--rate"),
                (["bench", "--model", "m", "--frames", "5", "--every", "6"], "--every"), (["bench", "--model", "m", "--every", "0"], "--every"),
            ])
        func misuse(arguments: [String], named: String) async throws {
            let outcome = try await AuraldProcess.run(arguments)
            #expect(outcome.status == 64 && outcome.output == "")
            #expect(outcome.errors.contains(named), "\(outcome.errors)")
        }
    }
}
