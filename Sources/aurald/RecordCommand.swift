import ArgumentParser
import AuralRecording
import AuralService
import Foundation

/// `aurald record`: a running daemon's pictures, sound and records, in segments.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record what a running daemon sees, hears and finds, to be replayed, exported or sent with a bug report.",
        discussion: """
            Writes segments, folders with frames.mjpg, audio.wav, records.ndjson and index.json, each second; ends with Ctrl-C, or after --seconds. A full
            disk ends the recording, never the daemon. Pictures and sound are those of your room: who may read the folder sees and hears it.

            Examples:
              aurald record --output seen --seconds 10
              aurald record --output /srv/seen --max-size 20G --max-age 7d
            """)

    @OptionGroup var socket: SocketOption

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder; one that has segments gets more of them.", valueName: "folder"), completion: .directory)
    var output: String

    @Option(help: "End after so many seconds of frames; without it, with Ctrl-C.")
    var seconds: Double?

    @Option(help: "Begin a new segment after so many seconds.")
    var segment = 60.0

    @Option(help: ArgumentHelp("Remove the oldest segments while all together are larger, like 20G.", valueName: "size"))
    var maxSize: ByteCount?

    @Option(help: ArgumentHelp("Remove segments that are older, like 12h or 7d.", valueName: "time"))
    var maxAge: Period?

    @Option(help: ArgumentHelp("End where less is free on the disk.", valueName: "size"))
    var keepFree = ByteCount(bytes: 256_000_000)

    func validate() throws {
        guard segment >= 1, segment <= 86_400 else { throw ValidationError("--segment: give seconds from 1 to 86400") }
        guard seconds.map({ $0 > 0 }) ?? true else { throw ValidationError("--seconds: give more than 0") }
    }

    func run() async throws {
        let limits = RecordingLimits(
            segmentSeconds: segment, maximumBytes: maxSize?.bytes, maximumAgeSeconds: maxAge?.seconds, freeBytes: keepFree.bytes)
        let (path, folder, seconds) = (socket.socket, output, seconds)
        let frames = try await Interruptible.run {
            let writer = try RecordingWriter(folder: folder, limits: limits)
            let recorder = Recorder(path: path, writer: writer, seconds: seconds)
            _ = try await recorder.run { FileHandle.standardError.write(Data("aurald: \($0)\n".utf8)) }
            return await recorder.frames
        }
        FileHandle.standardError.write(Data("aurald: \(frames) frames in \(output)\n".utf8))
    }
}
