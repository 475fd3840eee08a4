import AuralCore
import AuralWire
import Foundation

/// Writes a recording for other programs.
package enum Exporter {
    /// What was written.
    package struct Summary: Sendable, Equatable {
        /// Frames.
        package var frames = 0
        /// Frames without a picture, which were left out.
        package var left = 0
        /// Objects.
        package var objects = 0
    }

    /// Writes all frames that have a picture.
    ///
    /// - Parameters:
    ///   - path: a folder that is new or empty; for `video` the file.
    ///   - name: the sequence's name in folders and files.
    ///   - progress: called with the number of frames that are done.
    /// - Throws: where the recording is damaged, the masks are not of the frame's size, or the result cannot be written.
    package static func export(
        _ recording: Recording, as format: ExportFormat, to path: String, name: String, progress: (Int) -> Void
    ) throws -> Summary {
        var sink: any ExportSink =
            switch format {
            case .coco: try COCOExport(path: path)
            case .ytvos: try PaletteExport(path: path, name: name, hasMeta: true)
            case .png: try PaletteExport(path: path, name: name, hasMeta: false)
            case .video: try VideoExport(path: path, recording: recording)
            }
        var summary = Summary()
        var objects: Set<ObjectID> = []
        for frame in RecordedFrames(recording) {
            let frame = try frame.get()
            guard let picture = try frame.pictureData() else {
                summary.left += 1
                continue
            }
            try sink.add(frame.record, picture)
            objects.formUnion(frame.record.objects.filter { $0.area > 0 }.map(\.objectID))
            summary.frames += 1
            progress(summary.frames)
        }
        guard summary.frames > 0 else { throw RecordingError(.unsuitable, path: recording.path, "there is no frame with a picture in it") }
        summary.objects = objects.count
        try sink.finish()
        return summary
    }

    /// The name that a sequence gets from its folder: letters, digits, points, dashes and underscores.
    package static func name(of path: String) -> String {
        let last = URL(filePath: path).standardizedFileURL.lastPathComponent
        let name = String(last.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
        return name.isEmpty || name == "/" || name == "_" ? "recording" : name
    }
}

/// Where frames go.
protocol ExportSink {
    /// Writes a frame with its picture, a JPEG file.
    mutating func add(_ frame: FrameRecord, _ picture: Data) throws
    /// Writes what belongs to all of them.
    mutating func finish() throws
}

extension FrameObject {
    /// The mask, which must be of the frame's size. Throws where it is not, or is damaged.
    func mask(of frame: FrameRecord) throws -> RunLengthMask {
        guard size == frame.size else {
            throw RecordingError(
                .unsuitable, path: "frame \(frame.sequence)", "its masks are not of the frame's size; record with socket.mask_size = \"frame\"")
        }
        return try mask()
    }
}
