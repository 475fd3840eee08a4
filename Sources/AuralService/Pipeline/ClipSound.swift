import AuralCapture
import AuralCore
import AuralWire

/// The level of the sound that belongs to a clip: of the second that ends at each frame's time. Reads into memory that is reused.
package final class ClipSound {
    private let reader: WAVReader
    private let frameDuration: Double
    private let frameCount: Int?
    private let memory: [UnsafeMutableBufferPointer<Float>]

    /// Opens a WAV file for a clip. Throws what the reader reports.
    ///
    /// - Parameters:
    ///   - path: the WAV file.
    ///   - frameDurationNanoseconds: the clip's own time from frame to frame, however fast it is played.
    ///   - frameCount: the clip's length, if known; a clip that is played again is heard again from its beginning.
    package init(path: String, frameDurationNanoseconds: Int64, frameCount: Int?) throws(CaptureError) {
        let reader = try WAVReader(path: path)
        self.reader = reader
        frameDuration = Double(frameDurationNanoseconds) / 1e9
        self.frameCount = frameCount
        // SAFETY: owned by this object, which is not Sendable, and freed in deinit.
        memory = (0..<reader.channelCount).map { _ in .allocate(capacity: reader.sampleRate) }
        for channel in memory { channel.initialize(repeating: 0) }
    }

    deinit {
        for channel in memory { channel.deallocate() }
    }

    /// The level at a frame of the clip, counted from 0 over all passes. Throws where the file cannot be read any more.
    package func level(frame: UInt64) throws(CaptureError) -> FrameRecord.Audio {
        let within = frameCount.map { frame % UInt64(max($0, 1)) } ?? frame
        let range = AudioLevel.segment(
            endingAt: Double(within) * frameDuration, sampleRate: reader.sampleRate, sampleCount: reader.sampleCount)
        let parts = memory.map { UnsafeMutableBufferPointer(rebasing: $0[0..<min(range.count, $0.count)]) }
        let count = try reader.read(from: range.lowerBound, into: parts)
        return FrameRecord.Audio(rmsDBFS: AudioLevel.decibels(of: parts.map { $0[0..<min(count, $0.count)] }))
    }
}
