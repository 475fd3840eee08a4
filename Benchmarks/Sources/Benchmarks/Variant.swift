import ArgumentParser
import Foundation

/// A model and options of `aurald bench`, under a label.
struct Variant: ExpressibleByArgument {
    let label: String
    let arguments: [String]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        label = parts[0]
        arguments = parts[1].split(separator: " ").map(String.init)
        guard !arguments.isEmpty else { return nil }
    }

    /// The part of `aurald bench --json` that is read.
    private struct Report: Decodable {
        struct Line: Decodable {
            var name: String
            var median: Double
        }
        var lines: [Line]
    }

    /// The median milliseconds of a stage in one run. Throws where the binary fails or does not tell.
    func measure(aurald: String, stage: String, frames: Int) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: aurald)
        process.arguments = ["bench", "--json", "--frames", String(frames), "--model"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ValidationError("\(label): aurald bench ended with \(process.terminationStatus)")
        }
        let lines = try JSONDecoder().decode(Report.self, from: data).lines
        guard let line = lines.first(where: { $0.name == stage }) else {
            throw ValidationError("\(label): no stage \(stage) among \(lines.map(\.name).joined(separator: ", "))")
        }
        return line.median
    }
}
