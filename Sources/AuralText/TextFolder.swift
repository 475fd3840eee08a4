import AuralCore
import Glibc

/// A folder as Hugging Face publishes text encoders: weights, `vocab.json`, `merges.txt`, and maybe `config.json`.
package struct TextFolder: Sendable, Equatable {
    /// The folder.
    package let path: String
    /// `model.safetensors`, or else `pytorch_model.bin`; nil where there is neither and none was asked for.
    package let weightsPath: String?
    /// What `config.json` says; empty where there is none.
    package let configuration: TextConfiguration

    /// `vocab.json`.
    package var vocabularyPath: String { "\(path)/vocab.json" }
    /// `merges.txt`.
    package var mergesPath: String { "\(path)/merges.txt" }

    /// Looks at a folder. `needsWeights` is false where the encoder's weights come from elsewhere (a full Ref-AVS checkpoint has them).
    ///
    /// Throws where the folder or a file that is needed is missing, with all that are missing, and where `config.json` is odd.
    package init(_ path: String, needsWeights: Bool = true) throws(TextError) {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw TextError(
                file: path, "no such folder; give the folder of a RoBERTa model with its weights, vocab.json and merges.txt", exitStatus: .noInput)
        }
        self.path = path
        let weights = ["model.safetensors", "pytorch_model.bin"].map { "\(path)/\($0)" }.first { SmallFile.exists($0) }
        var missing = ["vocab.json", "merges.txt"].filter { !SmallFile.exists("\(path)/\($0)") }
        if needsWeights, weights == nil { missing.insert("model.safetensors (or pytorch_model.bin)", at: 0) }
        guard missing.isEmpty else {
            throw TextError(
                file: path,
                "\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") missing; "
                    + "copy the whole folder of the text encoder, distilroberta-base for the released fusers", exitStatus: .noInput)
        }
        weightsPath = weights
        configuration =
            SmallFile.exists("\(path)/config.json") ? try TextConfiguration(path: "\(path)/config.json") : TextConfiguration()
    }

    /// Reads the tokenizer. Throws with the file, and the line or token in it, that is odd.
    package func tokenizer() throws(TextError) -> TextTokenizer {
        try TextTokenizer(vocabulary: vocabularyPath, merges: mergesPath)
    }
}
