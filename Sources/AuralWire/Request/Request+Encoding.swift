import AuralCore

extension Request {
    /// The request as one line of JSON with its line feed, as `RequestParser` reads it.
    public func encoded() -> [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        json.endLine()
        return json.bytes
    }

    /// Adds the request as an object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if let id { json.field("id", id) }
        json.field("verb", verb.rawValue)
        if let source { json.field("source", source) }
        writeFields(to: &json)
        json.endObject()
    }

    private func writeFields(to json: inout JSONWriter) {
        switch body {
        case .points(let objectID, let sequence, let points, let box, let replacing):
            if let sequence { json.field("seq", sequence) }
            json.field("object_id", objectID.rawValue)
            if verb == .addPoints { Self.write(points, to: &json) }
            if let box { Self.write("box", [box.left, box.top, box.right, box.bottom], to: &json) }
            json.field("clear_old", replacing)
        case .mask(let objectID, let sequence, let mask):
            if let sequence { json.field("seq", sequence) }
            json.field("object_id", objectID.rawValue)
            json.key("mask")
            json.beginObject()
            json.field("size", [mask.height, mask.width])
            json.field("counts", mask.string)
            json.endObject()
        case .removeObject(let objectID): json.field("object_id", objectID.rawValue)
        case .setExpression(let expression): json.field("expression", expression)
        case .reset, .status: break
        case .subscribe(let policy, let topics):
            if let policy { json.field("policy", policy.description) }
            if let topics {
                json.key("want")
                json.beginArray()
                for topic in topics { json.value(topic.rawValue) }
                json.endArray()
            }
        }
    }

    private static func write(_ points: [PointPrompt], to json: inout JSONWriter) {
        json.key("points")
        json.beginArray()
        for point in points { writeNumbers([point.x, point.y], to: &json) }
        json.endArray()
        json.field("labels", points.map { $0.isPositive ? 1 : 0 })
    }

    private static func write(_ name: StaticString, _ numbers: [Float], to json: inout JSONWriter) {
        json.key(name)
        writeNumbers(numbers, to: &json)
    }

    private static func writeNumbers(_ numbers: [Float], to json: inout JSONWriter) {
        json.beginArray()
        for number in numbers { json.value(exactly: number) }
        json.endArray()
    }
}
