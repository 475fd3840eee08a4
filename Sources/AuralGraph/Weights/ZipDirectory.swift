/// Reads the end and the central directory of a zip archive (APPNOTE.TXT 4.3.12 to 4.3.16).
struct ZipDirectory {
    /// The number of entries beyond which an archive is refused; a checkpoint has one for each tensor and a few more.
    static let maximumEntries = 200_000

    /// The bytes of central directory beyond which an archive is refused.
    static let maximumByteCount = 64 << 20

    let file: MappedFile

    /// All entries of the archive by name, with their data's place in the file.
    static func entries(of file: MappedFile) throws(CheckpointError) -> [String: ZipArchive.Entry] {
        let directory = ZipDirectory(file: file)
        let end = try directory.end()
        var records = try directory.records(end)
        records.sort { ($0.headerOffset, $0.byteCount) < ($1.headerOffset, $1.byteCount) }
        var entries: [String: ZipArchive.Entry] = [:]
        var free = 0
        for record in records {
            let start = try directory.dataOffset(record)
            guard record.headerOffset >= free, record.byteCount <= end.offset - start else {
                throw directory.damaged("entry '\(CheckpointError.printable(record.name))' overlaps another part of the archive")
            }
            free = start + record.byteCount
            let entry = ZipArchive.Entry(name: record.name, range: start..<free, check: record.check, method: record.method)
            guard entries.updateValue(entry, forKey: record.name) == nil else {
                throw directory.damaged("there are two entries '\(CheckpointError.printable(record.name))'")
            }
        }
        return entries
    }

    /// Reads the records of the central directory, one after the other.
    private func records(_ end: End) throws(CheckpointError) -> [ZipRecord] {
        guard end.entryCount <= Self.maximumEntries, end.byteCount <= Self.maximumByteCount else {
            throw damaged(
                "its table of contents has \(end.entryCount) entries in \(end.byteCount) bytes, more than any checkpoint")
        }
        var reader = ByteReader(try file.bytes(end.offset..<(end.offset + end.byteCount)).array())
        var records: [ZipRecord] = []
        for index in 0..<end.entryCount {
            switch ZipRecord.read(&reader) {
            case .success(let record): records.append(record)
            case .failure(let problem): throw damaged("entry \(index) of its table of contents \(problem.reason)")
            }
        }
        return records
    }

    /// Where the data of an entry begin: after its local header, whose name and extra field may have other lengths than those in
    /// the central directory (torch pads the extra field so that the data are aligned to 64 bytes).
    private func dataOffset(_ record: ZipRecord) throws(CheckpointError) -> Int {
        let size = 30
        guard record.headerOffset <= file.count - size else {
            throw damaged("entry '\(CheckpointError.printable(record.name))' begins beyond its end")
        }
        var reader = ByteReader(try file.bytes(record.headerOffset..<(record.headerOffset + size)).array())
        guard reader.integer(UInt32.self) == 0x0403_4B50, reader.bytes(22) != nil,
            let nameLength = reader.integer(UInt16.self), let extraLength = reader.integer(UInt16.self)
        else {
            throw damaged("entry '\(CheckpointError.printable(record.name))' has no header where the table of contents says")
        }
        let nameStart = record.headerOffset + size
        let start = nameStart + Int(nameLength) + Int(extraLength)
        guard start <= file.count else {
            throw damaged("entry '\(CheckpointError.printable(record.name))' begins beyond its end")
        }
        guard try file.bytes(nameStart..<(nameStart + Int(nameLength))).array() == Array(record.name.utf8) else {
            throw damaged("entry '\(CheckpointError.printable(record.name))' has another name in its own header")
        }
        return start
    }

    /// The error for an archive that is broken.
    func damaged(_ what: String) -> CheckpointError {
        CheckpointError(file: file.path, reason: "a broken zip archive: \(what); download or copy it again")
    }
}
