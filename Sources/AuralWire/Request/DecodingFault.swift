/// The field and the fault of a `DecodingError`, in words for the one who wrote the line.
struct DecodingFault {
    /// The path of the field, like `points[2][0]`; empty for the whole line.
    let field: String
    /// One line: the field, where there is one, and what is wrong.
    let description: String

    init(_ error: any Error) {
        let context: DecodingError.Context?
        let fault: String
        switch error {
        case DecodingError.typeMismatch(let type, let found):
            context = found
            fault = "must be \(Self.name(of: type))"
        case DecodingError.valueNotFound(let type, let found):
            context = found
            fault = "must be \(Self.name(of: type)), not null"
        case DecodingError.keyNotFound(let key, let found):
            field = Self.path(found.codingPath + [key])
            description = "\(field) is missing"
            return
        case DecodingError.dataCorrupted(let found):
            context = found
            // Without a path it is Foundation's report on the syntax, which names no field.
            fault = found.codingPath.isEmpty ? "the line is not valid JSON" : found.debugDescription
        default:
            context = nil
            fault = "the line is not valid JSON"
        }
        field = Self.path(context?.codingPath ?? [])
        description = field.isEmpty ? fault.hasPrefix("must") ? "the line \(fault)" : fault : "\(field) \(fault)"
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is Bool.Type: "true or false"
        case is String.Type: "a string"
        case is Double.Type, is Float.Type: "a number"
        case is any FixedWidthInteger.Type: "a whole number"
        case is [String: Any].Type: "an object"
        case is any RandomAccessCollection.Type: "an array"
        default: "of another type"
        }
    }
}
