import AuralCore
import CV4L2
import Glibc

/// A frame in the driver's own memory. Valid only within the closure that it is passed to: the driver writes into it again afterwards.
package struct FilledBuffer {
    /// The payload: as many bytes as the driver says that it wrote.
    package let bytes: UnsafeRawBufferPointer
    /// The driver's count of frames, which wraps.
    package let sequence: UInt32
    /// Whether the driver found the frame damaged.
    package let isCorrupt: Bool
    /// The driver's time stamp; nil where it is not one of the monotonic clock.
    package let timestamp: MonoTime?

    init(_ buffer: v4l2_buffer, memory: UnsafeMutableRawBufferPointer) {
        // Never more than was mapped, whatever the driver says.
        bytes = UnsafeRawBufferPointer(rebasing: memory[..<min(Int(buffer.bytesused), memory.count)])
        sequence = buffer.sequence
        isCorrupt = buffer.flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0
        let isMonotonic = buffer.flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK) == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        timestamp = isMonotonic ? Self.time(buffer.timestamp) : nil
    }

    private static func time(_ stamp: timeval) -> MonoTime? {
        let (nanoseconds, overflow) = Int64(stamp.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow, (0..<1_000_000).contains(stamp.tv_usec) else { return nil }
        return MonoTime(nanoseconds: nanoseconds).advanced(byNanoseconds: Int64(stamp.tv_usec) * 1000)
    }
}
