import ArgumentParser
import AuralCapture
import AuralCore
import AuralRecording
import AuralService
import AuralWire

/// `aurald draw`: a frame of a clip with its masks drawn in.
struct DrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw",
        abstract: "Draw the masks of one frame into its picture.",
        discussion: """
            Example:
              aurald draw --video clip.avi --records masks.ndjson --output frame.png
            """)

    @Option(help: ArgumentHelp("The clip, as given to aurald track or played by the daemon.", valueName: "path"), completion: .file())
    var video: String

    @Option(help: ArgumentHelp("Records: what aurald track or aurald watch --json wrote.", valueName: "file"), completion: .file())
    var records: String

    @Option(help: "The frame's seq; without it the last one that has an object with a mask.")
    var frame: UInt64?

    @Option(help: ArgumentHelp("The PNG file to write.", valueName: "file"), completion: .file())
    var output: String

    func run() throws {
        let frames = try RecordFile.frames(records)
        let record =
            frame.map { wanted in frames.first { $0.sequence == wanted } }
            ?? frames.last { $0.objects.contains { $0.area > 0 } } ?? frames.last
        guard let record else { throw OutputError("--frame \(frame ?? 0): \(records) has no such record", exitStatus: .dataError) }
        let image = try picture(record.sequence)
        for object in record.objects { try MaskOverlay.draw(object, into: image) }
        try PNGWriter.write(image, to: output)
        print("\(output): frame \(record.sequence), \(record.objects.count) object(s)")
    }

    /// The clip's frame with this number; a clip that is played again goes on counting.
    private func picture(_ sequence: UInt64) throws -> RGBImage {
        let reader = try FrameReaders.open(video, pool: ImagePool())
        var index: UInt64 = 0
        while let image = try reader.next() {
            if index == sequence { return image }
            index += 1
        }
        guard index > 0 else { throw OutputError("\(video): no frames", exitStatus: .dataError) }
        try reader.rewind()
        for _ in 0..<(sequence % index) { _ = try reader.next() }
        guard let image = try reader.next() else { throw OutputError("\(video): frame \(sequence) cannot be read", exitStatus: .dataError) }
        return image
    }
}
