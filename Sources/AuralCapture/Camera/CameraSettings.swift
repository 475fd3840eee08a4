import AuralCore

/// What is wanted of a camera.
package struct CameraSettings: Sendable, Equatable {
    /// The device, by any name that the locator knows.
    package var device: String
    /// Columns of the picture.
    package var width: Int
    /// Rows of the picture.
    package var height: Int
    /// Frames a second.
    package var rate: Double
    /// How pictures are to be stored; nil for what suits the size (see `CameraMode`).
    package var format: PixelFormat?
    /// Keep the rate in the dark too, at the price of darker pictures: by default cameras expose longer and deliver fewer frames.
    package var isRateFixed: Bool
    /// Without a frame for this long the device counts as stalled and is opened again, in nanoseconds. Ten frames' time is the least.
    package var stallNanoseconds: Int64

    /// Settings for a device; by default 640 by 480 at 30 frames a second.
    package init(
        device: String, width: Int = 640, height: Int = 480, rate: Double = 30, format: PixelFormat? = nil, isRateFixed: Bool = false,
        stallNanoseconds: Int64 = 2_000_000_000
    ) {
        self.device = device
        self.width = width
        self.height = height
        self.rate = rate
        self.format = format
        self.isRateFixed = isRateFixed
        self.stallNanoseconds = stallNanoseconds
    }

    /// `stallNanoseconds`, or ten frames' time where that is more.
    package var patienceNanoseconds: Int64 {
        guard rate > 0 else { return stallNanoseconds }
        return max(stallNanoseconds, Int64(min(10e9 / rate, 3600e9)))
    }
}
