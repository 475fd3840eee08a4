import CV4L2
import Glibc

/// The real kernel, through libv4l2.
///
/// A node is opened with open(2) and made known to the library only where conversion is wanted. The library passes calls on other
/// descriptors through untouched, so that a camera with a format of ours is read without the library's locks, its copy of each picture, its
/// software white balance and its own ideas of what a format is.
package struct LibV4L2Kernel: V4L2Kernel {
    private static let silence: Void = cv4l2_silence()

    /// Makes a border to the kernel that the process runs on.
    package init() {
        Self.silence
    }

    package func open(_ path: String, converting: Bool) throws(KernelError) -> Int32 {
        let descriptor = Self.retrying { Glibc.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else { throw KernelError(errno) }
        if converting, v4l2_fd_open(descriptor, 0) < 0 {
            let number = errno
            // The library leaves a descriptor open that it cannot use.
            _ = Glibc.close(descriptor)
            throw KernelError(number == 0 ? EINVAL : number)
        }
        return descriptor
    }

    package func close(_ descriptor: Int32) {
        // Never twice, not even after EINTR: Linux has closed it by then (close(2)).
        _ = v4l2_close(descriptor)
    }

    package func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
        Self.retrying { cv4l2_ioctl(descriptor, request, argument) } < 0 ? errno : 0
    }

    package func map(_ descriptor: Int32, length: Int, offset: Int) throws(KernelError) -> UnsafeMutableRawBufferPointer {
        // Some drivers refuse a mapping that cannot be written to.
        let start = v4l2_mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, Int64(offset))
        guard let start, start != MAP_FAILED else { throw KernelError(errno) }
        return UnsafeMutableRawBufferPointer(start: start, count: length)
    }

    package func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        _ = v4l2_munmap(memory.baseAddress, memory.count)
    }

    private static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
