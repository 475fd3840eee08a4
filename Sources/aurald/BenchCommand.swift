import ArgumentParser
import AuralCore
import AuralInference
import AuralNetworks
import AuralService
import AuralTracking
import Foundation

/// `aurald bench`: how fast a model is on this machine, or how quickly records reach many clients.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time a model on this machine, or the way of records to many clients.",
        discussion: """
            With --model: each stage and the whole frame, with a full memory bank.
            With --clients: a server without a model sends masks to so many clients, some of which never read or only send garbage.

            Examples:
              aurald bench --model models/tiny-512 --precision bf16 --threads 2
              aurald bench --model models/tiny-512 --profile
              aurald bench --model models/tiny-512 --frames 100000 --every 1000 --json
              aurald bench --clients 200
            """)

    @Option(help: ArgumentHelp("Time this model bundle, made by aurald import.", valueName: "folder"), completion: .directory)
    var model: String?

    @OptionGroup var engine: EngineOptions

    @Option(help: "With --model: frames to measure, after those that fill the memory bank.")
    var frames = 40

    @Option(help: "With --model: objects to track.")
    var objects = 1

    @OptionGroup var crowd: CrowdOptions

    @Flag(help: "With --model: also where the time of each stage goes, layer by layer; measuring that costs some time itself.")
    var profile = false

    @Option(help: "With --model: tell time and memory of each so many frames on the way; with --json a line each.")
    var every: Int?

    @Flag(help: "With --model: do not time sound, where the model has ears.")
    var withoutSound = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (model == nil) != (crowd.clients == nil) else { throw ValidationError("give either --model or --clients") }
        guard (1...1_000_000).contains(frames) else { throw ValidationError("--frames: give 1 to 1000000") }
        if let every, !(1...frames).contains(every) { throw ValidationError("--every: give 1 to the number of frames") }
        guard (1...64).contains(objects) else { throw ValidationError("--objects: give 1 to 64") }
    }

    func run() async throws {
        if let model {
            try benchmark(model)
        } else if let socket = crowd.crowd {
            try CrowdReport.playClients(crowd.size, socket)
        } else {
            let options = ClientBenchmark.Options(crowd: crowd.size, seconds: crowd.seconds, rate: crowd.rate)
            let report = try await ClientBenchmark(options).run()
            if json { print(try JSONText.line(report), terminator: "") } else { CrowdReport.print(report) }
        }
    }

    private func benchmark(_ path: String) throws {
        let (bundle, openVINO) = try engine.bundleAndEngine(model: path, profiles: profile)
        let model = try SegmentationModel(
            bundle, engine: openVINO, precision: engine.precision, poolsMemories: engine.poolMemories, usesWindows: engine.windows)
        let progress = ProgressLine("bench")
        if every != nil, !json { try Self.write(Self.row("frames", "median ms", "p95 ms") + "   resident\n") }
        let benchmark = try ModelBenchmark(model, frames: frames, objects: objects, hears: !withoutSound)
        let report = try benchmark.run(every: every, stretch: tell) { progress.show($0, $1) }
        progress.finish()
        if json { return print(try JSONText.line(report), terminator: "") }
        print(
            "\(bundle.manifest.network.name) at \(bundle.manifest.imageSize) px, \(engine.precision.rawValue), \(openVINO.summary), \(objects) object(s)"
        )
        print(Self.row("stage", "median ms", "p95 ms"))
        for line in report.lines { print(Self.row(line.name, Self.number(line.median), Self.number(line.p95))) }
        for (title, entries) in [("layers by type", report.layerTypes), ("longest layers", report.layers)] {
            guard let entries else { continue }
            print("\n\(title)")
            for entry in entries { print(Self.row(entry)) }
        }
        if let sound = report.sound { Self.printSound(sound) }
        print(
            "\(Self.number(report.framesPerSecond)) frames a second over \(report.frames) frames, peak memory \(Self.number(report.peakMemoryMebibytes)) MiB"
        )
        if let drift = report.lastTenthByFirst { print("the last tenth of the frames took \(Self.number(drift)) times as long as the first") }
    }

    /// At once, so that who reads it need not wait for the end.
    private func tell(_ stretch: ModelBenchmark.Stretch) throws {
        let line =
            json
            ? try JSONText.line(stretch)
            : Self.row("to frame \(stretch.frame)", Self.number(stretch.median), Self.number(stretch.p95))
                + "   \(Self.number(stretch.residentMebibytes)) MiB\n"
        try Self.write(line)
    }

    private static func write(_ text: String) throws { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    private static func printSound(_ sound: ModelBenchmark.SoundCost) {
        func percent(_ rate: Double) -> String { number(100 * sound.share(framesPerSecond: rate)) + " %" }
        print(
            "sound: a keyframe takes \(number(sound.keyframeMilliseconds)) ms more (decoder \(number(sound.audioDecoderMilliseconds)) instead of \(number(sound.decoderMilliseconds)) ms)"
        )
        let rate = 1000 / max(sound.frameMilliseconds, 1)
        print(
            "one keyframe a second adds to an average frame \(percent(rate)) at this machine's \(number(rate)) frames a second, \(percent(17.2)) at 17.2, \(percent(30)) at 30"
        )
    }

    private static func row(_ name: String, _ median: String, _ p95: String) -> String {
        func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }
        return name + String(repeating: " ", count: max(22 - name.count, 0)) + pad(median, 10) + pad(p95, 10)
    }

    private static func row(_ entry: LayerLedger.Entry) -> String {
        let name = "\(entry.stage)  \(entry.name) (\(entry.detail))"
        return number(entry.milliseconds) + String(format: " ms %5.1f %%  ", 100 * entry.share) + name
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}
