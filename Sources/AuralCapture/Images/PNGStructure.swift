/// The chunks of a PNG file, checked before libpng sees them. Source: PNG specification (W3C), sections 5 and 11.
struct PNGStructure {
    /// Columns.
    var width: Int
    /// Rows.
    var height: Int
    /// Bits of one sample (of one index in palette pictures).
    var bitDepth: Int
    /// True where the picture has an alpha channel or a tRNS chunk.
    var hasTransparency: Bool
    /// The byte ranges, in order, of the signature and of those chunks that make up the picture itself.
    var essential: [Range<Int>]

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Walks the chunks of `data`. Only IHDR, PLTE, tRNS, IDAT and IEND are kept: with a gAMA or iCCP chunk libpng's simplified
    /// API would convert the colours, which Pillow does not; and its parsers of text and profiles are no business of ours.
    static func parse(_ data: UnsafeRawBufferPointer, name: String) throws(CaptureError) -> PNGStructure {
        let truncated = CaptureError(.truncated(frame: nil), path: name, "the PNG data end too early; copy the file again")
        guard data.count >= 33 else { throw truncated }
        guard data.starts(with: signature), number(data, 8) == 13, isCode(data, 12, "IHDR") else {
            throw CaptureError(.malformed, path: name, "no PNG header; save the picture again")
        }
        let colorType = data[25]
        var structure = PNGStructure(
            width: number(data, 16), height: number(data, 20), bitDepth: Int(data[24]), hasTransparency: colorType & 4 != 0,
            essential: [0..<33])
        guard [1, 2, 4, 8, 16].contains(structure.bitDepth), [0, 2, 3, 4, 6].contains(colorType) else {
            throw CaptureError(
                .malformed, path: name, "PNG header with bit depth \(structure.bitDepth), colour type \(colorType)")
        }
        var offset = 33
        while true {
            guard offset <= data.count - 12 else { throw truncated }
            let size = number(data, offset)
            guard size <= data.count - 12 - offset else { throw truncated }
            let end = offset + 12 + size
            if isCode(data, offset + 4, "tRNS") { structure.hasTransparency = true }
            if ["PLTE", "tRNS", "IDAT", "IEND"].contains(where: { isCode(data, offset + 4, $0) }) {
                structure.essential.append(offset..<end)
            }
            if isCode(data, offset + 4, "IEND") { return structure }
            offset = end
        }
    }

    private static func number(_ data: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        Int(UInt32(bigEndian: data.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    private static func isCode(_ data: UnsafeRawBufferPointer, _ offset: Int, _ code: StaticString) -> Bool {
        (0..<4).allSatisfy { data[offset + $0] == code.utf8Start[$0] }
    }
}
