import AuralCapture
import AuralCore
import AuralHearing
import AuralWire

/// The sound that belongs to a clip: of the second that ends at each frame's time. Reads into memory that is reused.
///
/// After the sound's end the level stays that of its last second, but nothing sounds any more.
package final class ClipSound {
    let reader: any SampleReader
    let frameDurationNanoseconds: Int64
    let frameCount: Int?
    /// The frame whose sound is told next to clients that want it; nil while there are none.
    var playedUpTo: UInt64?
    private let memory: [UnsafeMutableBufferPointer<Float>]
    private let silence = [Float](repeating: 0, count: FrameSegments.block)
    private var gate: FrameGate
    private var segments = FrameSegments()
    package var hearing: Configuration.Hearing {
        didSet { gate.set(hearing) }
    }

    /// Opens a WAV file for a clip. Throws what the reader reports.
    ///
    /// - Parameters:
    ///   - path: the WAV file.
    ///   - frameDurationNanoseconds: the clip's own time from frame to frame, however fast it is played.
    ///   - frameCount: the clip's length, if known; a clip that is played again is heard again from its beginning.
    ///   - hearing: when something counts as heard.
    package convenience init(
        path: String, frameDurationNanoseconds: Int64, frameCount: Int?, hearing: Configuration.Hearing = .init()
    ) throws(CaptureError) {
        self.init(
            reader: try WAVReader(path: path), frameDurationNanoseconds: frameDurationNanoseconds, frameCount: frameCount, hearing: hearing)
    }

    /// The same of sound that is read in another way.
    init(reader: any SampleReader, frameDurationNanoseconds: Int64, frameCount: Int?, hearing: Configuration.Hearing = .init()) {
        self.reader = reader
        self.frameDurationNanoseconds = frameDurationNanoseconds
        self.frameCount = frameCount
        self.hearing = hearing
        gate = FrameGate(hearing)
        // SAFETY: owned by this object, which is not Sendable, and freed in deinit.
        memory = (0..<reader.channelCount).map { _ in .allocate(capacity: max(reader.sampleRate, FrameSegments.block)) }
        for channel in memory { channel.initialize(repeating: 0) }
    }

    deinit {
        for channel in memory { channel.deallocate() }
    }

    /// What is heard at a frame of the clip, counted from 0 over all passes. Throws where the file cannot be read any more.
    ///
    /// - Parameter time: when the frame was shown, for the segment.
    package func hear(frame: UInt64, at time: MonoTime, needsSegment: Bool = false) throws -> HeardSound {
        let within = frameCount.map { frame % UInt64(max($0, 1)) } ?? frame
        // The gate goes by the clip's own time, over all passes.
        let (clipTime, overflow) = Int64(clamping: frame).multipliedReportingOverflow(by: frameDurationNanoseconds)
        return try hear(
            seconds: Double(within) * Double(frameDurationNanoseconds) / 1e9, gateTime: MonoTime(nanoseconds: overflow ? .max : clipTime), at: time,
            needsSegment: needsSegment)
    }

    /// What is heard so many seconds into the sound; the gate goes by `gateTime`.
    func hear(seconds: Double, gateTime: MonoTime, at time: MonoTime, needsSegment: Bool) throws -> HeardSound {
        let range = AudioLevel.segment(endingAt: seconds, sampleRate: reader.sampleRate, sampleCount: reader.sampleCount)
        let parts = memory.map { UnsafeMutableBufferPointer(rebasing: $0[0..<min(range.count, $0.count)]) }
        let count = try reader.read(from: range.lowerBound, into: parts)
        let heard = parts.map { UnsafeBufferPointer(rebasing: $0[0..<min(count, $0.count)]) }
        let level = AudioLevel.decibels(
            energy: heard.reduce(0) { $0 + AudioLevel.energy(of: $1) }, count: heard.reduce(0) { $0 + $1.count })
        let end = Int64(min(max(0, (seconds * Double(reader.sampleRate)).rounded()), 1e15))
        let isSounding = gate.hear(newest(endingAt: end, of: heard, from: Int64(range.lowerBound)), at: gateTime)
        return HeardSound(
            audio: FrameRecord.Audio(rmsDBFS: level, isSounding: isSounding),
            segment: needsSegment ? try segment(endingAt: end, at: time, isSounding: isSounding) : nil)
    }

    /// The level of the last `hearing.gate_ms` before the sample `end`, of which `parts` holds all there is, from the sample `start` on; what comes
    /// after the file's end is silence.
    private func newest(endingAt end: Int64, of parts: [UnsafeBufferPointer<Float>], from start: Int64) -> Double {
        let first = end - min(end, Int64(reader.sampleRate) * Int64(hearing.gateMilliseconds) / 1000)
        var energy = 0.0
        for part in parts {
            energy += AudioLevel.energy(of: UnsafeBufferPointer(rebasing: part[Int(min(max(0, first - start), Int64(part.count)))...]))
        }
        return AudioLevel.decibels(energy: energy, count: Int(end - first) * parts.count)
    }

    private func segment(endingAt end: Int64, at time: MonoTime, isSounding: Bool) throws -> AudioSegment {
        let rate = reader.sampleRate
        // The file goes on as silence.
        var range = segments.lacking(for: end, of: 0..<Int64.max, rate: rate)
        while !range.isEmpty {
            let wanted = min(range.count, FrameSegments.block)
            let buffers = memory.map { UnsafeMutableBufferPointer(rebasing: $0[0..<wanted]) }
            let count = try reader.read(from: Int(range.lowerBound), into: buffers)
            if count > 0 {
                let pair = Resampler.pair(of: buffers.count)
                let (left, right) = (UnsafeBufferPointer(buffers[pair.left]), UnsafeBufferPointer(buffers[pair.right]))
                try segments.append(left.span.extracting(0..<count), right.span.extracting(0..<count), at: range.lowerBound, rate: rate)
            } else {
                let silence = silence
                try segments.append(silence.span.extracting(0..<wanted), silence.span.extracting(0..<wanted), at: range.lowerBound, rate: rate)
            }
            range = (range.lowerBound + Int64(count > 0 ? count : wanted))..<range.upperBound
        }
        return segments.segment(endingAt: end, at: time, rate: rate, isSounding: isSounding)
    }
}

extension ClipSound: FrameSound {
    package func hear(_ frame: Frame, needsSegment: Bool) throws -> HeardSound? {
        try hear(frame: frame.sequence, at: frame.time, needsSegment: needsSegment)
    }
}
