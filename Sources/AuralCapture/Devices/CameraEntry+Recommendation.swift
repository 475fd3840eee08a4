import AuralCore

/// What to ask of a camera.
package struct RecommendedMode: Sendable, Equatable {
    /// The format.
    package var format: PixelFormat
    /// Pixels in a row.
    package var width: Int
    /// Rows.
    package var height: Int
    /// Frames per second.
    package var rate: Double
}

extension CameraEntry {
    /// The mode nearest to 640×480 at 30 frames a second, which is what the networks have use for; nil where none is read without conversion.
    package var recommendedMode: RecommendedMode? {
        var best: (score: Double, mode: RecommendedMode)?
        for format in formats {
            guard let pixelFormat = format.pixelFormat else { continue }
            for size in format.sizes {
                let width = Self.nearest(640, size.smallest.width, size.largest.width, size.step?.width)
                let height = Self.nearest(480, size.smallest.height, size.largest.height, size.step?.height)
                guard width > 0, height > 0 else { continue }
                let rate = size.rate(near: 30) ?? 30
                // Small sizes cost detail and large ones time; half of the rate weighs as much as twice the pixels. Compressed pictures cost
                // decoding, raw ones above 720 rows more of the bus than most have.
                let pixels = Double(width) * Double(height) / (640 * 480)
                let isCompressed = pixelFormat == .mjpeg
                let score =
                    abs(pixels > 1 ? pixels - 1 : 1 / pixels - 1) + max(30 / max(rate, 0.1) - 1, 0)
                    + (isCompressed == (height >= 720) ? 0 : 0.1) + (pixelFormat == .grey ? 1 : 0)
                guard best.map({ score < $0.score }) ?? true else { continue }
                best = (score, RecommendedMode(format: pixelFormat, width: width, height: height, rate: rate))
            }
        }
        return best?.mode
    }

    /// The value nearest to `wanted` from below in `least…most` that the step reaches.
    private static func nearest(_ wanted: Int, _ least: Int, _ most: Int, _ step: Int?) -> Int {
        let value = min(max(wanted, least), max(least, most))
        guard let step, step > 1 else { return value }
        return value - (value - least) % step
    }
}
