import ArgumentParser
import AuralCore
import AuralWire

/// `benchmarks wire`: masks and records, without sockets or networks.
struct WireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wire", abstract: "Time masks' run lengths and records, at several picture sizes.")

    @Option(help: "Runs of each; the median counts.")
    var runs = 200

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs: give at least 1") }
    }

    func run() throws {
        print("| picture | run lengths of logits, µs | record, µs | reading it, µs | decoding its mask, µs | bytes |\n|---|---|---|---|---|---|")
        for (width, height) in [(640, 480), (1280, 720), (1920, 1080)] { try report(width, height) }
    }

    private func report(_ width: Int, _ height: Int) throws {
        let side = 256
        let logits = Self.disc(side)
        var masks = RunLengthEncoder()
        var records = FrameRecordEncoder()
        let encoding = try median {
            try logits.withUnsafeBufferPointer {
                try masks.encode(logits: $0, logitsWidth: side, logitsHeight: side, width: width, height: height)
            }
        }
        let object = FrameObject(objectID: ObjectID(1), kind: .prompt, score: 0.9, iou: 0.8, encoder: masks)
        let record = FrameRecord(
            sequence: 1, time: MonoTime(nanoseconds: 1), latencyMilliseconds: 1, size: [height, width], objects: [object])
        var line: [UInt8] = []
        let writing = median { line = records.encode(record) { Array($0) } }
        let reading = try median { _ = try ServerRecord(line: Array(line.dropLast())) }
        let decoding = try median { _ = try object.mask().decoded() }
        let cells = ["\(width)×\(height)"] + [encoding, writing, reading, decoding].map(Self.microseconds) + [String(line.count)]
        print("| \(cells.joined(separator: " | ")) |")
    }

    private func median(_ body: () throws -> Void) rethrows -> Duration {
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<runs { times.append(try clock.measure(body)) }
        return times.sorted()[runs / 2]
    }

    private static func microseconds(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        return String((Double(seconds) * 1e7 + Double(attoseconds) / 1e11).rounded() / 10)
    }

    /// Logits of a disc with a wavy edge.
    private static func disc(_ side: Int) -> [Float] {
        (0..<(side * side)).map { index in
            let (x, y) = (Float(index % side) / Float(side) - 0.5, Float(index / side) / Float(side) - 0.5)
            let wave: Float = index / side % 8 < 4 ? 0.01 : 0
            return 0.3 + wave - (x * x + y * y).squareRoot()
        }
    }
}
