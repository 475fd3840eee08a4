import ArgumentParser
import AuralInference
import AuralNetworks
import AuralService
import AuralTracking
import Foundation

/// `aurald bench`: how fast a model is on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time a model on this machine: each stage and the whole frame, with a full memory bank.",
        discussion: "Example: aurald bench --model models/tiny-512 --precision bf16 --threads 2")

    @OptionGroup var options: ModelOptions

    @Option(help: "Frames to measure, after those that fill the memory bank.")
    var frames = 40

    @Option(help: "Objects to track.")
    var objects = 1

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(frames) else { throw ValidationError("--frames: give 1 to 100000") }
        guard (1...64).contains(objects) else { throw ValidationError("--objects: give 1 to 64") }
    }

    func run() throws {
        let (bundle, engine) = try options.bundleAndEngine()
        let model = try SegmentationModel(bundle, engine: engine, precision: options.precision)
        let progress = ProgressLine("bench")
        let report = try ModelBenchmark(model, frames: frames, objects: objects).run { progress.show($0, $1) }
        progress.finish()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
            return
        }
        print(
            "\(bundle.manifest.network.name) at \(bundle.manifest.imageSize) px, \(options.precision.rawValue), \(engine.summary), \(objects) object(s)"
        )
        print(Self.row("stage", "median ms", "p95 ms"))
        for line in report.lines { print(Self.row(line.name, Self.number(line.median), Self.number(line.p95))) }
        print(
            "\(Self.number(report.framesPerSecond)) frames a second over \(report.frames) frames, peak memory \(Self.number(report.peakMemoryMebibytes)) MiB"
        )
    }

    private static func row(_ name: String, _ median: String, _ p95: String) -> String {
        func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }
        return name + String(repeating: " ", count: max(22 - name.count, 0)) + pad(median, 10) + pad(p95, 10)
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}
