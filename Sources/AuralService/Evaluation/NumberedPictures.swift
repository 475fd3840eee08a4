import AuralCore
import Foundation

/// The pictures of a folder whose names end in a number: after the last underscore, or all of the name where it has none.
enum NumberedPictures {
    /// The paths of all .jpg, .jpeg and .png files in the order of their numbers; files that begin with a dot and other files are passed over.
    /// Throws where there is no such folder or picture, or where a name has no number or one that another has.
    static func list(_ folder: String) throws(EvaluationError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .missing(folder, "a folder of pictures is needed")
        }
        var pictures: [(number: Int, name: String)] = []
        for name in names where !name.hasPrefix(".") {
            guard let dot = name.lastIndex(of: "."), ["jpg", "jpeg", "png"].contains(name[dot...].dropFirst().lowercased()) else { continue }
            let stem = name[..<dot]
            let digits = stem.lastIndex(of: "_").map { stem[stem.index(after: $0)...] } ?? stem
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
                throw EvaluationError("\(folder)/\(name): the name has no number after its last underscore", exitStatus: .dataError)
            }
            pictures.append((number, name))
        }
        guard !pictures.isEmpty else { throw EvaluationError("\(folder): no pictures in it", exitStatus: .noInput) }
        pictures.sort { ($0.number, $0.name) < ($1.number, $1.name) }
        for (one, other) in zip(pictures, pictures.dropFirst()) where one.number == other.number {
            throw EvaluationError("\(folder): \(one.name) and \(other.name) have the same number", exitStatus: .dataError)
        }
        return pictures.map { "\(folder)/\($0.name)" }
    }
}
