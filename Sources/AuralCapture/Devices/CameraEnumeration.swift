import CV4L2
import Glibc

/// Asks an open video node what it is and can do. Pure but for the calls: a test answers them from a table.
///
/// Source: userspace-api/media/v4l (VIDIOC_QUERYCAP, VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_REQBUFS).
struct CameraEnumeration {
    /// The errno of a call that failed.
    struct Failure: Error, Equatable {
        let number: Int32

        /// What strerror(3) says of it.
        var text: String { String(cString: strerror(number)) }
    }

    /// One ioctl(2): the request and its structure; answers 0 or the errno.
    typealias Call = (UInt, UnsafeMutableRawPointer) -> Int32

    /// The most formats, sizes of a format and rates of a size that are asked for: a driver that never ends its list must not keep us.
    static let limit: UInt32 = 256

    /// V4L2_CAP_VIDEO_CAPTURE, V4L2_CAP_STREAMING and V4L2_CAP_DEVICE_CAPS.
    private static let (capture, streaming, deviceCapabilities): (UInt32, UInt32, UInt32) = (0x0000_0001, 0x0400_0000, 0x8000_0000)

    private let call: Call

    init(_ call: @escaping Call) {
        self.call = call
    }

    /// What the node is; the errno where it does not say.
    func identity() throws(Failure) -> CameraIdentity {
        var capability = v4l2_capability()
        let status = call(cv4l2_querycap, &capability)
        guard status == 0 else { throw Failure(number: status) }
        // The driver's own capabilities are those of all its nodes together; a metadata node would look like a camera.
        let own = capability.capabilities & Self.deviceCapabilities != 0
        let capabilities = own ? capability.device_caps : capability.capabilities
        let isCapture = capabilities & Self.capture != 0 && capabilities & Self.streaming != 0
        return CameraIdentity(
            card: Self.text(of: capability.card), driver: Self.text(of: capability.driver), bus: Self.text(of: capability.bus_info),
            isCapture: isCapture)
    }

    /// Its formats, without any conversion.
    func formats() -> [CameraFormat] {
        var formats: [CameraFormat] = []
        for index in 0..<Self.limit {
            var description = v4l2_fmtdesc()
            description.index = index
            description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
            guard call(cv4l2_enum_fmt, &description) == 0 else { break }
            formats.append(
                CameraFormat(
                    code: CameraFormat.code(description.pixelformat), name: Self.text(of: description.description),
                    sizes: sizes(description.pixelformat)))
        }
        return formats
    }

    /// Whether another program has buffers on the queue.
    ///
    /// Only S_FMT and REQBUFS tell, since any number of programs may have the node open. Asking for no buffers at all changes nothing on a
    /// queue that is free, and is refused with EBUSY like any other request on one that is not: videobuf2 looks at the queue's owner, and
    /// uvcvideo at the handle with the privileges, before either looks at the count.
    func isBusy() -> Bool {
        var request = v4l2_requestbuffers()
        request.count = 0
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.memory = V4L2_MEMORY_MMAP.rawValue
        return call(cv4l2_reqbufs, &request) == EBUSY
    }

    private func sizes(_ format: UInt32) -> [CameraSize] {
        var sizes: [CameraSize] = []
        for index in 0..<Self.limit {
            var size = v4l2_frmsizeenum()
            size.index = index
            size.pixel_format = format
            guard call(cv4l2_enum_framesizes, &size) == 0 else { break }
            guard size.type != V4L2_FRMSIZE_TYPE_DISCRETE.rawValue else {
                let (width, height) = (size.discrete.width, size.discrete.height)
                sizes.append(CameraSize(width: Int(width), height: Int(height), rates: rates(format, width, height)))
                continue
            }
            let range = size.stepwise
            sizes.append(
                CameraSize(
                    smallest: .init(width: Int(range.min_width), height: Int(range.min_height)),
                    largest: .init(width: Int(range.max_width), height: Int(range.max_height)),
                    step: .init(width: Int(range.step_width), height: Int(range.step_height)),
                    rates: rates(format, range.max_width, range.max_height)))
            // A range is the whole answer.
            break
        }
        return sizes
    }

    private func rates(_ format: UInt32, _ width: UInt32, _ height: UInt32) -> CameraSize.Rates {
        var rates: [Double] = []
        for index in 0..<Self.limit {
            var interval = v4l2_frmivalenum()
            interval.index = index
            interval.pixel_format = format
            interval.width = width
            interval.height = height
            guard call(cv4l2_enum_frameintervals, &interval) == 0 else { break }
            guard interval.type != V4L2_FRMIVAL_TYPE_DISCRETE.rawValue else {
                if let rate = Self.rate(interval.discrete) { rates.append(rate) }
                continue
            }
            // The longest interval is the lowest rate.
            guard let low = Self.rate(interval.stepwise.max), let high = Self.rate(interval.stepwise.min), low <= high else { break }
            return .range(low...high)
        }
        return .listed(rates)
    }

    /// Frames per second of a time per frame; nil for what is none.
    private static func rate(_ interval: v4l2_fract) -> Double? {
        guard interval.numerator > 0, interval.denominator > 0 else { return nil }
        return Double(interval.denominator) / Double(interval.numerator)
    }

    /// The text in a fixed array of the kernel's, up to the first zero.
    private static func text<Tuple>(of tuple: Tuple) -> String {
        withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
