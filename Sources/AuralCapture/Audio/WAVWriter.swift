import AuralCore
import Foundation

/// Sound to a WAVE file of 32-bit floats, interleaved: samples of any smaller format go through it without loss.
///
/// The sizes in the header are set by `finish`; a file that was cut off before has sizes that readers take for "to the end of the file".
package final class WAVWriter {
    /// The most bytes of samples that a RIFF file can hold, whose sizes have 32 bits.
    private static let maximumByteCount = Int(UInt32.max) - 64

    private let file: FileHandle
    private let path: String
    private let format: WAVFormat
    private var byteCount = 0

    /// Creates or replaces the file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - sampleRate: samples a second, of each channel; 8,000…192,000.
    ///   - channelCount: 1…8.
    package init(path: String, sampleRate: Int, channelCount: Int) throws(CaptureError) {
        guard (1...8).contains(channelCount), (8_000...192_000).contains(sampleRate) else {
            throw CaptureError(.misuse, path: path, "\(channelCount) channels at \(sampleRate) samples a second are no WAVE file of ours")
        }
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw CaptureError(.cannotWrite, path: path, "cannot be created; check the folder and its permissions")
        }
        self.file = file
        self.path = path
        format = WAVFormat(encoding: .float32, channelCount: channelCount, sampleRate: sampleRate)
        try write(Data(format.header(dataByteCount: nil)))
    }

    /// Adds samples, channel after channel of each moment. Throws where the file cannot be written or becomes too long.
    package func append(interleaved samples: UnsafeBufferPointer<Float>) throws(CaptureError) {
        let count = samples.count * 4
        guard byteCount + count <= Self.maximumByteCount else {
            throw CaptureError(.tooLarge, path: path, "a WAVE file ends at 4 GiB; record less")
        }
        try write(Data(buffer: samples))
        byteCount += count
    }

    /// Completes the header and closes the file.
    package func finish() throws(CaptureError) {
        do {
            try file.seek(toOffset: 0)
            try file.write(contentsOf: format.header(dataByteCount: UInt32(clamping: byteCount)))
            try file.close()
        } catch {
            throw failure(error)
        }
    }

    private func write(_ data: Data) throws(CaptureError) {
        do {
            try file.write(contentsOf: data)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: any Error) -> CaptureError {
        CaptureError(.cannotWrite, path: path, "cannot be written: \(error.localizedDescription); is the disk full?")
    }
}
