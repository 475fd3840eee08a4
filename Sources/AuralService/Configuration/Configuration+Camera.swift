extension Configuration {
    /// Which camera is opened, and what is asked of it.
    package struct Camera: Sendable, Equatable {
        /// The format of the pictures as V4L2 names them.
        package enum Format: String, Sendable, CaseIterable {
            /// Whatever costs least at the size and rate.
            case auto
            /// Motion-JPEG (MJPG).
            case mjpeg
            /// Packed 4:2:2, luma first (YUYV).
            case yuyv
            /// Packed 4:2:2, chroma first (UYVY).
            case uyvy
            /// Two planes, 4:2:0 (NV12).
            case nv12
            /// Three planes, 4:2:0 (YU12).
            case yu12
            /// Luma alone (GREY).
            case grey
            /// Packed RGB, 8 bits each (RGB3).
            case rgb24
            /// Packed BGR, 8 bits each (BGR3).
            case bgr24
        }

        /// "auto", "none", a stable path, `usb:VID:PID[:SERIAL]`, `name:CARD` or /dev/videoN; any text but the empty one here.
        package var device = "auto"
        /// Wanted width, pixels.
        package var width = 640
        /// Wanted height, pixels.
        package var height = 480
        /// Wanted frames per second.
        package var rate = 30.0
        /// Wanted format.
        package var format = Format.auto
        /// Whether the camera must not expose longer than its rate allows.
        package var isRateFixed = false
        /// Seconds without a frame after which the camera is opened again.
        package var stallSeconds = 2.0
    }
}
