import Foundation

/// A WAV file to be written, in any encoding.
struct SoundFile {
    /// How a sample is stored, by its format tag and bits.
    enum Encoding: Sendable {
        case pcm8, pcm16, pcm24, pcm32, float32

        var tag: Int { self == .float32 ? 3 : 1 }
        var bytes: Int {
            switch self {
            case .pcm8: 1
            case .pcm16: 2
            case .pcm24: 3
            case .pcm32, .float32: 4
            }
        }
    }

    var rate = 16_000
    /// The samples of each channel, full scale being ±1.
    var channels: [[Double]]
    var encoding = Encoding.pcm16
    /// Stored in place of the encoding's tag.
    var tag: Int?

    /// A sine of 440 Hz in each channel, in steps that every encoding has: 1/128 of full scale.
    init(seconds: Double, rate: Int = 16_000, channels: Int = 1, encoding: Encoding = .pcm16) {
        let sine = (0..<Int(Double(rate) * seconds)).map { index in
            (64 * sin(2 * Double.pi * 440 * Double(index) / Double(rate))).rounded() / 128
        }
        (self.rate, self.encoding) = (rate, encoding)
        self.channels = Array(repeating: sine, count: channels)
    }

    /// The whole file.
    var bytes: [UInt8] {
        let block = channels.count * encoding.bytes
        let samples = (0..<(channels.first?.count ?? 0)).flatMap { index in channels.flatMap { stored($0[index]) } }
        let format =
            Self.little(tag ?? encoding.tag, 2) + Self.little(channels.count, 2) + Self.little(rate, 4) + Self.little(rate * block, 4)
            + Self.little(block, 2) + Self.little(8 * encoding.bytes, 2)
        let body = Array("WAVEfmt ".utf8) + Self.little(16, 4) + format + Array("data".utf8) + Self.little(samples.count, 4) + samples
        return Array("RIFF".utf8) + Self.little(body.count, 4) + body
    }

    private func stored(_ sample: Double) -> [UInt8] {
        switch encoding {
        case .pcm8: [UInt8(truncatingIfNeeded: Int(sample * 128) + 128)]
        case .float32: Self.little(Int(Float(sample).bitPattern), 4)
        default: Self.little(Int(sample * Double(1 << (8 * encoding.bytes - 1))), encoding.bytes)
        }
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
