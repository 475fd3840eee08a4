import AuralNetworks

/// `bundle.json`: what a model bundle holds, and how to tell that it is whole.
package struct BundleManifest: Sendable, Codable, Equatable {
    /// The version that this program writes and reads.
    package static let currentFormat = 2

    /// Whether the networks can take square images of this side, in pixels.
    static func allows(imageSize: Int) -> Bool {
        (256...1024).contains(imageSize) && imageSize % 32 == 0
    }

    /// Version of the bundle's layout.
    package var format: Int
    /// The network's plan.
    package var network: NetworkRecipe
    /// Side of the model's square input, in pixels.
    package var imageSize: Int
    /// False for synthetic weights: masks mean nothing then, and programs should say so.
    package var isTrained: Bool
    /// Where the weights came from.
    package var source: Source
    /// The fuser, in bundles that hear.
    package var fuser: Fuser?
    /// The text encoder, in bundles that take words.
    package var text: Text?
    /// How the network came to compute in 8-bit integers; nil where it does not.
    package var quantization: Quantization?
    /// The file of large constants that the graphs share.
    package var weights: File
    /// One ONNX file for each stage, by stage name.
    package var stages: [String: File]
    /// Small tensors for the tracker: checkpoint key to place in the weights file.
    package var constants: [String: Constant]

    /// All files of the bundle beside this one: the weights, a text encoder's tables, and the stages by name.
    package var files: [File] {
        let tables = text.map { [$0.vocabulary, $0.merges] } ?? []
        return [weights] + tables + stages.sorted { $0.key < $1.key }.map(\.value)
    }

    /// A checkpoint.
    package struct Source: Sendable, Codable, Equatable {
        /// File name without folder.
        package var file: String
        /// SHA-256 of the file, empty for synthetic weights.
        package var sha256: String

        /// Notes a checkpoint's name and hash.
        package init(file: String, sha256: String) {
            self.file = file
            self.sha256 = sha256
        }
    }

    /// A fuser.
    package struct Fuser: Sendable, Codable, Equatable {
        /// Its plan.
        package var recipe: FuserRecipe
        /// The file that its weights come from.
        package var source: Source
    }

    /// A text encoder.
    package struct Text: Sendable, Codable, Equatable {
        /// Its plan.
        package var recipe: TextEncoderRecipe
        /// The file that its weights come from.
        package var source: Source
        /// The tokenizer's tables.
        package var vocabulary: File
        package var merges: File
    }

    /// What the scales of 8-bit integers were taken from.
    package struct Quantization: Sendable, Codable, Equatable {
        /// The clip's name without folder.
        package var clip: String
        /// Frames of it that were looked at.
        package var frames: Int

        /// Notes a clip and its frames.
        package init(clip: String, frames: Int) {
            self.clip = clip
            self.frames = frames
        }
    }

    /// A file of the bundle.
    package struct File: Sendable, Codable, Equatable {
        /// Name within the bundle's folder.
        package var name: String
        /// Size.
        package var bytes: Int
        /// SHA-256 of the contents.
        package var sha256: String
    }

    /// A tensor within the weights file, float32.
    package struct Constant: Sendable, Codable, Equatable {
        /// Byte offset.
        package var offset: Int
        /// Shape.
        package var shape: [Int]
    }
}
