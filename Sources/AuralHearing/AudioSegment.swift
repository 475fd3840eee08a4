import AuralCore

/// One second of sound as the networks take it, and whether anything is heard.
package struct AudioSegment: Sendable, Equatable {
    /// Left and right.
    package static let channels = 2
    /// Columns of 25 ms, one every 10 ms.
    package static let frames = 96
    /// Mel bands.
    package static let bands = 64
    /// Numbers in `logMel`.
    package static let valueCount = channels * frames * bands

    /// [2, 96, 64], row-major: channel, 10 ms frame, mel band.
    package var logMel: [Float]
    /// The silence gate is open.
    package var isSounding: Bool
    /// When the segment's last sample was taken.
    package var end: MonoTime

    /// A segment of `valueCount` numbers.
    package init(logMel: [Float], isSounding: Bool, end: MonoTime) {
        self.logMel = logMel
        self.isSounding = isSounding
        self.end = end
    }
}
