import AuralCore
import CPNG
import Glibc

/// Pictures to PNG files: 8-bit RGB, no transparency.
package enum PNGWriter {
    /// The PNG file for `image`, in memory. `name` is what errors name.
    package static func encode(_ image: RGBImage, name: String) throws(CaptureError) -> [UInt8] {
        try encode(image.bytes.baseAddress, count: image.bytes.count, image.width, image.height, cpng_format_rgb, nil, name)
    }

    /// The PNG file of a picture whose pixels are numbers of colours, as DAVIS stores masks.
    ///
    /// - Parameters:
    ///   - indices: a byte a pixel, row by row: `width` times `height` of them.
    ///   - palette: 256 colours, red, green and blue of each.
    ///   - name: what errors name.
    package static func encode(indices: [UInt8], width: Int, height: Int, palette: [UInt8], name: String) throws(CaptureError) -> [UInt8] {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, width <= 65_536, !overflow, pixels == indices.count, palette.count == 768 else {
            throw CaptureError(.misuse, path: name, "\(indices.count) pixels and \(palette.count / 3) colours are no picture of \(width)x\(height)")
        }
        return try indices.span.bytes.withUnsafeBytes { (indices: UnsafeRawBufferPointer) throws(CaptureError) in
            try palette.span.bytes.withUnsafeBytes { (palette: UnsafeRawBufferPointer) throws(CaptureError) in
                try encode(indices.baseAddress, count: pixels, width, height, cpng_format_rgb_colormap, palette.baseAddress, name)
            }
        }
    }

    private static func encode(
        _ pixels: UnsafeRawPointer?, count: Int, _ width: Int, _ height: Int, _ format: UInt32, _ palette: UnsafeRawPointer?, _ name: String
    ) throws(CaptureError) -> [UInt8] {
        var control = png_image()
        control.version = cpng_image_version
        control.width = UInt32(width)
        control.height = UInt32(height)
        control.format = format
        if palette != nil { control.colormap_entries = 256 }
        defer { png_image_free(&control) }
        // Stored deflate blocks add five bytes to at most 16 KiB; libpng splits the result into chunks of 8 KiB with 12 bytes each.
        let rows = count + height
        var size = rows + rows / 256 + 4096
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        guard png_image_write_to_memory(&control, buffer.baseAddress, &size, 0, pixels, 0, palette) != 0, size <= buffer.count else {
            throw CaptureError(
                .cannotWrite, path: name, "the picture cannot be encoded: \(String(cString: cpng_message(&control)))")
        }
        return Array(buffer[0..<size])
    }

    /// Writes `image` to `path`, in place of what was there. The file appears complete or not at all: it is written beside its
    /// place and renamed.
    package static func write(_ image: RGBImage, to path: String) throws(CaptureError) {
        let data = try encode(image, name: path)
        let temporary = "\(path).\(getpid()).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(errno, path) }
        var done = 0
        var trouble: Int32 = 0
        while done < data.count, trouble == 0 {
            let count = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, data.count - done) }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                trouble = errno
            }
        }
        if close(descriptor) != 0, trouble == 0 { trouble = errno }
        if trouble == 0, rename(temporary, path) != 0 { trouble = errno }
        if trouble != 0 {
            unlink(temporary)
            throw failure(trouble, path)
        }
    }

    private static func failure(_ number: Int32, _ path: String) -> CaptureError {
        let reason = CaptureError.systemMessage(number)
        if number == EACCES || number == EPERM {
            return CaptureError(.noPermission, path: path, "cannot write here (\(reason)); choose another folder")
        }
        return CaptureError(.cannotWrite, path: path, "cannot write the picture (\(reason)); choose another place")
    }
}
