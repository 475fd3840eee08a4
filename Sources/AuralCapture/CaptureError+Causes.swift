import Glibc

extension CaptureError {
    /// The error for a system call on `path` that failed with `number`.
    static func system(_ number: Int32, path: String, doing action: String) -> CaptureError {
        switch number {
        case ENOENT, ENOTDIR:
            return CaptureError(.notFound, path: path, "no such file or folder; check the path")
        case EACCES, EPERM:
            return CaptureError(
                .noPermission, path: path, "permission denied; make it accessible to the user that aurald runs as")
        default:
            return CaptureError(.unreadable(errno: number), path: path, "cannot \(action): \(systemMessage(number))")
        }
    }

    /// strerror(3) for `number`.
    static func systemMessage(_ number: Int32) -> String {
        let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 256)
        buffer.initialize(repeating: 0)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else { return "error \(number)" }
        return String(cString: base)
    }

    /// The same error, said of frame `number` (from 0) of the clip `clip`.
    func inFrame(_ number: Int, of clip: String) -> CaptureError {
        let code: Code =
            switch self.code {
            case .truncated: .truncated(frame: number)
            default: self.code
            }
        return CaptureError(code, path: clip, "frame \(number): \(message)")
    }

    /// The data end within frame `number`.
    static func truncated(path: String, frame number: Int) -> CaptureError {
        CaptureError(
            .truncated(frame: number), path: path,
            "truncated at frame \(number); copy the file again, or cut it before that frame")
    }

    /// A picture whose sides are outside what `RGBImage` takes.
    static func tooLarge(path: String, width: Int, height: Int) -> CaptureError {
        CaptureError(.tooLarge, path: path, "a picture of \(width)x\(height); both sides must be within 1…16384, scale it first")
    }

    /// Frame `number` differs in size from the clip.
    static func sizeChanged(path: String, frame number: Int, _ got: (Int, Int), clip: (Int, Int)) -> CaptureError {
        CaptureError(
            .sizeChanged(frame: number), path: path,
            "frame \(number) is \(got.0)x\(got.1), the clip is \(clip.0)x\(clip.1); all frames must have one size")
    }
}
