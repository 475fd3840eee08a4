import AuralCore
import Glibc

/// Finds the reader for a file or folder.
package enum FrameReaders {
    /// Opens a clip: a folder of JPEG or PNG pictures, a single picture, Y4M, Motion-JPEG AVI, or whatever else ffmpeg reads. What
    /// a file is, its first bytes say; its name does not matter. Pictures come from `pool`.
    package static func open(_ path: String, pool: ImagePool) throws(CaptureError) -> any FrameReader {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system(errno, path: path, doing: "open it") }
        if status.st_mode & S_IFMT == S_IFDIR {
            return try ImageSequenceReader(folder: path, pool: pool)
        }
        let file = try InputFile(path: path)
        let head = try file.bytes(at: 0, count: 16)
        guard !head.isEmpty else { throw CaptureError(.noFrames, path: path, "the file is empty") }
        if head.starts(with: Y4MHeader.magic) {
            return try Y4MReader(file: file, pool: pool)
        }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) || head.starts(with: PNGStructure.signature) {
            return try ImageSequenceReader(files: [path], name: path, pool: pool)
        }
        if LittleEndian.code(head, 0) == "RIFF", LittleEndian.code(head, 8) == "AVI " {
            let index = try AVIIndex.read(file)
            if index.isMotionJPEG { return try AVIReader(file: file, index: index, pool: pool) }
        }
        return try FFmpegReader(path: path, pool: pool)
    }
}
