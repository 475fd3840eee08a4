import AuralCapture
import AuralCore
import Foundation

/// A clip whose sounding objects are to be found: one picture for each of its seconds, and a WAV file.
///
/// A folder has one picture a second, as AVSBench's folders have, in `frames` or by itself. Of a video the picture in the middle of each
/// second is taken, so that picture and sound are of the same second.
package struct SoundingClip {
    /// The pictures, at most as many as were asked for.
    package let images: [RGBImage]
    /// The place of each picture in the clip, in nanoseconds.
    package let times: [Int64]
    /// The WAV file.
    package let audio: String
    /// Whether the clip goes on after the last picture.
    package let isCut: Bool
    /// Whether the sound ends before its file says that it does.
    package let isSoundCut: Bool

    /// Reads the pictures of the first `count` seconds.
    ///
    /// - Parameters:
    ///   - path: a folder, or a video file.
    ///   - audio: the WAV file; without it `audio.wav` in the folder.
    /// - Throws: where clip or sound are missing or broken.
    package init(path: String, audio: String?, count: Int) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard exists else { throw EvaluationError.missing(path, "give a folder of pictures or a video") }
        guard isFolder.boolValue || audio != nil else {
            throw EvaluationError("\(path): give its sound with --audio FILE, as WAV", exitStatus: .usage)
        }
        self.audio = audio ?? "\(path)/audio.wav"
        guard FileManager.default.isReadableFile(atPath: self.audio) else {
            throw EvaluationError.missing(self.audio, "give the clip's sound as WAV, by --audio or with this name")
        }
        isSoundCut = try WAVReader(path: self.audio).isTruncated
        var isFrames: ObjCBool = false
        let hasFrames = isFolder.boolValue && FileManager.default.fileExists(atPath: "\(path)/frames", isDirectory: &isFrames) && isFrames.boolValue
        let reader = try FrameReaders.open(hasFrames ? "\(path)/frames" : path, pool: ImagePool(capacity: 2))
        // Seconds, in Double: a video may claim frames of any duration.
        let duration = isFolder.boolValue ? 1 : Double(reader.frameDurationNanoseconds) / 1e9
        var (images, times, position, isCut): ([RGBImage], [Int64], Double, Bool) = ([], [], 0, false)
        while !isCut, let image = try reader.next() {
            // The picture that is shown at the middle of the second; of slow videos one picture may stand for several.
            while Double(times.count) + 0.5 < (position + 1) * duration {
                guard times.count < count else {
                    isCut = true
                    break
                }
                images.append(image)
                times.append(Int64(min(position * duration * 1e9, 9e18)))
            }
            position += 1
        }
        if images.isEmpty {
            throw EvaluationError("\(path): shorter than half a second; one picture a second is taken", exitStatus: .dataError)
        }
        self.images = images
        self.times = times
        self.isCut = isCut
    }
}
