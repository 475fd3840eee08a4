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
