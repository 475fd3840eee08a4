/// Where a PCM stands.
package struct PCMPosition: Sendable, Equatable {
    /// Samples of each channel that can be read.
    package var available: Int
    /// When the last of them had been taken: nanoseconds of the clock that the driver uses; 0 where it does not say.
    package var stampNanoseconds: Int64

    /// A position with both its fields.
    package init(available: Int, stampNanoseconds: Int64) {
        self.available = available
        self.stampNanoseconds = stampNanoseconds
    }
}
