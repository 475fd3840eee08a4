/// The border between the camera and the kernel: the system calls of the V4L2 interface (kernel, userspace-api/media/v4l). Waiting is not
/// among them: whoever drives the camera does that with poll(2) on the descriptor.
package protocol V4L2Kernel: Sendable {
    /// Opens a device node for reading and writing, non-blocking.
    ///
    /// - Parameters:
    ///   - path: the node.
    ///   - converting: whether formats may be offered that the device does not have and that are computed from those that it has.
    /// - Returns: the descriptor, which poll(2) takes.
    func open(_ path: String, converting: Bool) throws(KernelError) -> Int32

    /// Closes a descriptor; whatever the kernel says, it is closed.
    func close(_ descriptor: Int32)

    /// One of the VIDIOC requests, on a value of that request's type. An interrupted call is made again. Returns 0 or the errno.
    func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32

    /// Maps a buffer of the device into memory.
    func map(_ descriptor: Int32, length: Int, offset: Int) throws(KernelError) -> UnsafeMutableRawBufferPointer

    /// Takes a mapping back.
    func unmap(_ memory: UnsafeMutableRawBufferPointer)
}

extension V4L2Kernel {
    /// `ioctl` on a typed value.
    func call<Argument>(_ descriptor: Int32, _ request: UInt, _ argument: inout Argument) throws(KernelError) {
        let number = withUnsafeMutablePointer(to: &argument) { ioctl(descriptor, request, UnsafeMutableRawPointer($0)) }
        if number != 0 { throw KernelError(number) }
    }
}
