/// Sound in a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits, float of 32 or 64, 1…8 channels, 8…192 kHz. Read by position, so that
/// a file of any length takes no memory.
package final class WAVReader {
    /// Samples a second, of each channel.
    package var sampleRate: Int { format.sampleRate }
    /// 1…8.
    package var channelCount: Int { format.channelCount }
    /// Samples of each channel that are really there.
    package let sampleCount: Int
    /// Seconds.
    package var duration: Double { Double(sampleCount) / Double(sampleRate) }
    /// True where the header promises more samples than the file has: a recording or a copy that was cut off.
    package let isTruncated: Bool

    private let file: InputFile
    private let format: WAVFormat
    private let dataStart: Int
    private let scratch = ScratchBuffer()

    /// Samples that are read in one go.
    private static let block = 8192

    /// Opens the file `path` and reads its header.
    package init(path: String) throws(CaptureError) {
        let file = try InputFile(path: path)
        let header = try WAVHeader.read(file)
        let present = header.dataEnd - header.dataStart
        let count = present / header.format.blockByteCount
        guard count > 0 else { throw CaptureError(.noFrames, path: path, "a WAVE file without samples; record or convert it again") }
        self.file = file
        format = header.format
        dataStart = header.dataStart
        sampleCount = count
        isTruncated = header.isTruncated
    }

    /// Reads samples of all channels, full scale being ±1, from sample `start` on: `channels[c]` is filled from its beginning, and
    /// all must have the same length. Returns how many samples of each channel there were, fewer than asked only at the end.
    package func read(from start: Int, into channels: [UnsafeMutableBufferPointer<Float>]) throws(CaptureError) -> Int {
        guard start >= 0, start < sampleCount, channels.count == channelCount, let wanted = channels.map(\.count).min() else {
            return 0
        }
        let total = min(wanted, sampleCount - start)
        var done = 0
        while done < total {
            let count = min(Self.block, total - done)
            let buffer = scratch.reserve(count * format.blockByteCount)
            let got = try file.read(at: dataStart + (start + done) * format.blockByteCount, into: buffer)
            guard got == buffer.count else {
                throw CaptureError(.truncated(frame: nil), path: file.path, "the file became shorter while it was read")
            }
            for (channel, samples) in channels.enumerated() {
                format.decode(
                    UnsafeRawBufferPointer(buffer), channel: channel,
                    into: UnsafeMutableBufferPointer(rebasing: samples[done..<done + count]))
            }
            done += count
        }
        return total
    }

    /// The samples of `range`, clamped to what exists, one array a channel.
    package func samples(in range: Range<Int>) throws(CaptureError) -> [[Float]] {
        let range = range.clamped(to: 0..<sampleCount)
        let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: channelCount * range.count)
        defer { memory.deallocate() }
        let channels = (0..<channelCount).map {
            UnsafeMutableBufferPointer(rebasing: memory[$0 * range.count..<($0 + 1) * range.count])
        }
        let count = try read(from: range.lowerBound, into: channels)
        return channels.map { Array($0[0..<count]) }
    }
}
