import AuralCore
import Glibc

extension DeviceError {
    /// The error for a system call on a camera that failed: what was being done, and with which call.
    static func camera(_ error: KernelError, doing action: String, _ path: String) -> DeviceError {
        let reason = CaptureError.systemMessage(error.number)
        switch error.number {
        case ENOENT, ENXIO:
            return DeviceError(.absent, device: path, "there is no such device now; plug the camera in")
        case ENODEV:
            return DeviceError(.gone, device: path, "the camera has been unplugged (\(action): \(reason))")
        case EBUSY:
            return DeviceError(.busy, device: path, "another program uses the camera (\(action): \(reason)); end it")
        case EACCES, EPERM:
            return DeviceError(.denied, device: path, "no permission (\(action): \(reason)); add the user that aurald runs as to the node's group")
        case ENOSPC:
            return DeviceError(
                .failed(errno: ENOSPC), device: path,
                "not enough USB bandwidth (\(action)); use MJPEG, a smaller size or rate, or another port")
        default:
            return DeviceError(.failed(errno: error.number), device: path, "cannot \(action): \(reason)")
        }
    }
}
