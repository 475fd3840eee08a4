import AuralCapture
import Foundation

/// A clip of 64×48 pixels with its sound, of which it is known when what is seen and heard.
struct SoundClip {
    /// How many frames it has.
    var frames = 10
    /// Its own rate, whatever it is played at.
    var framesPerSecond = 10
    /// From the first of these frames' times to the last one's there is a sine of 440 Hz and −9 dBFS; elsewhere there is silence.
    var beep = 5..<10
    /// Brightness of a pixel of a frame, 16…235.
    var luma: (_ x: Int, _ y: Int, _ frame: Int) -> UInt8 = { x, y, frame in
        // A disc that moves to the right over a gradient.
        let (across, down) = (x - 20 - frame, y - 24)
        return across * across + down * down < 100 ? 225 : UInt8(40 + x + y)
    }

    static let (width, height, rate) = (64, 48, 16_000)

    /// Whether a frame of a looping clip is heard: its time is after the beep's first instant, and at most a frame after its last one.
    func isHeard(_ sequence: UInt64) -> Bool {
        let frame = Int(sequence % UInt64(frames))
        return frame > beep.lowerBound && frame <= beep.upperBound
    }

    /// The pictures as a Y4M file.
    func video() throws -> String {
        var bytes = Array("YUV4MPEG2 W\(Self.width) H\(Self.height) F\(framesPerSecond):1 Ip A1:1 Cmono\n".utf8)
        for frame in 0..<frames {
            bytes += Array("FRAME\n".utf8)
            for y in 0..<Self.height { bytes += (0..<Self.width).map { luma($0, y, frame) } }
        }
        return try Fixtures.file("clip.y4m", bytes)
    }

    /// The sound as a WAV file that is as long as the pictures.
    func audio() throws -> String {
        let sounding = (beep.lowerBound * Self.rate / framesPerSecond)..<(beep.upperBound * Self.rate / framesPerSecond)
        let samples = (0..<(frames * Self.rate / framesPerSecond)).map { index in
            sounding.contains(index) ? Float(0.5 * sin(2 * Double.pi * 440 * Double(index) / Double(Self.rate))) : 0
        }
        let path = Fixtures.path("sound.wav")
        let writer = try WAVWriter(path: path, sampleRate: Self.rate, channelCount: 1)
        try samples.withUnsafeBufferPointer { try writer.append(interleaved: $0) }
        try writer.finish()
        return path
    }

    /// The configuration's `[source]`, and `[hearing]` without hold, so that each frame is judged by the sound since the frame before it.
    ///
    /// - Parameters:
    ///   - rate: frames a second that it is played at; nil for its own rate.
    ///   - loops: whether it is played again and again.
    ///   - hearing: other keys of `[hearing]`.
    ///   - more: other tables.
    func source(rate: Int? = nil, loops: Bool = true, hearing: String = "hold_ms = 0", more: String = "") throws -> String {
        """
        [source]
        kind = "replay"
        path = "\(try video())"
        audio = "\(try audio())"
        loop = \(loops)
        rate = \(rate.map(String.init) ?? "\"clip\"")
        [hearing]
        gate_ms = \(1000 / framesPerSecond)
        \(hearing)
        \(more)

        """
    }
}
