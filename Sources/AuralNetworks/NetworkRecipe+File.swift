import AuralCore
import AuralGraph
import Foundation

extension NetworkRecipe {
    /// Reads a recipe file: the JSON form of `NetworkRecipe`, as `bundle.json` holds it under `network`.
    ///
    /// Throws with the file and the key that is missing or odd.
    package init(file path: String) throws(GraphError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw GraphError("\(path): no such recipe file; give the JSON of a network's plan", exitStatus: .noInput)
        }
        try self.init(json: data, label: path)
    }

    /// The plan in a checkpoint's metadata, under `network`; nil where the file says nothing of it, as official ones do.
    ///
    /// Throws with the file and the key that is missing or odd.
    package init?(notedIn metadata: [String: String], label: String) throws(GraphError) {
        guard let text = metadata["network"] else { return nil }
        try self.init(json: Data(text.utf8), label: "\(label): metadata network")
    }

    private init(json data: Data, label path: String) throws(GraphError) {
        do {
            self = try JSONDecoder().decode(NetworkRecipe.self, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw GraphError("\(path): key \((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing")
        } catch DecodingError.typeMismatch(_, let context) {
            throw GraphError("\(path): key \(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type")
        } catch {
            throw GraphError("\(path): not a network's plan in JSON")
        }
        try validate()
    }
}
