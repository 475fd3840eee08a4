import AuralCore
import Foundation

/// What `ffprobe` says about a file's first video stream.
struct FFmpegProbe: Equatable {
    /// Size as ffmpeg will deliver it, after the rotation that phones note in the file.
    var width: Int
    var height: Int
    var frameDurationNanoseconds: Int64
    /// The rate at which to deliver frames where the file's own rate varies, as ffmpeg writes it ("30000/1001"); nil to take them
    /// as they come.
    var steadyRate: String?
    var frameCount: Int?

    private struct Answer: Decodable {
        struct Stream: Decodable {
            struct SideData: Decodable { var rotation: Double? }
            struct Tags: Decodable { var rotate: String? }
            var width: Int?
            var height: Int?
            var avg_frame_rate: String?
            var r_frame_rate: String?
            var nb_frames: String?
            var side_data_list: [SideData]?
            var tags: Tags?
        }
        var streams: [Stream]?
    }

    /// Reads ffprobe's JSON.
    static func parse(_ json: Data, path: String) throws(CaptureError) -> FFmpegProbe {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: json) else {
            throw CaptureError(.toolFailed, path: path, "ffprobe's answer is not understood; is it from FFmpeg 5.1 or later?")
        }
        guard let stream = answer.streams?.first else {
            throw CaptureError(.noFrames, path: path, "there is no video in this file")
        }
        guard let codedWidth = stream.width, let codedHeight = stream.height else {
            throw CaptureError(.malformed, path: path, "the video has no size")
        }
        let rotation = stream.side_data_list?.compactMap(\.rotation).first ?? Double(stream.tags?.rotate ?? "") ?? 0
        let isTurned = rotation.isFinite && abs(abs(rotation.truncatingRemainder(dividingBy: 180)) - 90) < 1
        let (width, height) = isTurned ? (codedHeight, codedWidth) : (codedWidth, codedHeight)
        guard RGBImage.byteCount(width: width, height: height) != nil else {
            throw .tooLarge(path: path, width: width, height: height)
        }
        let average = stream.avg_frame_rate.flatMap(duration)
        let base = stream.r_frame_rate.flatMap(duration)
        guard let duration = average ?? base else {
            throw CaptureError(.malformed, path: path, "the video has no frame rate")
        }
        var probe = FFmpegProbe(
            width: width, height: height, frameDurationNanoseconds: duration, steadyRate: nil,
            frameCount: stream.nb_frames.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil })
        // The base rate is the finest grid that all time stamps lie on. Far from the average, the frames are not evenly spaced.
        if let average, let base, abs(Double(average) / Double(base) - 1) > 0.02 {
            probe.steadyRate = stream.avg_frame_rate
            probe.frameCount = nil
        }
        return probe
    }

    /// The duration in nanoseconds for a rate such as "30000/1001"; nil for "0/0".
    private static func duration(_ rate: String) -> Int64? {
        let parts = rate.split(separator: "/")
        guard parts.count == 2, let frames = Int64(parts[0]), let seconds = Int64(parts[1]) else { return nil }
        return FrameDuration.nanoseconds(rate: frames, scale: seconds)
    }
}
