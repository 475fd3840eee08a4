import AuralCapture
import AuralCore
import CV4L2
import Glibc

/// An open descriptor of a `FakeV4L2Kernel`.
struct FakeV4L2Handle {
    struct Buffer {
        // SAFETY: allocated by the fake when it is requested, freed with the last trace of the handle; used under the fake's mutex, and by the
        // reader between dequeuing and queuing.
        var memory: UnsafeMutableRawBufferPointer
        var isMapped = false
        var isQueued = false
        var isDequeued = false
    }

    struct Done {
        var index: Int
        var count: Int
        var flags: UInt32
        var stamp: timeval
        var sequence: UInt32
    }

    let path: String
    let isConverting: Bool
    /// The other end of the pipe whose first end is the descriptor: a byte for each frame that is ready; closed when unplugged. -1 when closed.
    var signal: Int32
    /// The node was unplugged: this descriptor is of no more use, even if it is plugged in again.
    var isGone = false
    /// The stream has broken for good.
    var isDead = false
    var isStreaming = false
    var format = v4l2_pix_format()
    var interval: FrameInterval?
    var buffers: [Buffer] = []
    var queue: [Int] = []
    var done: [Done] = []
    var sequence: UInt32 = 0
    /// When the next frame is made.
    var next = MonoTime(nanoseconds: .max)

    init(path: String, isConverting: Bool, signal: Int32) {
        self.path = path
        self.isConverting = isConverting
        self.signal = signal
    }

    var isCompressed: Bool { format.pixelformat == cv4l2_pix_fmt_mjpeg || format.pixelformat == cv4l2_pix_fmt_jpeg }

    /// Makes the frame that is due, if there is a buffer for it.
    mutating func produce(_ device: inout FakeV4L2Device, at now: MonoTime) {
        guard !device.isSilent, !isDead else { return }
        sequence &+= device.lostFrames
        device.lostFrames = 0
        let number = device.countsNothing ? 0 : sequence
        sequence &+= 1
        guard !queue.isEmpty else { return }
        let index = queue.removeFirst()
        buffers[index].isQueued = false
        var count = fill(buffers[index].memory, device, number)
        var flags: UInt32 = 0
        if device.corruptFrames > 0 {
            device.corruptFrames -= 1
            flags |= UInt32(V4L2_BUF_FLAG_ERROR)
        }
        if device.shortFrames > 0 {
            device.shortFrames -= 1
            count = min(count, 3)
        }
        if device.stamps != .unflagged { flags |= UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) }
        done.append(Done(index: index, count: count, flags: flags, stamp: Self.stamp(device.stamps, now), sequence: number))
        signalReady()
    }

    /// Writes a frame whose bytes all hold its number, or the device's picture where that is compressed.
    private func fill(_ memory: UnsafeMutableRawBufferPointer, _ device: FakeV4L2Device, _ number: UInt32) -> Int {
        let count = min(memory.count, isCompressed ? device.picture.count : Int(format.sizeimage))
        if isCompressed {
            memory.copyBytes(from: device.picture.prefix(count))
        } else if let start = memory.baseAddress {
            memset(start, Int32(number & 0xFF), count)
        }
        return count
    }

    private static func stamp(_ kind: FakeV4L2Device.Stamps, _ now: MonoTime) -> timeval {
        let hour: Int64 = 3_600_000_000_000
        let nanoseconds =
            switch kind {
            case .monotonic, .malformed: now.nanoseconds
            case .unflagged, .behind: now.nanoseconds - hour
            case .slightlyAhead: now.nanoseconds + 36_000_000
            case .ahead: now.nanoseconds + hour
            case .stuck: Int64(1_000_000_000)
            }
        let microseconds = kind == .malformed ? -7 : Int(nanoseconds / 1000 % 1_000_000)
        return timeval(tv_sec: Int(nanoseconds / 1_000_000_000), tv_usec: microseconds)
    }

    private func signalReady() {
        var byte: UInt8 = 1
        if signal >= 0 { _ = Glibc.write(signal, &byte, 1) }
    }
}
