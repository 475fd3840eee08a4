import AuralCapture
import AuralCore

extension Configuration.Camera {
    /// Whether there is to be a camera at all.
    package var isOn: Bool { device != "none" }

    /// The camera's settings; nil for no camera.
    package var wanted: CameraSettings? { isOn ? settings : nil }

    /// The same for the camera itself.
    package var settings: CameraSettings {
        CameraSettings(
            device: device, width: width, height: height, rate: rate, format: PixelFormat(rawValue: format.rawValue),
            isRateFixed: isRateFixed, stallNanoseconds: Int64(stallSeconds * 1e9))
    }
}

extension Configuration.Microphone {
    /// Whether there is to be a microphone at all.
    package var isOn: Bool { device != "none" }

    /// The microphone's settings; nil for no microphone.
    package var wanted: MicrophoneSettings? { isOn ? settings : nil }

    /// How much later sound arrives than the picture of the same moment, in nanoseconds.
    var offsetNanoseconds: Int64 { Int64(offsetMilliseconds * 1e6) }

    /// The same for the microphone itself.
    package var settings: MicrophoneSettings {
        MicrophoneSettings(
            device: device, rate: rate, channels: channels, periodMilliseconds: periodMilliseconds, bufferMilliseconds: bufferMilliseconds,
            stallNanoseconds: Int64(stallSeconds * 1e9))
    }
}
