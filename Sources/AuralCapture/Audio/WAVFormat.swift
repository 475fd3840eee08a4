/// How the samples of a WAVE file are stored. Source: Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE.
package struct WAVFormat: Equatable {
    /// One sample's encoding, little-endian.
    package enum Encoding: Equatable {
        /// Unsigned, 128 is silence.
        case unsigned8
        case signed16
        /// Three bytes.
        case signed24
        case signed32
        case float32
        case float64

        /// Bytes of one sample.
        var byteCount: Int {
            switch self {
            case .unsigned8: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            case .float64: 8
            }
        }
    }

    /// One sample's encoding.
    package var encoding: Encoding
    /// Channels, 1…8.
    package var channelCount: Int
    /// Samples a second, of each channel.
    package var sampleRate: Int

    /// Bytes of one sample of all channels.
    package var blockByteCount: Int { encoding.byteCount * channelCount }

    /// A format with all its fields.
    package init(encoding: Encoding, channelCount: Int, sampleRate: Int) {
        self.encoding = encoding
        self.channelCount = channelCount
        self.sampleRate = sampleRate
    }

    /// Reads the contents of a `fmt ` chunk.
    static func parse(_ bytes: [UInt8], path: String) throws(CaptureError) -> WAVFormat {
        guard var tag = LittleEndian.uint16(bytes, 0), let channels = LittleEndian.uint16(bytes, 2),
            let rate = LittleEndian.uint32(bytes, 4), let block = LittleEndian.uint16(bytes, 12),
            let bits = LittleEndian.uint16(bytes, 14)
        else { throw CaptureError(.truncated(frame: nil), path: path, "the WAVE format is too short; make the file again") }
        if tag == 0xFFFE {
            // Extensible: the real tag begins the sub-format's GUID, whose rest is the same for all of Microsoft's formats.
            let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
            guard let real = LittleEndian.uint16(bytes, 24), bytes.count >= 40 else {
                throw CaptureError(
                    .truncated(frame: nil), path: path, "the extensible WAVE format is too short; make the file again")
            }
            guard Array(bytes[26..<40]) == rest else { throw unsupported(path, "an unknown WAVE sub-format") }
            tag = real
        }
        guard (1...8).contains(channels) else { throw unsupported(path, "\(channels) channels (1…8 are read)") }
        guard (8_000...192_000).contains(rate) else { throw unsupported(path, "\(rate) samples a second (8000…192000 are read)") }
        let encoding: Encoding
        switch (tag, bits) {
        case (1, 8): encoding = .unsigned8
        case (1, 16): encoding = .signed16
        case (1, 24): encoding = .signed24
        case (1, 32): encoding = .signed32
        case (3, 32): encoding = .float32
        case (3, 64): encoding = .float64
        default: throw unsupported(path, name(tag: tag, bits: bits))
        }
        let format = WAVFormat(encoding: encoding, channelCount: Int(channels), sampleRate: Int(rate))
        guard Int(block) == format.blockByteCount else {
            throw CaptureError(
                .malformed, path: path,
                "WAVE block of \(block) bytes for \(channels) channels of \(bits) bits; make the file again")
        }
        return format
    }

    private static func unsupported(_ path: String, _ what: String) -> CaptureError {
        CaptureError(.unsupportedFormat, path: path, "\(what); convert it (ffmpeg -i FILE -c:a pcm_s16le out.wav)")
    }
}
