import AuralCore
import CPNG

/// PNG to RGB through libpng's simplified API. The result is what Pillow's `convert("RGB")` gives: palettes are looked up, grey
/// is repeated, an alpha channel is dropped (not blended), gamma and colour profiles are not applied. Samples of sixteen bits are
/// rounded to eight, within one level of what Pillow makes of them.
package final class PNGDecoder {
    private let stripped = ScratchBuffer()
    private let withAlpha = ScratchBuffer()

    /// Makes a decoder, to be used by one thread at a time and kept for many pictures.
    package init() {}

    /// Decodes one picture of any PNG colour type. `name` is the file that errors name.
    package func decode(_ data: UnsafeRawBufferPointer, name: String, pool: ImagePool) throws(CaptureError) -> RGBImage {
        let structure = try PNGStructure.parse(data, name: name)
        guard RGBImage.byteCount(width: structure.width, height: structure.height) != nil else {
            throw .tooLarge(path: name, width: structure.width, height: structure.height)
        }
        // Deflate makes at most 1032 bytes out of one, and a pixel takes at least one bit.
        guard structure.width * structure.height / 8 * structure.bitDepth / 1040 <= data.count else {
            throw CaptureError(
                .malformed, path: name, "\(data.count) bytes cannot hold a PNG picture of \(structure.width)x\(structure.height)")
        }
        guard let image = pool.image(width: structure.width, height: structure.height) else {
            throw .tooLarge(path: name, width: structure.width, height: structure.height)
        }
        let bare = strip(data, structure)
        if structure.hasTransparency {
            let pixels = withAlpha.reserve(structure.width * structure.height * 4)
            try read(bare, cpng_format_rgba, structure, into: pixels, name: name)
            dropAlpha(pixels, into: image)
        } else {
            try read(bare, cpng_format_rgb, structure, into: UnsafeMutableRawBufferPointer(image.bytes), name: name)
        }
        return image
    }

    private func strip(_ data: UnsafeRawBufferPointer, _ structure: PNGStructure) -> UnsafeRawBufferPointer {
        let total = structure.essential.reduce(0) { $0 + $1.count }
        let buffer = stripped.reserve(total)
        var position = 0
        for range in structure.essential {
            UnsafeMutableRawBufferPointer(rebasing: buffer[position..<position + range.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: data[range]))
            position += range.count
        }
        return UnsafeRawBufferPointer(buffer)
    }

    private func read(
        _ data: UnsafeRawBufferPointer, _ format: UInt32, _ structure: PNGStructure, into pixels: UnsafeMutableRawBufferPointer,
        name: String
    ) throws(CaptureError) {
        var control = png_image()
        control.version = cpng_image_version
        defer { png_image_free(&control) }
        guard png_image_begin_read_from_memory(&control, data.baseAddress, data.count) != 0 else {
            throw failure(&control, name: name)
        }
        guard Int(control.width) == structure.width, Int(control.height) == structure.height else {
            throw CaptureError(.malformed, path: name, "two PNG headers that differ")
        }
        // Otherwise 16-bit samples would be taken for linear light.
        control.flags |= cpng_flag_16bit_srgb
        control.format = format
        guard png_image_finish_read(&control, nil, pixels.baseAddress, 0, nil) != 0 else {
            throw failure(&control, name: name)
        }
    }

    private func failure(_ control: inout png_image, name: String) -> CaptureError {
        CaptureError(
            .malformed, path: name, "broken PNG data (\(String(cString: cpng_message(&control)))); save the picture again")
    }

    private func dropAlpha(_ pixels: UnsafeMutableRawBufferPointer, into image: RGBImage) {
        var source = 0
        var target = 0
        while target < image.bytes.count {
            image.bytes[target] = pixels[source]
            image.bytes[target + 1] = pixels[source + 1]
            image.bytes[target + 2] = pixels[source + 2]
            source += 4
            target += 3
        }
    }
}
