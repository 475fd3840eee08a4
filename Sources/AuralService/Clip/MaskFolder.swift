import AuralCapture
import AuralCore
import AuralWire
import Foundation

/// A folder of masks as pictures, at the model's square: white inside, black outside.
package final class MaskFolder {
    private let path: String
    private let image: RGBImage
    private var resizer: BilinearResizer

    /// Makes the folder where it is not there. Throws where that cannot be done.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - maskSide: side of the logit maps.
    ///   - imageSize: side of the pictures.
    package init(_ path: String, maskSide: Int, imageSize: Int) throws {
        guard let image = RGBImage(width: imageSize, height: imageSize) else {
            throw EvaluationError("\(imageSize) is no side of a picture; this is a bug", exitStatus: .software)
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError("\(path): cannot make this folder; choose another one", exitStatus: .cannotCreate)
        }
        self.path = path
        self.image = image
        resizer = try BilinearResizer(inputSide: maskSide, outputSide: imageSize)
    }

    /// Writes `mask_<index>.png`: where the logits, enlarged, are above zero. Throws where the file cannot be written.
    func write(_ logits: [Float], index: Int) throws {
        try resizer.resize(logits)
        for (place, logit) in resizer.output.enumerated() {
            let level: UInt8 = logit > 0 ? 255 : 0
            for channel in 0..<3 { image.bytes[place * 3 + channel] = level }
        }
        try PNGWriter.write(image, to: "\(path)/mask_\(index).png")
    }
}
