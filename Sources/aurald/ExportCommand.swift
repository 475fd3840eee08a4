import ArgumentParser
import AuralRecording
import Foundation

/// `aurald export`: a recording for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a recording for annotation tools, training code or people.",
        discussion: """
            coco    images and annotations.json with compressed run lengths, which pycocotools loads
            ytvos   JPEGImages, Annotations (palette PNGs) and meta.json, as YouTube-VOS has them
            png     JPEGImages and Annotations (palette PNGs), as DAVIS has them; objects.json says which colour is which object
            video   an MP4 file with the masks drawn in and the sound; needs ffmpeg

            Examples:
              aurald export seen --format coco --output seen-coco
              aurald export seen --format video --output seen.mp4
            """)

    @Argument(help: ArgumentHelp("The recording, or one of its segments.", valueName: "folder"), completion: .directory)
    var recording: String

    @Option(help: "coco, ytvos, png or video.")
    var format: ExportFormat

    @Option(name: .shortAndLong, help: ArgumentHelp("A folder, new or empty; for video the file.", valueName: "path"), completion: .file())
    var output: String

    @Option(help: "The sequence's name in ytvos and png; by default that of the recording's folder.")
    var name: String?

    func validate() throws {
        if let name, Exporter.name(of: name) != name {
            throw ValidationError("--name: letters, digits, points, dashes and underscores only")
        }
    }

    func run() throws {
        let source = try Recording(path: recording)
        let progress = ProgressLine("export")
        let total = source.frameCount
        let summary = try Exporter.export(source, as: format, to: output, name: name ?? Exporter.name(of: recording)) { progress.show($0, total) }
        progress.finish()
        let left = summary.left == 0 ? "" : ", \(summary.left) without a picture left out"
        print("\(output): \(summary.frames) frames, \(summary.objects) object(s)\(left)")
    }
}

extension ExportFormat: ExpressibleByArgument {}
