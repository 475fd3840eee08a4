import Glibc

/// A regular file that is read by position. Reading and not mapping, because a mapped file that another program cuts short
/// ends the process with SIGBUS.
package final class InputFile {
    /// The path as the user gave it.
    package let path: String
    /// Bytes in the file at the time it was opened.
    package let size: Int
    private let descriptor: Int32

    /// Opens a regular file for reading. Throws where there is none.
    package init(path: String) throws(CaptureError) {
        // O_NONBLOCK: the open of a FIFO without a writer would hang; it has no effect on regular files.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno, path: path, doing: "open it") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .system(number, path: path, doing: "read its size")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CaptureError(.unsupportedFormat, path: path, "not a regular file; give a file or a folder of pictures")
        }
        self.path = path
        self.size = max(0, Int(status.st_size))
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Fills `buffer` from byte `offset` on; returns how much there was (less than asked only at the end of the file).
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
        guard offset >= 0, let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let (position, overflow) = offset.addingReportingOverflow(done)
            if overflow { break }
            let count = pread(descriptor, base + done, buffer.count - done, position)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno, path: path, doing: "read it")
            }
            done += count
        }
        return done
    }

    /// Up to `count` bytes from byte `offset` on; fewer at the end of the file.
    package func bytes(at offset: Int, count: Int) throws(CaptureError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(0, count), alignment: 16)
        defer { buffer.deallocate() }
        return Array(buffer.prefix(try read(at: offset, into: buffer)))
    }
}
