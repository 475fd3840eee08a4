import AuralCore
import AuralWire
import Foundation
import Glibc

/// Writes what a daemon sends as a recording: segment after segment, old ones removed as the limits say. Pure but for the files.
package final class RecordingWriter {
    /// The folder of the segments.
    package let folder: String
    /// Frames that were written.
    package private(set) var frames = 0
    private let limits: RecordingLimits
    private let wallNanoseconds: @Sendable () -> Int64
    private var segment: SegmentWriter?
    private var hello: HelloRecord?
    private var sources: [SourceRecord] = []
    private var model: String?
    private var engine: String?
    private var nextNumber: Int
    /// The complete segments, rising. In memory: a recording of weeks has thousands, and this is asked for each second.
    private var kept: [RecordedSegment]

    /// Writes into `folder`, which is made where it is not there; a recording that is there already goes on with new segments.
    ///
    /// - Parameter wallNanoseconds: the wall clock, in nanoseconds since 1970.
    package init(
        folder: String, limits: RecordingLimits, wallNanoseconds: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1e9) }
    ) throws(RecordingError) {
        self.folder = folder
        self.limits = limits
        self.wallNanoseconds = wallNanoseconds
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw RecordingError(.cannotCreate, path: folder, "cannot make this folder; choose another one")
        }
        nextNumber = 1 + (RecordingFolder.numbers(in: folder).last ?? 0)
        kept = RecordingFolder.segments(in: folder)
        try checkRoom()
    }

    /// What the daemon runs, for the index.
    package func describe(model: String?, engine: String?) {
        self.model = model
        self.engine = engine
    }

    /// Takes a record. Throws where it cannot be written.
    package func take(_ record: ServerRecord) throws(RecordingError) {
        switch record {
        case .hello(let hello):
            // Another connection, perhaps to another daemon: what follows does not belong to what was before.
            try end()
            self.hello = hello
            sources = []
        case .frame(let frame):
            try current(for: frame).append(frame: frame)
            frames += 1
        case .picture(let picture): try segment?.append(picture: picture)
        case .sound(let piece): try append(piece)
        case .source(let source):
            sources.removeAll { $0.source == source.source && $0.medium == source.medium }
            sources.append(source)
            segment?.append(source)
        case .request(let record):
            // It may be for the frame with which the first segment begins.
            if segment == nil { try begin() }
            segment?.append(record)
        case .instance, .dropped, .error: if let known = record.known { segment?.append(known) }
        case .spectrogram, .reply, .unknown: break
        }
    }

    /// Brings everything to the disk, removes what is too old or too much, and throws where too little room is left. To be called each second.
    package func flush() throws(RecordingError) {
        let now = wallNanoseconds()
        try segment?.flush(wallNanoseconds: now)
        if !excess(now).isEmpty {
            // What somebody removed by hand does not count.
            kept.removeAll { !FileManager.default.fileExists(atPath: $0.folder) }
            let gone = excess(now)
            for old in kept where gone.contains(old.index.number) { try? FileManager.default.removeItem(atPath: old.folder) }
            kept.removeAll { gone.contains($0.index.number) }
        }
        try checkRoom()
    }

    private func excess(_ now: Int64) -> [Int] {
        limits.excess(
            kept.map { .init(number: $0.index.number, bytes: $0.index.totalBytes, writtenWallNanoseconds: $0.index.writtenWallNanoseconds) },
            current: segment?.index.totalBytes ?? 0, wallNanoseconds: now)
    }

    /// Ends the segment that is being written; the next frame begins another one.
    package func end() throws(RecordingError) {
        guard let segment else { return }
        self.segment = nil
        try segment.flush(wallNanoseconds: wallNanoseconds(), isComplete: true)
        kept.append(RecordedSegment(folder: segment.folder, index: segment.index))
    }

    private func current(for frame: FrameRecord) throws(RecordingError) -> SegmentWriter {
        if let segment, let first = segment.index.firstTimeNanoseconds,
            Double(frame.timeNanoseconds) - Double(first) >= limits.segmentSeconds * 1e9
        {
            try end()
        }
        if let segment { return segment }
        guard let begun = try begin() else { throw RecordingError(.damaged, path: folder, "the daemon sent a frame before its hello") }
        return begun
    }

    private func append(_ piece: SoundRecord) throws(RecordingError) {
        guard let segment else { return }
        if segment.takes(piece) { return try segment.append(sound: piece) }
        // Another microphone, or a long silence on the line.
        try end()
        try begin()?.append(sound: piece)
    }

    @discardableResult
    private func begin() throws(RecordingError) -> SegmentWriter? {
        guard let hello else { return nil }
        let now = wallNanoseconds()
        let index = SegmentIndex(number: nextNumber, hello: hello, model: model, engine: engine, wallNanoseconds: now)
        let name = RecordingLayout.folder(number: nextNumber, begun: Self.stamp(now))
        let segment = try SegmentWriter(folder: "\(folder)/\(name)", index: index)
        nextNumber += 1
        segment.append(hello)
        for source in sources { segment.append(source) }
        self.segment = segment
        return segment
    }

    private func checkRoom() throws(RecordingError) {
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else { throw .system(errno, path: folder) }
        let free = Int64(clamping: room.f_bavail).multipliedReportingOverflow(by: Int64(clamping: room.f_frsize))
        guard !free.overflow, free.partialValue < limits.freeBytes else { return }
        throw RecordingError(
            .diskFull, path: folder,
            "only \(free.partialValue / 1_000_000) MB are free on this disk, less than are to stay free; make room, or set --keep-free")
    }

    /// 20261121T221343Z.
    private static func stamp(_ wallNanoseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(wallNanoseconds) / 1e9).formatted(
            Date.ISO8601FormatStyle(dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt))
    }
}
