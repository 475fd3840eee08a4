import AuralCore

/// Resizes pictures exactly as Pillow's `Image.resize` does by default (bicubic, antialiased, 8-bit result), bit for bit: the
/// networks were trained on such pictures.
///
/// Two passes, width first, with an 8-bit picture between them; a pass whose size does not change is left out. Pillow 13 turns the
/// passes round where the height shrinks more than the width (upright pictures; single levels differ); the networks were trained
/// with earlier ones, which never do, and neither do we. All memory is taken when the resampler is made. One thread at a time.
package final class BicubicResampler {
    /// Columns of the pictures that go in.
    package let inputWidth: Int
    /// Rows of the pictures that go in.
    package let inputHeight: Int
    /// Columns of the result.
    package let outputWidth: Int
    /// Rows of the result.
    package let outputHeight: Int
    /// Bytes of the result: `outputWidth * outputHeight * 3`.
    package var outputByteCount: Int { outputWidth * outputHeight * 3 }

    let horizontal: SplitCoefficients?
    let vertical: SplitCoefficients?
    /// The input rows that the second pass needs.
    let neededRows: Range<Int>
    // SAFETY: both belong to this object alone, which is not Sendable, and live as long as it does.
    /// Some input rows on their side, four bytes a pixel (see `fillStrip`).
    let strip: UnsafeMutablePointer<UInt32>
    /// What the first pass makes of the needed rows.
    let between: UnsafeMutableBufferPointer<UInt8>

    /// Makes a resampler from one size to another. Nil where a side is outside 1…16384 (see `RGBImage.byteCount`).
    package init?(inputWidth: Int, inputHeight: Int, outputWidth: Int, outputHeight: Int) {
        guard RGBImage.byteCount(width: inputWidth, height: inputHeight) != nil,
            RGBImage.byteCount(width: outputWidth, height: outputHeight) != nil
        else { return nil }
        self.inputWidth = inputWidth
        self.inputHeight = inputHeight
        self.outputWidth = outputWidth
        self.outputHeight = outputHeight
        horizontal = inputWidth == outputWidth ? nil : SplitCoefficients(input: inputWidth, output: outputWidth)
        let vertical = inputHeight == outputHeight ? nil : SplitCoefficients(input: inputHeight, output: outputHeight)
        self.vertical = vertical
        neededRows = vertical?.inputs ?? 0..<inputHeight
        strip = .allocate(capacity: inputWidth * Self.stripRows)
        strip.initialize(repeating: 0, count: inputWidth * Self.stripRows)
        between = .allocate(capacity: horizontal == nil || vertical == nil ? 0 : outputWidth * 3 * neededRows.count)
    }

    /// Makes a resampler to a square, the networks' input.
    package convenience init?(inputWidth: Int, inputHeight: Int, side: Int) {
        self.init(inputWidth: inputWidth, inputHeight: inputHeight, outputWidth: side, outputHeight: side)
    }

    deinit {
        strip.deallocate()
        between.deallocate()
    }

    /// Resizes `image` into `output`: RGB, rows tightly packed, `outputByteCount` bytes, all of which are written. Throws `misuse`
    /// where the picture or the buffer has another size than the resampler was made for.
    package func resample(_ image: RGBImage, into output: UnsafeMutableBufferPointer<UInt8>) throws(CaptureError) {
        guard image.width == inputWidth, image.height == inputHeight, output.count == outputByteCount else {
            throw CaptureError(
                .misuse, path: "frame",
                "a picture of \(image.width)x\(image.height) and \(output.count) bytes for a resampler from \(inputWidth)x\(inputHeight)"
                    + " to \(outputWidth)x\(outputHeight)")
        }
        guard let source = image.bytes.baseAddress, let target = output.baseAddress else { return }
        // SAFETY: the sizes above, and coefficients that were made for them, bound every access of the two passes.
        switch (horizontal, vertical) {
        case (nil, nil):
            target.update(from: source, count: output.count)
        case (let horizontal?, nil):
            resampleRows(source, rows: 0..<inputHeight, horizontal, into: target)
        case (nil, let vertical?):
            resampleColumns(UnsafePointer(source), firstRow: 0, vertical, into: target)
        case (let horizontal?, let vertical?):
            guard let middle = between.baseAddress else { return }
            resampleRows(source, rows: neededRows, horizontal, into: middle)
            resampleColumns(UnsafePointer(middle), firstRow: neededRows.lowerBound, vertical, into: target)
        }
    }
}
