import AuralCore
import CV4L2
import Glibc

extension V4L2Device {
    /// Entries of a list that are read at most; a driver that never says EINVAL must not hold us for ever.
    private static let longestList: UInt32 = 256

    /// The codes of all formats that the device offers now (VIDIOC_ENUM_FMT).
    func formatCodes() throws(DeviceError) -> [UInt32] {
        var codes: [UInt32] = []
        for index in 0..<Self.longestList {
            var entry = v4l2_fmtdesc()
            entry.index = index
            entry.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
            guard try list(cv4l2_enum_fmt, &entry, "list its formats (VIDIOC_ENUM_FMT)") else { break }
            codes.append(entry.pixelformat)
        }
        if codes.isEmpty {
            throw DeviceError(
                .absent, device: path, "it offers no picture format now; a loopback device has none before a program plays into it")
        }
        return codes
    }

    /// All that the device offers in formats that we read: of a range of sizes only the one nearest to `wanted`.
    func offers(of codes: [UInt32], near wanted: FrameSizes.Size) throws(DeviceError) -> [CameraOffer] {
        var offers: [CameraOffer] = []
        for code in codes {
            guard let format = PixelFormat(code: code) else { continue }
            for size in try sizes(of: code).candidates(near: wanted) {
                offers.append(CameraOffer(code: code, format: format, size: size, intervals: try intervals(of: code, size)))
            }
        }
        return offers
    }

    private func sizes(of code: UInt32) throws(DeviceError) -> FrameSizes {
        var sizes: [FrameSizes.Size] = []
        for index in 0..<Self.longestList {
            var entry = v4l2_frmsizeenum()
            entry.index = index
            entry.pixel_format = code
            guard try list(cv4l2_enum_framesizes, &entry, "list its sizes (VIDIOC_ENUM_FRAMESIZES)") else { break }
            // A range is the only entry of its list.
            guard entry.type == V4L2_FRMSIZE_TYPE_DISCRETE.rawValue else { return FrameSizes(entry.stepwise) }
            sizes.append(FrameSizes.Size(Int(entry.discrete.width), Int(entry.discrete.height)))
        }
        return sizes.isEmpty ? .unknown : .discrete(sizes)
    }

    private func intervals(of code: UInt32, _ size: FrameSizes.Size) throws(DeviceError) -> FrameIntervals {
        var intervals: [FrameInterval] = []
        for index in 0..<Self.longestList {
            var entry = v4l2_frmivalenum()
            entry.index = index
            entry.pixel_format = code
            entry.width = UInt32(clamping: size.width)
            entry.height = UInt32(clamping: size.height)
            guard try list(cv4l2_enum_frameintervals, &entry, "list its rates (VIDIOC_ENUM_FRAMEINTERVALS)") else { break }
            guard entry.type == V4L2_FRMIVAL_TYPE_DISCRETE.rawValue else {
                guard let shortest = FrameInterval(entry.stepwise.min), let longest = FrameInterval(entry.stepwise.max) else { return .unknown }
                return .range(shortest: shortest, longest: longest)
            }
            if let interval = FrameInterval(entry.discrete) { intervals.append(interval) }
        }
        return intervals.isEmpty ? .unknown : .discrete(intervals)
    }

    /// Reads an entry of a list; false after its last one, and where the driver does not know the list.
    private func list<Entry>(_ request: UInt, _ entry: inout Entry, _ action: String) throws(DeviceError) -> Bool {
        do {
            try kernel.call(descriptor, request, &entry)
            return true
        } catch {
            if error.number == EINVAL || error.number == ENOTTY { return false }
            throw .camera(error, doing: action, path)
        }
    }
}
