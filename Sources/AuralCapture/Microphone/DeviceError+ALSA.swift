import AuralCore
import Glibc

extension DeviceError {
    /// The error for a call of alsa-lib that failed.
    static func microphone(_ failure: ALSAFailure, _ name: String) -> DeviceError {
        let reason = "\(failure.call): \(CaptureError.systemMessage(failure.errno))"
        switch failure.errno {
        case ENOENT, ENXIO:
            return DeviceError(.absent, device: name, "there is no such sound device now (\(reason)); plug it in")
        case ENODEV:
            return DeviceError(.gone, device: name, "the microphone has been unplugged (\(reason))")
        case EBUSY:
            return DeviceError(.busy, device: name, "another program uses the microphone (\(reason)); end it")
        case EACCES, EPERM:
            return DeviceError(.denied, device: name, "no permission (\(reason)); add the user that aurald runs as to the group audio")
        case EINVAL where failure.call.hasPrefix("snd_pcm_hw_params"):
            return DeviceError(
                .unsupported, device: name, "cannot capture what is asked for (\(reason)); a plug: device in front of it can convert")
        default:
            return DeviceError(.failed(errno: failure.errno), device: name, "the microphone failed (\(reason))")
        }
    }
}
