/// Where the samples of a WAVE file are and how they are stored.
struct WAVHeader: Equatable {
    var format: WAVFormat
    /// The samples' first byte.
    var dataStart: Int
    /// One past the samples' last byte; never beyond the file.
    var dataEnd: Int
    /// True where the header promises more.
    var isTruncated: Bool

    /// Sizes that recorders write when they cannot know the length: to a pipe, or before they are switched off.
    private static let unknownSizes = [0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_F000]

    /// Walks the chunks up to `data`. The format must come first; other chunks (LIST, fact, bext…) are passed over.
    static func read(_ file: InputFile) throws(CaptureError) -> WAVHeader {
        guard file.size > 0 else { throw CaptureError(.noFrames, path: file.path, "an empty file; record or copy it again") }
        let head = try file.bytes(at: 0, count: 12)
        guard let code = LittleEndian.code(head, 0), let riffSize = LittleEndian.uint32(head, 4),
            let type = LittleEndian.code(head, 8)
        else { throw truncated(file) }
        guard code == "RIFF", type == "WAVE" else {
            throw CaptureError(
                .unsupportedFormat, path: file.path, "not a RIFF WAVE file; convert it (ffmpeg -i FILE -c:a pcm_s16le out.wav)")
        }
        var format: WAVFormat?
        var offset = 12
        while let chunk = try RIFFChunk.read(file, at: offset, limit: file.size) {
            if chunk.code == "fmt " {
                guard chunk.end <= file.size else { throw truncated(file) }
                format = try WAVFormat.parse(file.bytes(at: chunk.start, count: min(chunk.size, 64)), path: file.path)
            } else if chunk.code == "data" {
                guard let format else {
                    throw CaptureError(.malformed, path: file.path, "the samples come before their format; make the file again")
                }
                // Zero is a size that was never filled in, unless the size of the whole file was.
                let isOpen =
                    unknownSizes.contains(chunk.size) || (chunk.size == 0 && Int(riffSize) + 8 != file.size)
                let end = isOpen ? file.size : min(chunk.end, file.size)
                return WAVHeader(
                    format: format, dataStart: chunk.start, dataEnd: end, isTruncated: !isOpen && chunk.end > file.size)
            }
            offset = try nextChunk(file, after: chunk)
        }
        throw format == nil
            ? truncated(file) : CaptureError(.noFrames, path: file.path, "a WAVE file without samples (no data chunk); record or convert it again")
    }

    /// The place after a chunk. Some programs leave out the pad byte after an odd size: where only the unpadded place holds a
    /// chunk that we know, it is taken.
    private static func nextChunk(_ file: InputFile, after chunk: RIFFChunk) throws(CaptureError) -> Int {
        guard chunk.next != chunk.end else { return chunk.next }
        let known = ["fmt ", "data", "LIST", "fact"]
        let padded = try LittleEndian.code(file.bytes(at: chunk.next, count: 4), 0)
        let unpadded = try LittleEndian.code(file.bytes(at: chunk.end, count: 4), 0)
        if let padded, known.contains(padded) { return chunk.next }
        if let unpadded, known.contains(unpadded) { return chunk.end }
        return chunk.next
    }

    private static func truncated(_ file: InputFile) -> CaptureError {
        CaptureError(.truncated(frame: nil), path: file.path, "the WAVE header ends too early; copy or record the file again")
    }
}
