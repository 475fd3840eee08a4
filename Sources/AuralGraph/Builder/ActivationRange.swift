/// The least and greatest value that each channel had where a Linear layer reads it.
package struct ActivationRange: Sendable, Equatable {
    /// One for each channel.
    package private(set) var minima: [Float]
    /// One for each channel.
    package private(set) var maxima: [Float]

    /// A range that was seen. Both lists have an entry for each channel.
    package init(minima: [Float], maxima: [Float]) {
        precondition(minima.count == maxima.count, "\(minima.count) minima, \(maxima.count) maxima")
        self.minima = minima
        self.maxima = maxima
    }

    /// Takes in what was seen on another frame, of as many channels.
    package mutating func formUnion(_ other: ActivationRange) {
        precondition(other.minima.count == minima.count, "\(other.minima.count) channels, not \(minima.count)")
        minima = zip(minima, other.minima).map(min)
        maxima = zip(maxima, other.maxima).map(max)
    }

    /// The largest magnitude in each channel.
    var magnitudes: [Float] { zip(minima, maxima).map { max(abs($0), abs($1)) } }
}
