import ArgumentParser
import AuralRecording
import AuralService
import AuralWire
import Foundation
import Logging

/// `aurald replay`: a recording through the same pipeline as a camera's pictures.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recording through the same pipeline: every frame with its sound and with what clients had done.",
        discussion: """
            The model is that of the configuration (model.path). With --assert the masks are compared with those of a file of records, or of a recording:
            the exit status is 65 where they differ.

            Examples:
              aurald replay seen -o model.path=models/stamps --output again.ndjson
              aurald replay seen -o model.path=models/stamps --assert again.ndjson
            """)

    @Argument(help: ArgumentHelp("The recording, or one of its segments.", valueName: "folder"), completion: .directory)
    var recording: String

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "Play so many times as fast as it was recorded; without it, as fast as it goes. No frame is left out.")
    var speed: Double?

    @Option(help: ArgumentHelp("Where to write the records; - is standard output.", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        name: .customLong("assert"), help: ArgumentHelp("Compare with these records, or with those of a recording.", valueName: "file"),
        completion: .file())
    var expected: String?

    @Option(help: "Masks that overlap less than this differ (intersection over union).")
    var leastOverlap = 0.99

    func validate() throws {
        guard speed.map({ $0 > 0 && $0.isFinite }) ?? true else { throw ValidationError("--speed: give more than 0, 1 for the recorded speed") }
        guard (0...1).contains(leastOverlap) else { throw ValidationError("--least-overlap: give 0 to 1") }
    }

    func run() async throws {
        let source = try Recording(path: recording)
        var comparison = try expected.map { ReplayComparison(expected: try Self.records($0), least: leastOverlap) }
        let loaded = try options.loader.load()
        // What a daemon says of its start is of no use here.
        let log = LogOutput(settings: LogSettings(level: max(loaded.configuration.log.level, .notice)), format: .text)
        LoggingSystem.bootstrap { JournalLogHandler(label: $0, output: log) }
        let logger = Logger(label: "aurald")
        for warning in loaded.warnings { logger.warning("\(warning)") }
        let daemon = Daemon(loaded, loader: options.loader, version: Version.text, log: log, logger: logger, environment: [:])
        let (replay, model) = try daemon.replay(of: source)
        for name in Set(source.segments.compactMap(\.index.model)).sorted() where name != model {
            FileHandle.standardError.write(Data("aurald: this is \(model), the recording was made with \(name)\n".utf8))
        }
        let target = try output.map { try OutputFile($0) }
        let progress = ProgressLine("replay")
        var done = 0
        let summary = try await replay.run(source, speed: speed) { line in
            try line.withUnsafeBytes { try target?.write($0) }
            guard case .frame(let frame) = try ServerRecord(line: line) else { return }
            try comparison?.compare(frame)
            done += 1
            progress.show(done, source.frameCount)
        }
        progress.finish()
        log.flush()
        let left = summary.left == 0 ? "" : ", \(summary.left) without a picture left out"
        FileHandle.standardError.write(Data("aurald: \(summary.frames) frames\(left)\n".utf8))
        comparison?.finish()
        if let outcome = comparison?.outcome { try Self.report(outcome, self) }
    }

    private static func records(_ path: String) throws -> [FrameRecord] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return try RecordFile.frames(path) }
        return try RecordedFrames(try Recording(path: path)).map { try $0.get().record }
    }

    private static func report(_ outcome: ReplayComparison.Outcome, _ command: ReplayCommand) throws {
        let least = String(format: "%.4f", outcome.leastOverlap)
        guard outcome.different == 0 else {
            throw ReplayDifference(
                description: "\(command.recording): \(outcome.different) of \(outcome.frames) frames differ, least overlap \(least)\n  "
                    + outcome.notes.joined(separator: "\n  "))
        }
        FileHandle.standardError.write(Data("aurald: all \(outcome.frames) frames are as expected, least overlap \(least)\n".utf8))
    }
}
