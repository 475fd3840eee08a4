import AuralCore
import AuralNetworks
import Foundation

/// The model bundles that lie in folders.
package enum BundleCatalogue {
    /// What a bundle says of itself; nothing of it has been checked.
    package struct Entry: Sendable, Encodable, Equatable {
        /// The bundle's folder.
        package var path: String
        /// The network.
        package var network: String
        /// Side of its square input, in pixels.
        package var imageSize: Int
        /// The fuser's kind; nil where it does not hear.
        package var fuser: String?
        /// Whether it takes words.
        package var takesWords: Bool
        /// Whether its large products are in 8-bit integers.
        package var isQuantized: Bool
        /// False where nobody trained it.
        package var isTrained: Bool
        /// The checkpoints that it was made from.
        package var sources: [String]
        /// All its files together.
        package var bytes: Int

        private enum CodingKeys: String, CodingKey {
            case path, network, fuser, sources, bytes
            case imageSize = "image_size"
            case takesWords = "takes_words"
            case isQuantized = "int8"
            case isTrained = "trained"
        }
    }

    /// The bundles among these folders and the folders in them, by path; what cannot be read is passed over.
    package static func entries(in folders: [String]) -> [Entry] {
        let candidates = folders.flatMap { folder in
            [folder] + ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { "\(folder)/\($0)" }
        }
        var seen: Set<String> = []
        return candidates.filter { seen.insert(URL(filePath: $0).standardizedFileURL.path).inserted }.compactMap(entry(at:))
    }

    /// The bundle in a folder; nil where there is none that can be read.
    package static func entry(at folder: String) -> Entry? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/bundle.json"),
            let manifest = try? JSONDecoder().decode(BundleManifest.self, from: data)
        else { return nil }
        let sources = [manifest.source, manifest.fuser?.source, manifest.text?.source].compactMap { $0?.file }.filter { !$0.isEmpty }
        return Entry(
            path: folder, network: manifest.network.name, imageSize: manifest.imageSize, fuser: manifest.fuser?.recipe.variant.rawValue,
            takesWords: manifest.text != nil, isQuantized: manifest.quantization != nil, isTrained: manifest.isTrained,
            sources: sources.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            bytes: manifest.files.reduce(0) { $0.addingReportingOverflow(max(0, $1.bytes)).partialValue })
    }
}
