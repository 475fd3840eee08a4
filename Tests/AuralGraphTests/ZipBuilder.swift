@testable import AuralGraph

/// Builds zip archives of stored entries, whole ones or ones with a chosen fault.
struct ZipBuilder {
    struct Entry {
        var name: String
        var data: [UInt8]
        var flags = 0
        var method = 0
        /// Nil: the right one.
        var check: UInt32?
        /// What the table of contents says of where the entry begins; nil: the right place.
        var offset: Int?
        /// What the table of contents says of the size; nil: the right one.
        var size: Int?
    }

    var entries: [Entry] = []
    var comment: [UInt8] = []

    /// The archive of a PyTorch checkpoint with this pickle and these storages.
    static func checkpoint(pickle: [UInt8], storages: [(key: String, data: [UInt8])] = []) -> ZipBuilder {
        var builder = ZipBuilder()
        builder.add("archive/data.pkl", pickle)
        builder.add("archive/byteorder", Array("little".utf8))
        for storage in storages {
            builder.add("archive/data/\(storage.key)", storage.data)
        }
        return builder
    }

    mutating func add(_ name: String, _ data: [UInt8]) {
        entries.append(Entry(name: name, data: data))
    }

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let name = Array(entry.name.utf8)
            let check = entry.check ?? entry.data.withUnsafeBytes { CRC32.of($0) }
            let common =
                little(entry.flags, 2) + little(entry.method, 2) + little(0, 4) + little(Int(check), 4)
                + little(entry.size ?? entry.data.count, 4) + little(entry.size ?? entry.data.count, 4) + little(name.count, 2)
                + little(0, 2)
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + little(20, 2) + common + little(0, 10)
            directory += little(entry.offset ?? file.count, 4) + name
            file += [0x50, 0x4B, 3, 4] + little(20, 2) + common + name + entry.data
        }
        let end =
            [0x50, 0x4B, 5, 6] + little(0, 4) + little(entries.count, 2) + little(entries.count, 2) + little(directory.count, 4)
            + little(file.count, 4) + little(comment.count, 2) + comment
        return file + directory + end
    }
}

/// `value` in `count` bytes, little-endian.
func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
}
