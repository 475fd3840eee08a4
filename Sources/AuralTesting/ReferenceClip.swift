import AuralCapture
import AuralCore
import AuralGraph
import AuralInference

/// The ten-frame clip with which the reference numbers were made.
package enum ReferenceClip {
    /// A picture of Tests/Golden/inputs, decoded. Throws where it is not at hand or broken.
    package static func picture(_ name: String) throws -> RGBImage {
        guard let path = GoldenFile.path("inputs/\(name)") else { throw GraphError("golden picture \(name) is missing", exitStatus: .noInput) }
        return try ImageDecoder().decode(file: path, pool: ImagePool())
    }

    /// Puts frame `index` into a model's input [1, S, S, 3], resized as a camera's frames are.
    package static func load(frame index: Int, into image: Tensor) throws {
        let picture = try picture("clip_0\(index).png")
        guard let resampler = BicubicResampler(inputWidth: picture.width, inputHeight: picture.height, side: image.shape[1]) else {
            throw GraphError("no resampler to \(image.shape)")
        }
        try resampler.resample(picture, into: image.bytes)
    }

    /// Puts frame 0 as Pillow resized it into a model's input of 512 or 1024 pixels.
    package static func loadResized(into image: Tensor) throws {
        let picture = try picture("clip_00_resized_bicubic_\(image.shape[1]).png")
        guard picture.bytes.count == image.bytes.count else { throw GraphError("picture of \(picture.width) pixels for \(image.shape)") }
        // The picture's bytes live only as long as the picture does.
        withExtendedLifetime(picture) { _ = image.bytes.update(fromContentsOf: picture.bytes) }
    }
}
