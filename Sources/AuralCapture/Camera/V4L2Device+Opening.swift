import AuralCore
import CV4L2
import Glibc

extension V4L2Device {
    private enum Attempt {
        case streaming(V4L2Device)
        /// It has formats, but none that we read; their names.
        case unreadable([String])
    }

    /// Opens a camera and starts its stream in the mode that is nearest to the settings. On failure nothing stays open.
    ///
    /// A camera that has a format of ours is read as it is; only one that has none goes through libv4l2's conversion.
    @inline(never)
    package static func open(_ path: String, settings: CameraSettings, kernel: any V4L2Kernel) throws(DeviceError) -> V4L2Device {
        var names: [String] = []
        for converting in [false, true] {
            switch try attempt(path, settings, kernel, converting: converting) {
            case .streaming(let device): return device
            case .unreadable(let list): names = names.isEmpty ? list : names
            }
        }
        throw DeviceError(
            .unsupported, device: path,
            "it offers only \(names.joined(separator: ", ")), which neither aurald nor libv4l2 can read; use another camera")
    }

    private static func attempt(
        _ path: String, _ settings: CameraSettings, _ kernel: any V4L2Kernel, converting: Bool
    ) throws(DeviceError) -> Attempt {
        let device = try V4L2Device(path, kernel: kernel, converting: converting)
        do throws(DeviceError) {
            try device.checkCapabilities()
            let codes = try device.formatCodes()
            let offers = try device.offers(of: codes, near: FrameSizes.Size(settings.width, settings.height))
            guard let mode = CameraMode.best(of: offers, for: settings) else {
                device.close()
                return .unreadable(codes.map(PixelFormat.text(of:)))
            }
            try device.configure(mode, settings)
            try device.startStreaming()
            return .streaming(device)
        } catch {
            device.close()
            throw error
        }
    }

    /// Refuses what is no camera, and says what it is.
    private func checkCapabilities() throws(DeviceError) {
        var answer = v4l2_capability()
        do {
            try kernel.call(descriptor, cv4l2_querycap, &answer)
        } catch {
            guard error.number == ENOTTY || error.number == EINVAL else { throw .camera(error, doing: "ask what it is (VIDIOC_QUERYCAP)", path) }
            throw DeviceError(.unsupported, device: path, "it is no V4L2 device; name a camera (`v4l2-ctl --list-devices` lists them)")
        }
        // What the node can do; `capabilities` is what all nodes of the device can.
        let isOfNode = answer.capabilities & UInt32(bitPattern: Int32(truncatingIfNeeded: V4L2_CAP_DEVICE_CAPS)) != 0
        let abilities = isOfNode ? answer.device_caps : answer.capabilities
        func has(_ ability: Int32) -> Bool { abilities & UInt32(bitPattern: ability) != 0 }
        if has(V4L2_CAP_VIDEO_CAPTURE) {
            guard has(V4L2_CAP_STREAMING) else {
                throw DeviceError(.unsupported, device: path, "it cannot stream into mapped buffers; use another camera")
            }
            return
        }
        if has(V4L2_CAP_VIDEO_CAPTURE_MPLANE) {
            throw DeviceError(.unsupported, device: path, "it has only the multi-planar interface, which aurald does not read; use another camera")
        }
        if has(V4L2_CAP_META_CAPTURE) {
            throw DeviceError(.unsupported, device: path, "it delivers a camera's metadata, not its pictures; use the camera's other node")
        }
        // v4l2loopback with exclusive_caps=1 is no camera until somebody plays into it, and nothing at all when that has ended.
        let driver = withUnsafeBytes(of: answer.driver) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if has(V4L2_CAP_VIDEO_OUTPUT) || driver == "v4l2 loopback" {
            throw DeviceError(.absent, device: path, "it takes pictures and gives none; a loopback device gives them once a program plays into it")
        }
        throw DeviceError(.unsupported, device: path, "it captures no video; name a camera (`v4l2-ctl --list-devices` lists them)")
    }

    /// Sets format, size and rate, and notes what the driver made of them.
    private func configure(_ mode: CameraMode, _ settings: CameraSettings) throws(DeviceError) {
        var request = v4l2_format()
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.fmt.pix.width = UInt32(clamping: mode.size.width)
        request.fmt.pix.height = UInt32(clamping: mode.size.height)
        request.fmt.pix.pixelformat = mode.code
        request.fmt.pix.field = V4L2_FIELD_NONE.rawValue
        request.fmt.pix.priv = cv4l2_pix_fmt_priv_magic
        try call(cv4l2_s_fmt, &request, "set the format (VIDIOC_S_FMT)")
        // Drivers change what they cannot do and report success.
        guard var given = StreamFormat(request.fmt.pix, isConverted: isConverting) else {
            let pix = request.fmt.pix
            throw DeviceError(
                .unsupported, device: path,
                "asked for \(mode.format.label) it gives \(PixelFormat.text(of: pix.pixelformat)) of \(pix.width)x\(pix.height) with "
                    + "\(pix.bytesperline) bytes a row, which aurald does not read; set another format or size")
        }
        given.interval = setRate(settings.rate, mode.interval)
        if settings.isRateFixed {
            // Few cameras have this control, and those without it need it not.
            var control = v4l2_control(id: cv4l2_cid_exposure_dynamic_framerate, value: 0)
            try? kernel.call(descriptor, cv4l2_s_ctrl, &control)
        }
        format = given
    }

    /// Sets the rate where the driver lets us, and returns what it is then. A driver without rates is none the worse for it.
    private func setRate(_ rate: Double, _ interval: FrameInterval?) -> FrameInterval? {
        var request = v4l2_streamparm()
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        if let wanted = interval ?? FrameInterval(rate: rate) {
            request.parm.capture.timeperframe = wanted.fraction
            if (try? kernel.call(descriptor, cv4l2_s_parm, &request)) != nil { return FrameInterval(request.parm.capture.timeperframe) }
        }
        request = v4l2_streamparm()
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        guard (try? kernel.call(descriptor, cv4l2_g_parm, &request)) != nil else { return nil }
        return FrameInterval(request.parm.capture.timeperframe)
    }
}
