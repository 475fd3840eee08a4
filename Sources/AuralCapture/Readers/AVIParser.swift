import AuralCore

extension AVIIndex {
    /// Walks a file from its beginning to its end.
    static func read(_ file: InputFile) throws(CaptureError) -> AVIIndex {
        var parser = AVIParser(file: file)
        try parser.walk()
        return try parser.result()
    }
}

/// Collects what an AVI file says about its first video stream.
private struct AVIParser {
    /// About four days at 30 frames a second; a bound for the memory that the index takes.
    private static let mostFrames = 10_000_000

    let file: InputFile
    private var microsecondsPerFrame: Int64 = 0
    private var streamCount = 0
    private var video: VideoStream?
    private var frames: [AVIIndex.Entry] = []

    private struct VideoStream {
        var chunkCodes: [String]
        var scale: Int64
        var rate: Int64
        var width = 0
        var height = 0
        var compression: String?
    }

    init(file: InputFile) {
        self.file = file
    }

    /// The top level: `RIFF AVI `, followed in large files by any number of `RIFF AVIX`.
    mutating func walk() throws(CaptureError) {
        var offset = 0
        while let chunk = try RIFFChunk.read(file, at: offset, limit: file.size), chunk.code == "RIFF" {
            // A recorder that was cut off leaves a size of zero, or one beyond the end.
            let end = chunk.size <= 4 ? file.size : min(chunk.end, file.size)
            guard let type = try chunk.listType(file), type == "AVI " || type == "AVIX" else { break }
            try walkLists(from: chunk.start + 4, to: end)
            offset = max(chunk.next, end)
        }
    }

    private mutating func walkLists(from start: Int, to end: Int) throws(CaptureError) {
        var offset = start
        while let chunk = try RIFFChunk.read(file, at: offset, limit: end) {
            if chunk.code == "LIST", let type = try chunk.listType(file) {
                switch type {
                case "hdrl": try walkHeader(chunk.start + 4, min(chunk.end, end))
                case "movi":
                    let isUnfinished = chunk.size <= 4 || chunk.end > end
                    try walkFrames(chunk.start + 4, isUnfinished ? end : chunk.end)
                    if isUnfinished { return }
                default: break
                }
            }
            offset = chunk.next
        }
    }

    private mutating func walkHeader(_ start: Int, _ end: Int) throws(CaptureError) {
        var offset = start
        while let chunk = try RIFFChunk.read(file, at: offset, limit: end) {
            if chunk.code == "avih" {
                let bytes = try contents(chunk, limit: end)
                microsecondsPerFrame = Int64(LittleEndian.uint32(bytes, 0) ?? 0)
            } else if chunk.code == "LIST", try chunk.listType(file) == "strl" {
                try walkStream(chunk.start + 4, min(chunk.end, end))
            }
            offset = chunk.next
        }
    }

    private mutating func walkStream(_ start: Int, _ end: Int) throws(CaptureError) {
        let number = streamCount
        streamCount += 1
        guard video == nil, number < 100 else { return }
        var stream: VideoStream?
        var offset = start
        while let chunk = try RIFFChunk.read(file, at: offset, limit: end) {
            if chunk.code == "strh" {
                let bytes = try contents(chunk, limit: end)
                if LittleEndian.code(bytes, 0) == "vids" {
                    let name = number < 10 ? "0\(number)" : "\(number)"
                    stream = VideoStream(
                        chunkCodes: [name + "dc", name + "db"], scale: Int64(LittleEndian.uint32(bytes, 20) ?? 0),
                        rate: Int64(LittleEndian.uint32(bytes, 24) ?? 0))
                }
            } else if chunk.code == "strf", stream != nil {
                let bytes = try contents(chunk, limit: end)
                stream?.width = Int(Int32(bitPattern: LittleEndian.uint32(bytes, 4) ?? 0))
                // Negative for pictures stored top row first, which says nothing about JPEG.
                stream?.height = Int(Int32(bitPattern: LittleEndian.uint32(bytes, 8) ?? 0).magnitude)
                stream?.compression = LittleEndian.code(bytes, 16)
            }
            offset = chunk.next
        }
        video = stream
    }

    /// The chunks of a `movi` list; `rec ` lists within it only group them.
    private mutating func walkFrames(_ start: Int, _ end: Int) throws(CaptureError) {
        guard let codes = video?.chunkCodes else { return }
        var offset = start
        while let chunk = try RIFFChunk.read(file, at: offset, limit: end) {
            if chunk.code == "LIST", try chunk.listType(file) == "rec " {
                offset = chunk.start + 4
                continue
            }
            // An unfinished file's list reaches to the end of the file, index and all.
            if chunk.code == "idx1" || chunk.code == "RIFF" { return }
            if codes.contains(chunk.code) {
                guard frames.count < Self.mostFrames else {
                    throw CaptureError(
                        .tooLarge, path: file.path, "more than \(Self.mostFrames) frames; cut the file into pieces")
                }
                frames.append(AVIIndex.Entry(offset: chunk.start, size: chunk.size))
            }
            offset = chunk.next
        }
    }

    /// A header chunk's first bytes, as many as the header structures have.
    private func contents(_ chunk: RIFFChunk, limit: Int) throws(CaptureError) -> [UInt8] {
        try file.bytes(at: chunk.start, count: min(chunk.size, 64, max(0, limit - chunk.start)))
    }

    func result() throws(CaptureError) -> AVIIndex {
        guard let video else { throw malformed("no video stream in the AVI header") }
        guard let compression = video.compression else { throw malformed("no format for the AVI video stream") }
        guard RGBImage.byteCount(width: video.width, height: video.height) != nil else {
            throw .tooLarge(path: file.path, width: video.width, height: video.height)
        }
        guard
            let duration = FrameDuration.nanoseconds(rate: video.rate, scale: video.scale)
                ?? FrameDuration.nanoseconds(rate: 1_000_000, scale: microsecondsPerFrame)
        else { throw malformed("no frame rate in the AVI header") }
        // Nothing comes before the first frame, so chunks of no bytes before it show that one.
        guard let first = frames.first(where: { $0.size > 0 }) else {
            throw CaptureError(.noFrames, path: file.path, "an AVI file without video frames")
        }
        var shown = frames
        for index in shown.indices {
            if shown[index].size > 0 { break }
            shown[index] = first
        }
        return AVIIndex(
            width: video.width, height: video.height, compression: compression, frameDurationNanoseconds: duration, frames: shown)
    }

    private func malformed(_ what: String) -> CaptureError {
        CaptureError(.malformed, path: file.path, "\(what); make the file again, for instance with ffmpeg -c:v copy out.avi")
    }
}
