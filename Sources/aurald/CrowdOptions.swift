import ArgumentParser
import AuralService
import Foundation

/// The options of `bench --clients`.
struct CrowdOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Time the way to this many clients, up to 900.", valueName: "count"))
    var clients: Int?

    @Option(help: ArgumentHelp("Of these, how many never read; by default one in ten.", valueName: "count"))
    var stalled: Int?

    @Option(help: ArgumentHelp("Of these, how many only send garbage; by default one in a hundred.", valueName: "count"))
    var garbage: Int?

    @Option(help: "With --clients: seconds to measure.")
    var seconds = 10.0

    @Option(help: "With --clients: frames a second.")
    var rate = 30.0

    // What the benchmark starts as its second process.
    @Option(help: .hidden)
    var crowd: String?

    /// How many clients of each kind.
    var size: ClientBenchmark.Crowd.Size {
        let total = clients ?? 0
        let (stalled, garbage) = (stalled ?? total / 10, garbage ?? total / 100)
        return ClientBenchmark.Crowd.Size(reading: total - stalled - garbage, stalled: stalled, garbage: garbage)
    }

    func validate() throws {
        guard let clients else { return }
        // Each takes a descriptor in both processes, and 1024 is the usual limit.
        guard (1...900).contains(clients) else { throw ValidationError("--clients: give 1 to 900") }
        guard (0...900).contains(stalled ?? 0), (0...900).contains(garbage ?? 0), size.reading > 0 else {
            throw ValidationError("--stalled and --garbage: at least one of --clients must be left to read")
        }
        guard (0.1...600).contains(seconds) else { throw ValidationError("--seconds: give 0.1 to 600") }
        guard (0.1...1000).contains(rate) else { throw ValidationError("--rate: give 0.1 to 1000") }
    }
}

/// What `bench --clients` prints.
enum CrowdReport {
    /// The second process: tells on standard output that all clients are there, and then what they saw.
    static func playClients(_ size: ClientBenchmark.Crowd.Size, _ socket: String) throws {
        let crowd = try ClientBenchmark.Crowd(path: socket, size: size)
        let output = FileHandle.standardOutput
        let outcome = try crowd.run { output.write(Data("\n".utf8)) }
        output.write(try JSONEncoder().encode(outcome))
    }

    /// A table for people.
    static func print(_ report: ClientBenchmark.Report) {
        Swift.print("\(report.clients) clients, \(report.stalled) of them never read, \(report.garbage) send garbage")
        Swift.print(
            "\(report.frames) frames, \(report.framesLost) lost at the source; \(report.delivered) records delivered, \(report.dropped) dropped, "
                + (report.unaccounted == 0 ? "all accounted for" : "\(report.unaccounted) CLIENTS MISS FRAMES WITHOUT NOTICE"))
        Swift.print(row("ms", ["p50", "p95", "p99", "max"]))
        Swift.print(row("delivery", report.delivery))
        Swift.print(row("publish", report.publish))
        Swift.print("the server took \(String(format: "%.1f", report.processorShare * 100)) % of a core")
    }

    private static func row(_ name: String, _ values: ClientBenchmark.Percentiles) -> String {
        row(name, [values.p50, values.p95, values.p99, values.max].map { String(format: "%.3f", $0) })
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let padded = cells.map { String(repeating: " ", count: max(10 - $0.count, 0)) + $0 }
        return name + String(repeating: " ", count: max(12 - name.count, 0)) + padded.joined()
    }
}
