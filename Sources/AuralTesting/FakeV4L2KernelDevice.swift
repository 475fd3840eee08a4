import AuralCapture
import AuralCore
import CV4L2
import Glibc

/// A camera of a `FakeV4L2Kernel`: what it offers, and what is wrong with it at the moment.
package struct FakeV4L2Device: Sendable {
    /// A format with its sizes and intervals.
    package struct Format: Sendable {
        /// The four-character code.
        package var code: UInt32
        /// The sizes that it lists.
        package var sizes: FrameSizes
        /// The intervals that it lists, for every size.
        package var intervals: FrameIntervals

        /// A format with all its fields.
        package init(_ code: UInt32, sizes: FrameSizes, intervals: FrameIntervals) {
            self.code = code
            self.sizes = sizes
            self.intervals = intervals
        }
    }

    /// Whether it can be used.
    package enum Access: Sendable {
        /// By us.
        case free
        /// Another program streams from it: opening works, setting a format does not.
        case busy
        /// The node's mode keeps us out.
        case denied
    }

    /// How its buffers are stamped.
    package enum Stamps: Sendable, CaseIterable {
        /// With the monotonic clock, as frames are made.
        case monotonic
        /// Without the flag, as v4l2loopback does.
        case unflagged
        /// With the time of the frame's end, 36 ms ahead, as vivid does.
        case slightlyAhead
        /// Flagged, an hour ahead.
        case ahead
        /// Flagged, an hour late.
        case behind
        /// Flagged, the same for all frames.
        case stuck
        /// Flagged, with microseconds that are none.
        case malformed
    }

    /// VIDIOC_QUERYCAP's `capabilities`; those of the node are `nodeCapabilities`.
    package var capabilities = UInt32(bitPattern: V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING) | 0x8000_0000
    /// VIDIOC_QUERYCAP's `device_caps`.
    package var nodeCapabilities = UInt32(bitPattern: V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING)
    /// What it offers, the default first.
    package var formats: [Format]
    /// Whether it can be used.
    package var access = Access.free
    /// How its buffers are stamped.
    package var stamps = Stamps.monotonic
    /// Produces nothing while it streams: a program that plays into a loopback device has ended.
    package var isSilent = false
    /// So many of the next frames are flagged as corrupt.
    package var corruptFrames = 0
    /// So many of the next frames have too few bytes.
    package var shortFrames = 0
    /// So many frames are lost before the next one.
    package var lostFrames: UInt32 = 0
    /// All frames have the same number.
    package var countsNothing = false
    /// Bytes that each row has more than its pixels need.
    package var padding = 0
    /// Buffers that it gives, whatever is asked.
    package var buffers: UInt32 = 4
    /// What a frame of a compressed format holds.
    package var picture: [UInt8] = [0xFF, 0xD8, 0xFF, 0xD9]
    /// V4L2_COLORSPACE, V4L2_YCBCR_ENC and V4L2_QUANTIZATION of its pictures.
    package var colors: (space: UInt32, encoding: UInt32, quantization: UInt32) = (V4L2_COLORSPACE_SRGB.rawValue, 0, 0)
    /// Formats that libv4l2 computes from its own ones.
    package var emulated: [Format] = []

    /// A camera with these formats.
    package init(formats: [Format]) {
        self.formats = formats
    }

    /// A small one with one format: 32x24 at 25 frames a second.
    package static func simple(_ code: UInt32 = cv4l2_pix_fmt_yuyv) -> FakeV4L2Device {
        let intervals = [FrameInterval(1, 25)].compactMap { $0 }
        return FakeV4L2Device(formats: [Format(code, sizes: .discrete([.init(32, 24)]), intervals: .discrete(intervals))])
    }
}
