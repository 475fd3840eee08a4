import AuralCore

/// Makes pixels of what a camera delivered, for whoever takes the frame. To be used by one thread at a time and kept for many frames.
package final class FrameDecoder {
    private let pool: ImagePool
    private let jpeg: JPEGDecoder
    private var converter: (encoding: YCbCrEncoding, isFullRange: Bool, matrix: YCbCrMatrix)?

    /// What errors name as their file.
    private static let name = "camera"

    /// Makes a decoder that takes its pictures from `pool`.
    package init(pool: ImagePool) throws(CaptureError) {
        self.pool = pool
        jpeg = try JPEGDecoder()
    }

    /// The pixels of a frame.
    ///
    /// - Parameters:
    ///   - frame: any frame; one that has its pixels already is returned as it is.
    ///   - targetSide: the side of the square that the picture will be scaled to. Where both sides of a JPEG picture are at least twice as long it
    ///     is decoded at a half, a quarter or an eighth, never below that side; the frame's own `size` stays what it was. Nil for full size.
    /// - Throws: `truncated`, `malformed`, `unsupportedFormat`, `sizeChanged` for pictures that cannot be read: the frame is lost, the next one
    ///   may be good.
    package func image(of frame: Frame, targetSide: Int?) throws(CaptureError) -> RGBImage {
        switch frame.content {
        case .image(let image): return image
        case .captured(let picture):
            let number = Int(truncatingIfNeeded: frame.sequence)
            do throws(CaptureError) {
                return try picture.bytes.withBytes { bytes throws(CaptureError) in
                    picture.format == .mjpeg
                        ? try decompress(bytes, picture, targetSide, number) : try convert(bytes, picture)
                }
            } catch {
                throw error.inFrame(number, of: Self.name)
            }
        }
    }

    private func decompress(
        _ bytes: UnsafeRawBufferPointer, _ picture: CapturedPicture, _ targetSide: Int?, _ number: Int
    ) throws(CaptureError) -> RGBImage {
        try jpeg.decode(bytes, name: Self.name, pool: pool, atLeast: targetSide) { width, height throws(CaptureError) in
            // Records speak of the size that the driver gave; a picture of another size would put every mask in the wrong place.
            guard (width, height) == (picture.width, picture.height) else {
                throw .sizeChanged(path: Self.name, frame: number, (width, height), clip: (picture.width, picture.height))
            }
        }
    }

    private func convert(_ bytes: UnsafeRawBufferPointer, _ picture: CapturedPicture) throws(CaptureError) -> RGBImage {
        guard
            let layout = PictureLayout(picture.format, width: picture.width, height: picture.height, bytesPerLine: picture.bytesPerLine),
            let image = pool.image(width: picture.width, height: picture.height)
        else {
            throw CaptureError(
                .unsupportedFormat, path: Self.name,
                "a \(picture.format.label) picture of \(picture.width)x\(picture.height) with \(picture.bytesPerLine) bytes a row; set another mode")
        }
        guard bytes.count >= layout.byteCount, let source = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else {
            throw CaptureError(.truncated(frame: nil), path: Self.name, "\(bytes.count) bytes instead of \(layout.byteCount); check the cable")
        }
        // SAFETY: the layout says how many bytes a picture of this size needs, and the guard above that they are there.
        matrix(for: picture).convert(source, picture.format, layout, into: image)
        return image
    }

    /// The factors, computed anew only when the camera changes its colours.
    private func matrix(for picture: CapturedPicture) -> YCbCrMatrix {
        if let converter, converter.encoding == picture.encoding, converter.isFullRange == picture.isFullRange { return converter.matrix }
        let matrix = YCbCrMatrix(picture.encoding, isFullRange: picture.isFullRange)
        converter = (picture.encoding, picture.isFullRange, matrix)
        return matrix
    }
}
