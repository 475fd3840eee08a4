import ArgumentParser
import Foundation

/// `benchmarks length`: what a stream's length costs.
struct LengthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "length",
        abstract: "Time a process that has tracked many frames in turns with fresh ones.",
        discussion: """
            Machines are faster at one time than at another: the last frames of a long run tell nothing beside its first. So the old process stands still
            while a fresh one runs, and the other way round; ratios are those of a turn.

            Example:
              benchmarks length --model models/stamps --frames 100000 --turns 9 --with --precision bf16
            """)

    @Option(help: "The binary.")
    var aurald = ".build/release/aurald"

    @Option(help: "The model bundle.")
    var model: String

    @Option(help: "Frames that the old process has behind it when the first turn begins.")
    var frames = 100_000

    @Option(help: "Turns.")
    var turns = 5

    @Option(help: "Frames of a turn that count, of each process.")
    var stretch = 100

    @Option(parsing: .remaining, help: "Options of aurald bench for both processes; the last option here.")
    var with: [String] = []

    @Option(help: "Fail where the old process takes more than so many times the fresh one's time.")
    var atMost: Double?

    func validate() throws {
        guard turns > 0, stretch > 0, frames >= stretch else {
            throw ValidationError("--turns and --stretch: give at least 1, --frames no less than --stretch")
        }
    }

    func run() throws {
        // After a turn one stretch is thrown away, since the old process stood still in it, and the next counts.
        let old = try TimedProcess(aurald, model, with, frames: frames + 2 * (turns + 1) * stretch, every: stretch)
        defer { old.end() }
        let first = try old.stretch()
        while try old.stretch().frame < frames {}
        print("| turn | frame | ms | of a fresh process, ms | ratio |\n|---|---|---|---|---|")
        var ratios: [Double] = []
        var last = first
        for turn in 1...turns {
            _ = try old.stretch()
            last = try old.stretch()
            old.pause()
            let fresh = try TimedProcess(aurald, model, with, frames: 2 * stretch, every: stretch)
            defer { fresh.end() }
            _ = try fresh.stretch()
            let young = try fresh.stretch().median
            fresh.end()
            old.resume()
            ratios.append(last.median / young)
            print(String(format: "| %d | %d | %.2f | %.2f | %.3f |", turn, last.frame, last.median, young, last.median / young))
        }
        ratios.sort()
        let ratio = ratios[turns / 2]
        print(String(format: "frame %d by a fresh process: %.2f (%.2f … %.2f)", last.frame, ratio, ratios[0], ratios[turns - 1]))
        print(String(format: "memory at frame %d: %.1f MiB, at frame %d: %.1f MiB", first.frame, first.memory, last.frame, last.memory))
        if let atMost, ratio > atMost { throw ExitCode.failure }
    }
}
