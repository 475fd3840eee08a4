import CV4L2
import Glibc

/// Asks the kernel, without libv4l2's conversions: what the camera itself can do.
package struct V4L2Probe: CameraProbe {
    /// The real one.
    package init() {}

    package func identity(of node: String) throws(DeviceError) -> CameraIdentity {
        let descriptor = try Self.open(node)
        defer { _ = close(descriptor) }
        return try Self.identity(Self.enumeration(descriptor), node)
    }

    package func survey(of node: String) throws(DeviceError) -> CameraSurvey {
        let descriptor = try Self.open(node)
        defer { _ = close(descriptor) }
        let enumeration = Self.enumeration(descriptor)
        let identity = try Self.identity(enumeration, node)
        guard identity.isCapture else { return CameraSurvey(identity: identity, formats: [], isBusy: false) }
        return CameraSurvey(identity: identity, formats: enumeration.formats(), isBusy: enumeration.isBusy())
    }

    private static func enumeration(_ descriptor: Int32) -> CameraEnumeration {
        CameraEnumeration { request, argument in
            while cv4l2_kernel_ioctl(descriptor, request, argument) != 0 {
                // A signal is not the device's answer.
                guard errno == EINTR else { return errno }
            }
            return 0
        }
    }

    private static func identity(_ enumeration: CameraEnumeration, _ node: String) throws(DeviceError) -> CameraIdentity {
        do throws(CameraEnumeration.Failure) {
            return try enumeration.identity()
        } catch {
            if error.number == ENODEV { throw DeviceError(.gone, device: node, "has been unplugged") }
            if error.number == ENOTTY || error.number == EINVAL { throw DeviceError(.unsupported, device: node, "is not a video device") }
            throw DeviceError(.failed(errno: error.number), device: node, "VIDIOC_QUERYCAP: \(error.text)")
        }
    }

    private static func open(_ node: String) throws(DeviceError) -> Int32 {
        let descriptor = Glibc.open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor < 0 else { return descriptor }
        let error = CameraEnumeration.Failure(number: errno)
        switch error.number {
        case ENOENT, ENODEV, ENXIO: throw DeviceError(.absent, device: node, "there is no such device now")
        case EACCES, EPERM: throw DeviceError(.denied, device: node, "permission denied")
        case EBUSY: throw DeviceError(.busy, device: node, "is in use")
        default: throw DeviceError(.failed(errno: error.number), device: node, "cannot be opened: \(error.text)")
        }
    }
}
