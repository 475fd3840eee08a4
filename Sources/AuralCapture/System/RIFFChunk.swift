/// The header of one chunk of a RIFF file. Source: the RIFF file format (four-character code, 32-bit size, data, a pad byte after
/// an odd size).
struct RIFFChunk: Equatable {
    /// The four-character code.
    var code: String
    /// Where the data begin, in bytes from the beginning of the file.
    var start: Int
    /// Bytes of data as the header says, which may be more than there are.
    var size: Int

    /// The first byte after the data. Sizes are 32 bits and files smaller than 2^63, so this cannot overflow by itself.
    var end: Int { start + size }

    /// Where the next chunk begins: odd data are followed by a pad byte.
    var next: Int { end + (size & 1) }

    /// Reads the header at `offset`; nil where fewer than eight bytes are left before `limit`.
    static func read(_ file: InputFile, at offset: Int, limit: Int) throws(CaptureError) -> RIFFChunk? {
        guard offset >= 0, offset <= limit - 8 else { return nil }
        let header = try file.bytes(at: offset, count: 8)
        guard let code = LittleEndian.code(header, 0), let size = LittleEndian.uint32(header, 4) else { return nil }
        return RIFFChunk(code: code, start: offset + 8, size: Int(size))
    }

    /// The type of a `RIFF` or `LIST` chunk: the first four bytes of its data, whatever the size says (see `AVIIndex`: unfinished
    /// files).
    func listType(_ file: InputFile) throws(CaptureError) -> String? {
        LittleEndian.code(try file.bytes(at: start, count: 4), 0)
    }
}
