import AuralCore
import Foundation

/// Reads single fields of a request and checks their ranges. Arrays are measured before their elements are read.
struct RequestFieldReader {
    private let container: KeyedDecodingContainer<RequestFields.Key>

    init(_ decoder: any Decoder) throws {
        container = try decoder.container(keyedBy: RequestFields.Key.self)
    }

    /// Refuses fields that the verb does not have.
    func expect(_ names: [String], verb: Request.Verb) throws {
        guard verb != .hello else { return }
        let known = Set(names + ["id", "verb", "type", "source"])
        let unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }
        guard let first = unknown.min() else { return }
        let list = names.isEmpty ? "no fields of its own" : names.joined(separator: ", ")
        throw RequestFault(message: "unknown field \(RequestParser.quoted(first)); \(verb.rawValue) has \(list)")
    }

    func optional<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value? {
        try container.decodeIfPresent(type, forKey: RequestFields.Key(name))
    }

    func objectID() throws -> ObjectID {
        let number = try container.decode(Int.self, forKey: RequestFields.Key("object_id"))
        guard RequestParser.objectNumbers.contains(number) else {
            let range = RequestParser.objectNumbers
            throw RequestFault(message: "object_id must be within \(range.lowerBound)…\(range.upperBound)")
        }
        return ObjectID(number)
    }

    func sequence() throws -> UInt64? {
        guard let number = try optional("seq", Int.self) else { return nil }
        guard RequestParser.exactIntegers.contains(number) else { throw RequestFault(message: "seq must be within 0…2^53 − 1") }
        return UInt64(number)
    }

    func points() throws -> [PointPrompt] {
        guard container.contains(RequestFields.Key("points")) else {
            guard !container.contains(RequestFields.Key("labels")) else { throw RequestFault(message: "points is missing") }
            return []
        }
        var list = try container.nestedUnkeyedContainer(forKey: RequestFields.Key("points"))
        var labels = try container.nestedUnkeyedContainer(forKey: RequestFields.Key("labels"))
        guard let count = list.count, count <= RequestParser.maximumPoints else {
            throw RequestFault(message: "points must have at most \(RequestParser.maximumPoints) points")
        }
        guard labels.count == count else {
            throw RequestFault(message: "labels must have as many numbers as there are points (\(count))")
        }
        var points: [PointPrompt] = []
        for index in 0..<count {
            let place = try list.nestedUnkeyedContainer()
            let numbers = try Self.coordinates(place, count: 2, name: "points[\(index)]")
            let label = try labels.decode(Int.self)
            guard label == 0 || label == 1 else { throw RequestFault(message: "labels[\(index)] must be 0 or 1") }
            points.append(PointPrompt(x: numbers[0], y: numbers[1], isPositive: label == 1))
        }
        return points
    }

    func box(isRequired: Bool) throws -> BoxPrompt? {
        let key = RequestFields.Key("box")
        guard isRequired || container.contains(key) else { return nil }
        let edges = try Self.coordinates(container.nestedUnkeyedContainer(forKey: key), count: 4, name: "box")
        guard edges[0] < edges[2], edges[1] < edges[3] else {
            throw RequestFault(message: "box must be [left, top, right, bottom] with left < right and top < bottom")
        }
        return BoxPrompt(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3])
    }

    func mask() throws -> RunLengthMask {
        let mask = try container.nestedContainer(keyedBy: RequestFields.Key.self, forKey: RequestFields.Key("mask"))
        if let unknown = mask.allKeys.map(\.stringValue).filter({ $0 != "size" && $0 != "counts" }).min() {
            throw RequestFault(message: "unknown field \(RequestParser.quoted(unknown)) in mask; it has size and counts")
        }
        var list = try mask.nestedUnkeyedContainer(forKey: RequestFields.Key("size"))
        guard list.count == 2 else { throw RequestFault(message: "mask.size must be [height, width]") }
        let height = try list.decode(Int.self)
        let width = try list.decode(Int.self)
        let counts = try mask.decode(String.self, forKey: RequestFields.Key("counts"))
        do {
            let result = try RunLengthMask(height: height, width: width, string: counts)
            guard height * width <= RequestParser.maximumMaskPixels else {
                throw RequestFault(message: "mask.size has more than \(RequestParser.maximumMaskPixels) pixels")
            }
            return result
        } catch let error as WireError {
            throw RequestFault(message: "mask.\(error.description)")
        }
    }

    /// Words, or nil for a null, which must be said too.
    func expression() throws -> String? {
        guard container.contains(RequestFields.Key("expression")) else {
            throw RequestFault(message: "expression is missing; give a string, or null for none")
        }
        guard let expression = try optional("expression", String.self) else { return nil }
        let limit = RequestParser.maximumExpressionBytes
        guard (1...limit).contains(expression.utf8.count) else {
            throw RequestFault(message: "expression must have 1…\(limit) bytes of UTF-8; null is none")
        }
        guard expression.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw RequestFault(message: "expression must have no control characters")
        }
        return expression
    }

    func topics() throws -> [Subscription.Topic]? {
        let key = RequestFields.Key("want")
        guard container.contains(key) else { return nil }
        var list = try container.nestedUnkeyedContainer(forKey: key)
        guard let count = list.count, count <= 16 else { throw RequestFault(message: "want must have at most 16 names") }
        var wanted: Set<Subscription.Topic> = []
        while !list.isAtEnd { wanted.insert(Subscription.Topic(rawValue: try list.decode(String.self))) }
        // Names of later versions are no error: such a client gets what this version has.
        return Subscription.Topic.all.filter(wanted.contains)
    }

    private static func coordinates(
        _ container: any UnkeyedDecodingContainer, count: Int, name: String
    ) throws -> [Float] {
        var container = container
        guard container.count == count else { throw RequestFault(message: "\(name) must have \(count) numbers") }
        var numbers: [Float] = []
        for _ in 0..<count {
            let number = try container.decode(Double.self)
            guard number >= 0, number <= 1 else {
                throw RequestFault(message: "\(name) must be within 0…1: coordinates are fractions of the frame")
            }
            numbers.append(Float(number))
        }
        return numbers
    }
}
