import AuralCapture
import AuralCore
import CV4L2
import Glibc

extension FakeV4L2Handle {
    /// The requests that move buffers.
    mutating func stream(
        _ request: UInt, _ argument: UnsafeMutableRawPointer, _ device: FakeV4L2Device, at now: MonoTime, _ misuses: inout [String]
    ) -> Int32 {
        switch request {
        case cv4l2_reqbufs: return allocate(argument, device)
        case cv4l2_querybuf:
            var buffer = argument.load(as: v4l2_buffer.self)
            guard buffer.index < buffers.count else { return EINVAL }
            buffer.length = UInt32(buffers[Int(buffer.index)].memory.count)
            buffer.m.offset = buffer.index * UInt32(FakeV4L2Kernel.offsetStep)
            argument.storeBytes(of: buffer, as: v4l2_buffer.self)
            return 0
        case cv4l2_qbuf: return enqueue(argument, &misuses)
        case cv4l2_dqbuf: return dequeue(argument)
        case cv4l2_streamon:
            isStreaming = true
            sequence = 0
            next = now.advanced(byNanoseconds: period)
            return 0
        case cv4l2_streamoff:
            isStreaming = false
            next = MonoTime(nanoseconds: .max)
            queue = []
            done = []
            for index in buffers.indices {
                buffers[index].isQueued = false
                buffers[index].isDequeued = false
            }
            return 0
        default: return ENOTTY
        }
    }

    /// Nanoseconds from frame to frame.
    var period: Int64 { interval.map { Int64(1e9 / $0.rate) } ?? 33_333_333 }

    private mutating func allocate(_ argument: UnsafeMutableRawPointer, _ device: FakeV4L2Device) -> Int32 {
        if device.access == .busy || isStreaming || buffers.contains(where: \.isMapped) { return EBUSY }
        for buffer in buffers { buffer.memory.deallocate() }
        buffers = []
        var request = argument.load(as: v4l2_requestbuffers.self)
        if request.count > 0 {
            request.count = device.buffers
            let size = max(1, Int(format.sizeimage))
            for _ in 0..<request.count {
                buffers.append(Buffer(memory: .allocate(byteCount: size, alignment: 16)))
            }
        }
        argument.storeBytes(of: request, as: v4l2_requestbuffers.self)
        return 0
    }

    private mutating func enqueue(_ argument: UnsafeMutableRawPointer, _ misuses: inout [String]) -> Int32 {
        let index = Int(argument.load(as: v4l2_buffer.self).index)
        guard index < buffers.count, !buffers[index].isQueued else {
            misuses.append("VIDIOC_QBUF of buffer \(index), which the driver has already")
            return EINVAL
        }
        buffers[index].isQueued = true
        buffers[index].isDequeued = false
        queue.append(index)
        return 0
    }

    private mutating func dequeue(_ argument: UnsafeMutableRawPointer) -> Int32 {
        if isDead { return EIO }
        guard isStreaming else { return EINVAL }
        guard !done.isEmpty else { return EAGAIN }
        let first = done.removeFirst()
        buffers[first.index].isDequeued = true
        var buffer = argument.load(as: v4l2_buffer.self)
        buffer.index = UInt32(first.index)
        buffer.bytesused = UInt32(first.count)
        buffer.flags = first.flags
        buffer.timestamp = first.stamp
        buffer.sequence = first.sequence
        argument.storeBytes(of: buffer, as: v4l2_buffer.self)
        return 0
    }
}
