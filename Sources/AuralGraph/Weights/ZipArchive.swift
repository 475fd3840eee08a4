/// The table of contents of a zip archive.
///
/// Source: PKWARE APPNOTE.TXT 6.3.10 with the zip64 extensions. Split and encrypted archives are refused, and so are entries that
/// overlap or leave the file, because a table that was made to deceive can name the same bytes over and over. Nothing is ever
/// unpacked: torch.save stores its entries as they are.
struct ZipArchive: Sendable {
    /// One entry: where its bytes lie in the file.
    struct Entry: Sendable, Equatable {
        let name: String
        /// The entry's data in the file.
        let range: Range<Int>
        /// The CRC-32 of the data; 0 where the writer left it out (torch.serialization.set_crc32_options).
        let check: UInt32
        /// How the data are compressed (APPNOTE.TXT 4.4.5): 0 not at all, 8 deflate.
        let method: UInt16
    }

    let file: MappedFile

    /// By name.
    let entries: [String: Entry]

    /// Reads the table of contents of `file`. Throws where it is broken or of a kind that is not read.
    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file
        entries = try ZipDirectory.entries(of: file)
    }

    /// The bytes of `entry`, after its checksum was compared.
    func checkedBytes(_ entry: Entry) throws(CheckpointError) -> MappedBytes {
        let bytes = try file.bytes(entry.range)
        guard entry.check == 0 || bytes.withUnsafeBytes({ CRC32.of($0) }) == entry.check else {
            throw CheckpointError(
                file: file.path,
                reason: "entry '\(CheckpointError.printable(entry.name))' does not have the checksum that the archive gives: "
                    + "the file is damaged; download or copy it again")
        }
        return bytes
    }
}
