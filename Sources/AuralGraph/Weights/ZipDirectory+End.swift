extension ZipDirectory {
    /// Where the central directory is, from the record at the archive's end.
    struct End {
        var entryCount: Int
        var byteCount: Int
        var offset: Int
    }

    /// Finds and reads the end of central directory record, and the zip64 one where there is a locator in front of it.
    func end() throws(CheckpointError) -> End {
        let size = 22
        // The record is followed by a comment of up to 65535 bytes; torch.save writes none.
        let tailStart = max(0, file.count - size - 0xFFFF)
        let tail = try file.bytes(tailStart..<file.count).array()
        var position = tail.count - size
        while position >= 0 {
            if tail[position] == 0x50, Self.isEnd(tail[position...]) {
                break
            }
            position -= 1
        }
        guard position >= 0 else {
            throw damaged("its end is missing, so the file is cut short")
        }
        let endOffset = tailStart + position
        var reader = ByteReader(Array(tail[position...]))
        guard reader.bytes(4) != nil,
            let disk = reader.integer(UInt16.self), let firstDisk = reader.integer(UInt16.self),
            let entriesHere = reader.integer(UInt16.self), let entries = reader.integer(UInt16.self),
            let byteCount = reader.integer(UInt32.self), let offset = reader.integer(UInt32.self)
        else {
            throw damaged("its end record is cut short")
        }
        if let end = try zip64End(before: endOffset) {
            return end
        }
        guard disk == 0, firstDisk == 0, entriesHere == entries else {
            throw damaged("it is one part of several")
        }
        return try checked(entries: UInt64(entries), byteCount: UInt64(byteCount), offset: UInt64(offset), limit: endOffset)
    }

    /// Whether `tail` begins with an end record whose comment reaches exactly to the end of the file.
    private static func isEnd(_ tail: ArraySlice<UInt8>) -> Bool {
        guard tail.starts(with: [0x50, 0x4B, 0x05, 0x06]), tail.count >= 22 else { return false }
        let start = tail.startIndex
        return Int(tail[start + 20]) | Int(tail[start + 21]) << 8 == tail.count - 22
    }

    /// Reads the zip64 end of central directory record, nil where no locator stands in front of the end record.
    private func zip64End(before endOffset: Int) throws(CheckpointError) -> End? {
        guard endOffset >= 20 else { return nil }
        var locator = ByteReader(try file.bytes((endOffset - 20)..<endOffset).array())
        guard locator.integer(UInt32.self) == 0x0706_4B50, let disk = locator.integer(UInt32.self),
            let position = locator.integer(UInt64.self), let disks = locator.integer(UInt32.self)
        else { return nil }
        guard let start = Int(exactly: position), start <= endOffset - 20 - 56, disk == 0, disks <= 1 else {
            throw damaged("its zip64 locator points nowhere")
        }
        var reader = ByteReader(try file.bytes(start..<(start + 56)).array())
        guard reader.integer(UInt32.self) == 0x0606_4B50, reader.bytes(12) != nil,
            reader.integer(UInt32.self) == 0, reader.integer(UInt32.self) == 0,
            let entriesHere = reader.integer(UInt64.self), let entries = reader.integer(UInt64.self), entriesHere == entries,
            let byteCount = reader.integer(UInt64.self), let offset = reader.integer(UInt64.self)
        else {
            throw damaged("its zip64 end record is not one")
        }
        return try checked(entries: entries, byteCount: byteCount, offset: offset, limit: start)
    }

    /// The end record's numbers, if the central directory lies before `limit` and can hold the entries that it says.
    private func checked(
        entries: UInt64, byteCount: UInt64, offset: UInt64, limit: Int
    ) throws(CheckpointError) -> End {
        guard let entries = Int(exactly: entries), let byteCount = Int(exactly: byteCount), let offset = Int(exactly: offset),
            offset <= limit, byteCount <= limit - offset, entries <= byteCount / 46
        else {
            throw damaged("its table of contents lies beyond its end")
        }
        return End(entryCount: entries, byteCount: byteCount, offset: offset)
    }
}
