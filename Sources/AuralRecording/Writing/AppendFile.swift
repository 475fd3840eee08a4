import Glibc

/// A file that grows at its end; its beginning may be written over.
final class AppendFile {
    /// Bytes written so far.
    private(set) var count: Int64 = 0
    private let path: String
    private let descriptor: Int32

    /// Creates the file, which must not be there yet.
    init(path: String) throws(RecordingError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system(errno, path: path) }
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end. What could be written of them is there even where it throws, but does not count.
    func append(_ bytes: UnsafeRawBufferPointer) throws(RecordingError) {
        try write(bytes, at: count)
        count += Int64(bytes.count)
    }

    /// Adds bytes at the end.
    func append(_ bytes: [UInt8]) throws(RecordingError) {
        try bytes.span.bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(RecordingError) in try append(raw) }
    }

    /// Writes over what is there.
    func overwrite(_ bytes: [UInt8], at offset: Int64) throws(RecordingError) {
        try bytes.span.bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(RecordingError) in try write(raw, at: offset) }
    }

    /// Waits until everything is on the disk.
    func flush() throws(RecordingError) {
        guard fdatasync(descriptor) == 0 else { throw .system(errno, path: path) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(RecordingError) {
        var done = 0
        while done < bytes.count {
            let written = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .system(written < 0 ? errno : ENOSPC, path: path) }
            done += written
        }
    }
}
