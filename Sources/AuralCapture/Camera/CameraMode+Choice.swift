import AuralCore

extension CameraMode {
    /// From here on a bus carries MJPEG better than bare pixels: 1280x720 YUYV at 30 frames a second is 442 Mbit/s, more than USB 2 has left.
    private static let pixelsForCompression = 1280 * 720

    /// The offer that is nearest to what is wanted, nil where there is none.
    ///
    /// What counts, in this order: the format where one is set and offered; the size; the rate, where only being too slow is a fault; and what
    /// is cheapest then: MJPEG from 1280x720 on, below that pixels as they are, with the least loss of colour first.
    package static func best(of offers: [CameraOffer], for settings: CameraSettings) -> CameraMode? {
        let matching = offers.filter { $0.format == settings.format }
        let wanted = FrameSizes.Size(settings.width, settings.height)
        let scored = (matching.isEmpty ? offers : matching).map { offer in
            let interval = offer.intervals.nearest(to: settings.rate)
            let mode = CameraMode(code: offer.code, format: offer.format, size: offer.size, interval: interval)
            return (score: score(mode, wanted, settings.rate), mode: mode)
        }
        return scored.min { $0.score.lexicographicallyPrecedes($1.score) }?.mode
    }

    /// What speaks against a mode, the weightiest first.
    private static func score(_ mode: CameraMode, _ wanted: FrameSizes.Size, _ rate: Double) -> [Double] {
        // Drivers round: 29.97 is as good as 30. A driver that does not say its rates is believed to have all of them.
        let shortfall = mode.interval.map { $0.rate >= rate * 0.98 ? 0 : rate - $0.rate } ?? 0
        let excess = mode.interval.map { max(0, $0.rate - rate) } ?? 0
        let pixels = mode.size.width * mode.size.height
        let isLarge = pixels >= pixelsForCompression
        return [
            Double(mode.size.distance(to: wanted)), -Double(pixels), shortfall, Double(mode.format.cost(isLarge: isLarge)), excess,
        ]
    }
}

extension PixelFormat {
    /// The order in which formats are preferred, cheapest first.
    fileprivate func cost(isLarge: Bool) -> Int {
        switch self {
        case .mjpeg: isLarge ? 0 : 6
        case .yuyv: 1
        case .uyvy: 2
        case .nv12: 3
        case .yu12: 4
        case .rgb24, .bgr24: 5
        // Without colour only where there is nothing else.
        case .grey: 7
        }
    }
}
