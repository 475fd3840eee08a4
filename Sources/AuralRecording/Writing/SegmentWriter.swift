import AuralCore
import AuralWire
import Foundation
import Glibc

/// Writes one segment: pictures and sound into files of their own, all other records as they come.
final class SegmentWriter {
    /// What is in it.
    private(set) var index: SegmentIndex
    /// Its folder.
    let folder: String
    private let pictures: AppendFile
    private let records: AppendFile
    private var sound: SoundFile?
    private var pending: [UInt8] = []

    /// Makes the folder and its files.
    init(folder: String, index: SegmentIndex) throws(RecordingError) {
        self.folder = folder
        self.index = index
        guard mkdir(folder, 0o750) == 0 else { throw .system(errno, path: folder) }
        pictures = try AppendFile(path: "\(folder)/\(RecordingLayout.pictures)")
        records = try AppendFile(path: "\(folder)/\(RecordingLayout.records)")
    }

    /// Whether a piece of sound can be added here.
    func takes(_ piece: SoundRecord) -> Bool { sound?.takes(piece) ?? true }

    /// Adds a record's line.
    func append(_ record: some WireRecord) { pending += record.encoded() }

    /// Adds a frame's record.
    func append(frame: FrameRecord) {
        index.count(frame)
        append(frame)
    }

    /// Adds a picture.
    func append(picture: PictureRecord) throws(RecordingError) {
        let offset = pictures.count
        try picture.data.span.bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(RecordingError) in try pictures.append(raw) }
        index.pictures += 1
        pending +=
            PicturePlace(
                seq: picture.sequence, t_ns: picture.timeNanoseconds, size: picture.size, format: picture.format, offset: offset,
                bytes: picture.data.count
            ).line
    }

    /// Adds sound that it takes.
    func append(sound piece: SoundRecord) throws(RecordingError) {
        let file: SoundFile
        if let sound { file = sound } else { file = try SoundFile(path: "\(folder)/\(RecordingLayout.sound)", like: piece) }
        sound = file
        let offset = try file.append(piece)
        index.sound = file.sound
        pending +=
            SoundPlace(
                seq: piece.sequence, t_ns: piece.timeNanoseconds, first: piece.first, offset: offset,
                samples: Int(clamping: file.sound.samples - offset)
            ).line
    }

    /// Brings everything to the disk, and then the index that says so.
    func flush(wallNanoseconds: Int64, isComplete: Bool = false) throws(RecordingError) {
        try records.append(pending)
        pending = []
        try records.flush()
        try pictures.flush()
        try sound?.flush()
        index.bytes = [RecordingLayout.pictures: pictures.count, RecordingLayout.records: records.count]
        if let sound { index.bytes[RecordingLayout.sound] = sound.count }
        index.writtenWallNanoseconds = wallNanoseconds
        index.isComplete = isComplete
        try writeIndex()
    }

    /// The index replaces the former one as a whole.
    private func writeIndex() throws(RecordingError) {
        let path = "\(folder)/\(RecordingLayout.index)"
        guard let text = try? JSONText.document(index) else {
            throw RecordingError(.cannotWrite, path: path, "cannot be encoded; this is a bug")
        }
        let temporary = path + ".partial"
        unlink(temporary)
        let file = try AppendFile(path: temporary)
        try file.append(Array(text.utf8))
        try file.flush()
        guard rename(temporary, path) == 0 else { throw .system(errno, path: path) }
    }
}
