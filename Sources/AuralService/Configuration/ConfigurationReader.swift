import AuralCore
import AuralWire
import TOMLKit

/// Turns a file's TOML values into checked ones, and faults into errors with their key's path and line.
struct ConfigurationReader {
    /// The file's path, for errors.
    let file: String
    /// Where its keys are.
    let lines: TOMLScanner

    func fault(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, key: key, line: lines.line(of: key), message: message)
    }

    func unknown(_ name: String, parent: String, candidates: [String]) -> ConfigurationError {
        let key = TOMLText.key(name)
        return fault(parent.isEmpty ? key : "\(parent).\(key)", Self.unknown(name, candidates: candidates))
    }

    /// What to say about a key that nobody knows.
    static func unknown(_ name: String, candidates: [String]) -> String {
        let known = candidates.joined(separator: ", ")
        // A name that is far too long is like none of them; to find that out would take long.
        guard name.utf8.count <= TOMLText.longestName, let nearest = EditDistance.nearest(to: name, in: candidates) else {
            return "unknown key; known here: \(known)"
        }
        return "unknown key, did you mean \(nearest)? Known here: \(known)"
    }

    func value(of key: ConfigurationKey, _ value: (any TOMLValueConvertible)?) throws(ConfigurationError) -> ConfigurationKey.Value {
        guard let value = value.flatMap({ key.kind.value($0) }) else { throw fault(key.path, "must be \(key.kind.expectation)") }
        return value
    }

    func prompts(_ value: (any TOMLValueConvertible)?) throws(ConfigurationError) -> [Configuration.InitialPrompt] {
        guard let array = value?.array else { throw fault("prompt", "must be an array of tables: [[prompt]]") }
        var prompts: [Configuration.InitialPrompt] = []
        for index in 0..<array.count {
            guard let table = array[index].table else { throw fault("prompt", "must be an array of tables: [[prompt]]") }
            let prompt = try prompt(table, path: "prompt[\(index)]")
            guard !prompts.contains(where: { $0.objectID == prompt.objectID }) else {
                throw fault(
                    "prompt[\(index)].object_id",
                    "\(prompt.objectID) has a prompt already; put all its points into one [[prompt]]")
            }
            prompts.append(prompt)
        }
        return prompts
    }

    private func prompt(_ table: TOMLTable, path: String) throws(ConfigurationError) -> Configuration.InitialPrompt {
        let names = ConfigurationKey.prompt.map(\.name)
        for key in table.keys.sorted() where !names.contains(key) { throw unknown(key, parent: path, candidates: names) }
        let range = ConfigurationKey.promptObjects
        guard let number = table["object_id"]?.int, range.contains(number) else {
            throw fault("\(path).object_id", "must be a whole number within \(range.lowerBound)…\(range.upperBound)")
        }
        var box: BoxPrompt?
        if let value = table["box"] {
            let edges = try fractions(value, count: 4, path: "\(path).box")
            guard edges[0] < edges[2], edges[1] < edges[3] else {
                throw fault("\(path).box", "must be [left, top, right, bottom] with left < right and top < bottom")
            }
            box = BoxPrompt(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3])
        }
        let points = try points(table, path: path)
        guard box != nil || !points.isEmpty else { throw fault(path, "must have points with labels, or a box") }
        return Configuration.InitialPrompt(objectID: ObjectID(number), points: points, box: box)
    }

    private func points(_ table: TOMLTable, path: String) throws(ConfigurationError) -> [PointPrompt] {
        guard table["points"] != nil || table["labels"] != nil else { return [] }
        guard let points = table["points"]?.array, points.count <= RequestParser.maximumPoints else {
            throw fault("\(path).points", "must be an array of at most \(RequestParser.maximumPoints) points [x, y]")
        }
        guard let labels = table["labels"]?.array, labels.count == points.count else {
            throw fault("\(path).labels", "must be an array with one number for each point (\(points.count))")
        }
        var result: [PointPrompt] = []
        for index in 0..<points.count {
            let place = try fractions(points[index], count: 2, path: "\(path).points[\(index)]")
            guard let label = labels[index].int, label == 0 || label == 1 else {
                throw fault("\(path).labels[\(index)]", "must be 1 where the object is, 0 where it is not")
            }
            result.append(PointPrompt(x: place[0], y: place[1], isPositive: label == 1))
        }
        return result
    }

    private func fractions(
        _ value: any TOMLValueConvertible, count: Int, path: String
    ) throws(ConfigurationError) -> [Float] {
        let wrong = fault(path, "must be \(count) numbers within 0…1: fractions of the frame")
        guard let array = value.array, array.count == count else { throw wrong }
        var numbers: [Float] = []
        for index in 0..<count {
            guard let number = array[index].double ?? array[index].int.map(Double.init), (0...1).contains(number) else { throw wrong }
            numbers.append(Float(number))
        }
        return numbers
    }
}
