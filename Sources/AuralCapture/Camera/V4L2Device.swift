import AuralCore
import CV4L2
import Glibc

/// An open camera that streams into mapped buffers (kernel, userspace-api/media/v4l/mmap). To be used by one thread.
///
/// It holds a descriptor and mappings from `open` until `close`, which never fails. Once a call has thrown, only `close` makes sense.
package final class V4L2Device {
    /// The node.
    package let path: String
    /// What poll(2) waits for.
    package let descriptor: Int32
    /// What the driver gives.
    package internal(set) var format: StreamFormat?

    let kernel: any V4L2Kernel
    let isConverting: Bool
    // SAFETY: mappings of the device's buffers, in their order; valid until `close`, which empties the list.
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private var isClosed = false

    /// Buffers that a driver is asked for: one that it fills, one that waits, and time for a reader who is late by two frames.
    private static let bufferCount: UInt32 = 4

    /// Opens the node, without asking anything of it yet.
    init(_ path: String, kernel: any V4L2Kernel, converting: Bool) throws(DeviceError) {
        self.path = path
        self.kernel = kernel
        isConverting = converting
        do {
            descriptor = try kernel.open(path, converting: converting)
        } catch {
            // Nobody has been streaming, so a device that is not there is absent, not gone.
            let number = error.number == ENODEV ? ENXIO : error.number
            throw .camera(KernelError(number), doing: "open it", path)
        }
    }

    deinit { close() }

    /// Buffers that the driver gave.
    package var bufferCount: Int { buffers.count }

    /// Makes a request of the device.
    func call<Argument>(_ request: UInt, _ argument: inout Argument, _ action: String) throws(DeviceError) {
        do {
            try kernel.call(descriptor, request, &argument)
        } catch {
            throw .camera(error, doing: action, path)
        }
    }

    /// Maps the buffers, hands them all to the driver and starts the stream.
    func startStreaming() throws(DeviceError) {
        var request = v4l2_requestbuffers()
        request.count = Self.bufferCount
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.memory = V4L2_MEMORY_MMAP.rawValue
        try call(cv4l2_reqbufs, &request, "get buffers (VIDIOC_REQBUFS)")
        guard (2...32).contains(request.count) else {
            throw DeviceError(.unsupported, device: path, "the driver gives \(request.count) buffers; streaming takes 2 to 32")
        }
        for index in 0..<request.count {
            var buffer = Self.buffer(index)
            try call(cv4l2_querybuf, &buffer, "look at a buffer (VIDIOC_QUERYBUF)")
            do {
                buffers.append(try kernel.map(descriptor, length: Int(buffer.length), offset: Int(buffer.m.offset)))
            } catch {
                throw .camera(error, doing: "map a buffer (mmap)", path)
            }
        }
        for index in 0..<request.count { try enqueue(index) }
        var type = Int32(bitPattern: V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue)
        try call(cv4l2_streamon, &type, "start the stream (VIDIOC_STREAMON)")
    }

    /// Takes one filled buffer, lets `body` read it, and gives it back to the driver. Returns nil where none is ready.
    package func dequeue<Result>(_ body: (FilledBuffer) -> Result) throws(DeviceError) -> Result? {
        var buffer = Self.buffer(0)
        do {
            try kernel.call(descriptor, cv4l2_dqbuf, &buffer)
        } catch {
            if error.number == EAGAIN { return nil }
            throw .camera(error, doing: "take a frame (VIDIOC_DQBUF)", path)
        }
        guard buffer.index < buffers.count else {
            throw DeviceError(.failed(errno: EPROTO), device: path, "the driver gave back buffer \(buffer.index), which it never had")
        }
        let result = body(FilledBuffer(buffer, memory: buffers[Int(buffer.index)]))
        try enqueue(buffer.index)
        return result
    }

    /// Hands a buffer to the driver; a second try helps where a driver fails once.
    private func enqueue(_ index: UInt32) throws(DeviceError) {
        var buffer = Self.buffer(index)
        if (try? kernel.call(descriptor, cv4l2_qbuf, &buffer)) != nil { return }
        buffer = Self.buffer(index)
        try call(cv4l2_qbuf, &buffer, "give a buffer back (VIDIOC_QBUF)")
    }

    /// Stops the stream and gives everything back. Errors mean nothing by now: an unplugged camera answers ENODEV to all of it.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        if !buffers.isEmpty {
            var type = Int32(bitPattern: V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue)
            try? kernel.call(descriptor, cv4l2_streamoff, &type)
            for memory in buffers { kernel.unmap(memory) }
            buffers.removeAll()
            // Drivers refuse to free buffers that are still mapped.
            var request = v4l2_requestbuffers()
            request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
            request.memory = V4L2_MEMORY_MMAP.rawValue
            try? kernel.call(descriptor, cv4l2_reqbufs, &request)
        }
        kernel.close(descriptor)
    }

    private static func buffer(_ index: UInt32) -> v4l2_buffer {
        var buffer = v4l2_buffer()
        buffer.index = index
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        buffer.memory = V4L2_MEMORY_MMAP.rawValue
        return buffer
    }
}
