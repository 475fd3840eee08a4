extension WAVFormat {
    /// What is stored under a format tag that is not read, in words. Source: RFC 2361, and mmreg.h for newer tags.
    static func name(tag: UInt16, bits: UInt16) -> String {
        let names: [UInt16: String] = [
            0x02: "Microsoft ADPCM", 0x06: "A-law", 0x07: "µ-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x40: "G.721 ADPCM",
            0x64: "G.726 ADPCM", 0x50: "MPEG audio", 0x55: "MP3", 0xFF: "AAC", 0x161: "Windows Media Audio", 0x2000: "AC-3", 0x2001: "DTS",
        ]
        switch tag {
        case 1: return "PCM of \(bits) bits (8, 16, 24 and 32 are read)"
        case 3: return "float of \(bits) bits (32 and 64 are read)"
        default: return "\(names[tag] ?? "an unknown WAVE encoding") (format \(tag), \(bits) bits; PCM and float are read)"
        }
    }
}
