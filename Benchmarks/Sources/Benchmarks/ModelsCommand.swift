import ArgumentParser
import Foundation

/// `benchmarks models`: `aurald bench` with several models or options, in turns, and their ratios.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Run aurald bench with several models or options in turns, and compare their times.",
        discussion: """
            A variant is LABEL=MODEL, and options of aurald bench after it. Ratios are those of a round, whose runs follow each other; their median counts.

            Example:
              benchmarks models --aurald .build/release/aurald \\
                  --variant 'f32=models/tiny' --variant 'int8=models/tiny-int8 --precision bf16' --at-most 1.0
            """)

    @Option(help: "The binary.")
    var aurald = ".build/release/aurald"

    @Option(help: "What to run; the first is what the others are compared with.")
    var variant: [Variant]

    @Option(help: "Rounds.")
    var rounds = 5

    @Option(help: "Frames of a run that count.")
    var frames = 10

    @Option(help: "The stage to compare, as aurald bench names it.")
    var stage = "whole frame"

    @Option(help: "Fail where a variant takes more than so many times the first one's time.")
    var atMost: Double?

    func validate() throws {
        guard variant.count > 1 else { throw ValidationError("--variant: give at least two") }
        guard rounds > 0, frames > 0 else { throw ValidationError("--rounds and --frames: give at least 1") }
    }

    func run() throws {
        var times: [[Double]] = variant.map { _ in [] }
        for round in 0..<rounds {
            // Every other round backwards, so that nobody always comes after the same one.
            for index in round % 2 == 0 ? Array(variant.indices) : variant.indices.reversed() {
                times[index].append(try variant[index].measure(aurald: aurald, stage: stage, frames: frames))
            }
        }
        print("\(stage), \(rounds) rounds of \(frames) frames\n| variant | median ms | ratio (least … greatest) |\n|---|---|---|")
        var isSlow = false
        for (variant, own) in zip(variant, times) {
            let ratios = zip(own, times[0]).map { $0 / $1 }.sorted()
            let ratio = ratios[ratios.count / 2]
            let spread = String(format: "%.2f (%.2f … %.2f)", ratio, ratios[0], ratios[ratios.count - 1])
            print("| \(variant.label) | \(String(format: "%.1f", own.sorted()[own.count / 2])) | \(spread) |")
            if let atMost, ratio > atMost { isSlow = true }
        }
        if isSlow { throw ExitCode.failure }
    }
}
