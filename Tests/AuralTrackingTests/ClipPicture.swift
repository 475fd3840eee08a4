import AuralInference
import AuralTesting

/// The pictures of a golden clip: its own, already resized, or those of the reference clip.
enum ClipPicture {
    /// Puts frame `index` into a model's input.
    static func load(_ index: Int, of golden: GoldenFile, into image: Tensor) throws {
        guard let frames = try golden.whole("frames") else { return try ReferenceClip.load(frame: index, into: image) }
        let size = image.bytes.count
        for place in 0..<size { image.bytes[place] = UInt8(frames[index * size + place]) }
    }
}
