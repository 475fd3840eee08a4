import AuralCapture
import AuralCore
import CV4L2
import Glibc

extension FakeV4L2Handle {
    /// Does what a driver does for a request, and returns 0 or an errno.
    mutating func answer(
        _ request: UInt, _ argument: UnsafeMutableRawPointer, _ device: inout FakeV4L2Device, at now: MonoTime, _ misuses: inout [String]
    ) -> Int32 {
        switch request {
        case cv4l2_querycap:
            var answer = v4l2_capability()
            answer.capabilities = device.capabilities
            answer.device_caps = device.nodeCapabilities
            return give(answer, argument)
        case cv4l2_enum_fmt, cv4l2_enum_framesizes, cv4l2_enum_frameintervals: return list(request, argument, device)
        case cv4l2_s_fmt, cv4l2_s_parm, cv4l2_g_parm: return negotiate(request, argument, device)
        default: return stream(request, argument, device, at: now, &misuses)
        }
    }

    private func give<Value>(_ value: Value, _ argument: UnsafeMutableRawPointer) -> Int32 {
        argument.assumingMemoryBound(to: Value.self).pointee = value
        return 0
    }

    private func formats(_ device: FakeV4L2Device) -> [FakeV4L2Device.Format] {
        isConverting ? device.formats + device.emulated : device.formats
    }

    private func list(_ request: UInt, _ argument: UnsafeMutableRawPointer, _ device: FakeV4L2Device) -> Int32 {
        let formats = formats(device)
        switch request {
        case cv4l2_enum_fmt:
            var entry = argument.load(as: v4l2_fmtdesc.self)
            guard entry.index < formats.count else { return EINVAL }
            entry.pixelformat = formats[Int(entry.index)].code
            return give(entry, argument)
        case cv4l2_enum_framesizes:
            var entry = argument.load(as: v4l2_frmsizeenum.self)
            let index = Int(entry.index)
            switch formats.first(where: { $0.code == entry.pixel_format })?.sizes {
            case .discrete(let sizes) where index < sizes.count:
                entry.type = V4L2_FRMSIZE_TYPE_DISCRETE.rawValue
                entry.discrete = v4l2_frmsize_discrete(width: UInt32(sizes[index].width), height: UInt32(sizes[index].height))
            case .stepwise(let smallest, let largest, let step) where index == 0:
                entry.type = V4L2_FRMSIZE_TYPE_STEPWISE.rawValue
                entry.stepwise = v4l2_frmsize_stepwise(
                    min_width: UInt32(smallest.width), max_width: UInt32(largest.width), step_width: UInt32(step.width),
                    min_height: UInt32(smallest.height), max_height: UInt32(largest.height), step_height: UInt32(step.height))
            default: return EINVAL
            }
            return give(entry, argument)
        default:
            var entry = argument.load(as: v4l2_frmivalenum.self)
            let index = Int(entry.index)
            switch formats.first(where: { $0.code == entry.pixel_format })?.intervals {
            case .discrete(let intervals) where index < intervals.count:
                entry.type = V4L2_FRMIVAL_TYPE_DISCRETE.rawValue
                entry.discrete = v4l2_fract(numerator: intervals[index].numerator, denominator: intervals[index].denominator)
            case .range(let shortest, let longest) where index == 0:
                entry.type = V4L2_FRMIVAL_TYPE_CONTINUOUS.rawValue
                entry.stepwise.min = v4l2_fract(numerator: shortest.numerator, denominator: shortest.denominator)
                entry.stepwise.max = v4l2_fract(numerator: longest.numerator, denominator: longest.denominator)
            default: return EINVAL
            }
            return give(entry, argument)
        }
    }

    /// Silently gives what is nearest, as drivers do.
    private mutating func negotiate(_ request: UInt, _ argument: UnsafeMutableRawPointer, _ device: FakeV4L2Device) -> Int32 {
        if device.access == .busy, request != cv4l2_g_parm { return EBUSY }
        if request == cv4l2_s_fmt {
            var wanted = argument.load(as: v4l2_format.self)
            guard let format = formats(device).first(where: { $0.code == wanted.fmt.pix.pixelformat }) ?? device.formats.first else { return EINVAL }
            let size = FrameSizes.Size(Int(wanted.fmt.pix.width), Int(wanted.fmt.pix.height))
            let given = format.sizes.candidates(near: size).min { distance($0, size) < distance($1, size) } ?? size
            self.format = Self.pix(format.code, given, device)
            wanted.fmt.pix = self.format
            return give(wanted, argument)
        }
        var parameters = argument.load(as: v4l2_streamparm.self)
        let intervals = formats(device).first { $0.code == format.pixelformat }?.intervals ?? .unknown
        if request == cv4l2_s_parm {
            let fraction = parameters.parm.capture.timeperframe
            let rate = FrameInterval(fraction.numerator, fraction.denominator)?.rate ?? 30
            interval = intervals.nearest(to: rate)
        }
        guard let interval else { return ENOTTY }
        parameters.parm.capture.timeperframe = v4l2_fract(numerator: interval.numerator, denominator: interval.denominator)
        return give(parameters, argument)
    }

    private func distance(_ one: FrameSizes.Size, _ other: FrameSizes.Size) -> Int {
        abs(one.width - other.width) + abs(one.height - other.height)
    }

    private static func pix(_ code: UInt32, _ size: FrameSizes.Size, _ device: FakeV4L2Device) -> v4l2_pix_format {
        let pairs = (size.width + 1) / 2
        let (line, rows): (Int, Int) =
            switch code {
            case cv4l2_pix_fmt_mjpeg, cv4l2_pix_fmt_jpeg: (0, 0)
            case cv4l2_pix_fmt_yuyv, cv4l2_pix_fmt_uyvy: (4 * pairs, size.height)
            case cv4l2_pix_fmt_nv12, cv4l2_pix_fmt_yuv420: (2 * pairs, size.height + (size.height + 1) / 2)
            case cv4l2_pix_fmt_grey: (size.width, size.height)
            default: (3 * size.width, size.height)
            }
        var pix = v4l2_pix_format()
        pix.width = UInt32(size.width)
        pix.height = UInt32(size.height)
        pix.pixelformat = code
        pix.bytesperline = UInt32(line == 0 ? 0 : line + device.padding)
        pix.sizeimage = line == 0 ? UInt32(max(device.picture.count, 4096)) : UInt32((line + device.padding) * rows)
        pix.colorspace = device.colors.space
        pix.ycbcr_enc = device.colors.encoding
        pix.quantization = device.colors.quantization
        return pix
    }
}
