import AuralCore

/// One way in which a camera can deliver pictures.
package struct CameraMode: Sendable, Equatable {
    /// The format as the driver names it; two codes may stand for one format (MJPG, JPEG).
    package var code: UInt32
    /// How pictures are stored.
    package var format: PixelFormat
    /// Columns and rows.
    package var size: FrameSizes.Size
    /// The time from frame to frame; nil where the driver does not say.
    package var interval: FrameInterval?

    /// A mode with all its fields.
    package init(code: UInt32, format: PixelFormat, size: FrameSizes.Size, interval: FrameInterval?) {
        self.code = code
        self.format = format
        self.size = size
        self.interval = interval
    }
}

/// A format and size that a camera offers, with its intervals.
package struct CameraOffer: Sendable, Equatable {
    /// The format as the driver names it.
    package var code: UInt32
    /// How pictures are stored.
    package var format: PixelFormat
    /// Columns and rows.
    package var size: FrameSizes.Size
    /// Times from frame to frame.
    package var intervals: FrameIntervals

    /// An offer with all its fields.
    package init(code: UInt32, format: PixelFormat, size: FrameSizes.Size, intervals: FrameIntervals) {
        self.code = code
        self.format = format
        self.size = size
        self.intervals = intervals
    }
}
