/// One record of a zip archive's central directory (APPNOTE.TXT 4.3.12).
struct ZipRecord {
    let name: String
    let headerOffset: Int
    let byteCount: Int
    let check: UInt32
    let method: UInt16

    /// Why a record cannot be used, as the end of a sentence about it.
    struct Problem: Error {
        let reason: String
    }

    /// Reads the next record.
    static func read(_ reader: inout ByteReader) -> Result<ZipRecord, Problem> {
        guard reader.integer(UInt32.self) == 0x0201_4B50, reader.bytes(4) != nil,
            let flags = reader.integer(UInt16.self), let method = reader.integer(UInt16.self), reader.bytes(4) != nil,
            let check = reader.integer(UInt32.self), let stored = reader.integer(UInt32.self),
            let size = reader.integer(UInt32.self), let nameLength = reader.integer(UInt16.self),
            let extraLength = reader.integer(UInt16.self), let commentLength = reader.integer(UInt16.self),
            reader.bytes(8) != nil, let offset = reader.integer(UInt32.self),
            let nameBytes = reader.bytes(Int(nameLength)), let extra = reader.bytes(Int(extraLength)),
            reader.bytes(Int(commentLength)) != nil
        else {
            return .failure(Problem(reason: "is not one"))
        }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            return .failure(Problem(reason: "has a name that is not UTF-8"))
        }
        let quoted = "('\(CheckpointError.printable(name))')"
        guard flags & 0x2041 == 0 else {
            return .failure(Problem(reason: "\(quoted) is encrypted: write the checkpoint again with torch.save"))
        }
        guard
            let wide = Zip64Field.read(Array(extra), size: size, stored: stored, offset: offset),
            wide.size == wide.stored || method != 0,
            let byteCount = Int(exactly: wide.stored), let headerOffset = Int(exactly: wide.offset)
        else {
            return .failure(Problem(reason: "\(quoted) has sizes that contradict each other"))
        }
        return .success(ZipRecord(name: name, headerOffset: headerOffset, byteCount: byteCount, check: check, method: method))
    }
}

/// The zip64 extended information of a record (APPNOTE.TXT 4.5.3): 64-bit values for the fields that hold 0xFFFFFFFF.
private struct Zip64Field {
    var size: UInt64
    var stored: UInt64
    var offset: UInt64

    /// Takes the 32-bit fields, and for those that are full the 64-bit ones from `extra`; nil where those are missing.
    static func read(_ extra: [UInt8], size: UInt32, stored: UInt32, offset: UInt32) -> Zip64Field? {
        var field = Zip64Field(size: UInt64(size), stored: UInt64(stored), offset: UInt64(offset))
        guard size == .max || stored == .max || offset == .max else { return field }
        var reader = ByteReader(extra)
        while let tag = reader.integer(UInt16.self), let length = reader.integer(UInt16.self),
            let content = reader.bytes(Int(length))
        {
            guard tag == 1 else { continue }
            var values = ByteReader(Array(content))
            // Only the fields that are full are there, in this order.
            if size == .max {
                guard let value = values.integer(UInt64.self) else { return nil }
                field.size = value
            }
            if stored == .max {
                guard let value = values.integer(UInt64.self) else { return nil }
                field.stored = value
            }
            if offset == .max {
                guard let value = values.integer(UInt64.self) else { return nil }
                field.offset = value
            }
            return field
        }
        return nil
    }
}
