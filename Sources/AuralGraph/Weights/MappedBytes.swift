/// A range of a mapped file; keeps the mapping alive.
package struct MappedBytes: Sendable {
    private let file: MappedFile

    /// Where the bytes are in the file.
    package let range: Range<Int>

    /// Nil where `range` does not lie within the file.
    init?(file: MappedFile, range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= file.count else { return nil }
        self.file = file
        self.range = range
    }

    /// The number of bytes.
    package var count: Int { range.count }

    /// Calls `body` with the bytes, which must not be used after it returns.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try file.withUnsafeBytes { (all: UnsafeRawBufferPointer) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(rebasing: all[range]))
        }
    }

    /// A copy of the bytes, for headers and tables of contents.
    package func array() -> [UInt8] {
        withUnsafeBytes { [UInt8]($0) }
    }
}
