import AuralCore
import Foundation

/// A field of a request that is there but not permitted.
struct RequestFault: Error {
    let message: String
}

/// The fields of a request other than its id and verb; which of them are permitted depends on the verb.
struct RequestFields: DecodableWithConfiguration {
    let source: String?
    let body: Request.Body

    struct Key: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(_ name: String) {
            stringValue = name
            intValue = nil
        }

        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder, configuration verb: Request.Verb) throws {
        let fields = try RequestFieldReader(decoder)
        try fields.expect(Self.names(of: verb), verb: verb)
        // These are about the connection.
        source = verb == .subscribe || verb == .hello ? nil : try fields.optional("source", String.self)
        switch verb {
        case .addPoints:
            let points = try fields.points()
            let box = try fields.box(isRequired: false)
            let replacing = try fields.optional("clear_old", Bool.self) ?? true
            guard !points.isEmpty || box != nil else { throw RequestFault(message: "points must have at least one point") }
            // Upstream refuses this too: the box must come before all clicks.
            guard replacing || box == nil else { throw RequestFault(message: "clear_old must be true where there is a box") }
            body = .points(
                objectID: try fields.objectID(), sequence: try fields.sequence(), points: points, box: box, replacing: replacing)
        case .addBox:
            guard try fields.optional("clear_old", Bool.self) ?? true else {
                throw RequestFault(message: "clear_old must be true where there is a box")
            }
            body = .points(
                objectID: try fields.objectID(), sequence: try fields.sequence(), points: [],
                box: try fields.box(isRequired: true),
                replacing: true)
        case .addMask:
            body = .mask(objectID: try fields.objectID(), sequence: try fields.sequence(), mask: try fields.mask())
        case .removeObject: body = .removeObject(try fields.objectID())
        case .reset: body = .reset
        case .setExpression: body = .setExpression(try fields.expression())
        case .status: body = .status
        case .subscribe, .hello:
            body = .subscribe(policy: try fields.optional("policy", DeliveryPolicy.self), topics: try fields.topics())
        }
    }

    private static func names(of verb: Request.Verb) -> [String] {
        switch verb {
        case .addPoints: ["seq", "object_id", "points", "labels", "box", "clear_old"]
        case .addBox: ["seq", "object_id", "box", "clear_old"]
        case .addMask: ["seq", "object_id", "mask"]
        case .removeObject: ["object_id"]
        case .setExpression: ["expression"]
        case .reset, .status: []
        case .subscribe, .hello: ["policy", "want"]
        }
    }
}
