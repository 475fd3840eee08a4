extension WAVFormat {
    /// Bytes of a header before the samples.
    private static let headerByteCount = 44

    /// A file's header.
    ///
    /// - Parameter dataByteCount: bytes of samples behind it, 32 bits as in the file; nil where that is not known yet, which readers take for "to the end
    ///   of the file".
    package func header(dataByteCount: UInt32?) -> [UInt8] {
        // Format 3 is IEEE float, 1 is PCM.
        let tag: UInt8 = encoding == .float32 || encoding == .float64 ? 3 : 1
        let data = dataByteCount ?? .max
        // All that comes after this field; where that is more than 32 bits hold, "to the end of the file" too.
        let rest = UInt32(clamping: UInt64(data) + UInt64(Self.headerByteCount - 8))
        return Array("RIFF".utf8) + Self.bytes(rest) + Array("WAVEfmt ".utf8) + Self.bytes(16)
            + [tag, 0, UInt8(clamping: channelCount), 0] + Self.bytes(UInt32(clamping: sampleRate))
            + Self.bytes(UInt32(clamping: sampleRate.multipliedReportingOverflow(by: blockByteCount).partialValue))
            + [UInt8(clamping: blockByteCount), 0, UInt8(clamping: 8 * encoding.byteCount), 0] + Array("data".utf8)
            + Self.bytes(data)
    }

    private static func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
