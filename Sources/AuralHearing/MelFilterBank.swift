import Glibc

/// 64 triangular filters between 125 and 7500 Hz, equally wide in mel, for the 257 bins of `RealFFT` at 16 kHz.
///
/// mel(f) = 1127·ln(1 + f / 700); the triangles are straight in mel, not in Hz, are not normalised by their area, and leave out DC. Source:
/// the VGGish front end of S. Hershey et al., CNN Architectures for Large-Scale Audio Classification, ICASSP 2017.
struct MelFilterBank {
    /// Number of filters.
    static let bands = 64
    private static let lowest = 125.0
    private static let highest = 7500.0

    /// One filter: it hears `count` bins from `first` on, with the weights from `offset` on.
    struct Filter {
        var first: Int
        var count: Int
        var offset: Int
    }

    /// From low to high. A bin weighs in two of them at most.
    let filters: [Filter]
    /// The weights of all filters, one after the other.
    let weights: NumberTable
    /// The bins that any filter hears.
    let bins: Range<Int>

    init() {
        let (low, high) = (Self.mel(Self.lowest), Self.mel(Self.highest))
        let edges = (0..<(Self.bands + 2)).map { low + (high - low) * Double($0) / Double(Self.bands + 1) }
        let mels = (0..<RealFFT.binCount).map { Self.mel(8000 * Double($0) / Double(RealFFT.binCount - 1)) }
        var (filters, weights): ([Filter], [Double]) = ([], [])
        for band in 0..<Self.bands {
            let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
            // DC has no weight.
            let heard = (1..<RealFFT.binCount).filter { mels[$0] > left && mels[$0] < right }
            filters.append(Filter(first: heard.first ?? 0, count: heard.count, offset: weights.count))
            weights += heard.map { min((mels[$0] - left) / (centre - left), (right - mels[$0]) / (right - centre)) }
        }
        self.filters = filters
        self.weights = NumberTable(weights)
        bins = (filters.first?.first ?? 0)..<(filters.map { $0.first + $0.count }.max() ?? 0)
    }

    /// What filter `band` hears of a spectrum, which must have `RealFFT.binCount` places.
    @inline(__always)
    func heard(_ band: Int, _ magnitudes: NumberTable) -> Double {
        let filter = filters[band]
        var sum = 0.0
        // SAFETY: every filter lies within the bins and its weights within their table, by the initialiser.
        for index in 0..<filter.count { sum += weights.base[filter.offset + index] * magnitudes.base[filter.first + index] }
        return sum
    }

    /// Hz to mel.
    static func mel(_ frequency: Double) -> Double { 1127 * log(1 + frequency / 700) }
}
