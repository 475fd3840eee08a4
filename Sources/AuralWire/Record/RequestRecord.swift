import AuralCore
import Foundation

/// What a client had done, for clients that want `request`: with the frames' pictures and their sound all that it takes to do the same again.
///
/// It comes before the `frame` record with its `seq` where it took effect with that frame, else after it: then it changed what was shown last.
public struct RequestRecord: WireRecord {
    public static let type = "request"

    /// The frame on which it took effect; nil before the first one.
    public var sequence: UInt64?
    /// The request as it was, without its number; one that changes something.
    public var request: Request

    private enum CodingKeys: String, CodingKey {
        case request
        case sequence = "seq"
    }

    /// A request that took effect on a frame.
    public init(sequence: UInt64?, request: Request) {
        self.sequence = sequence
        self.request = request
        self.request.id = nil
    }

    /// A prompt that took effect on a frame; nil where its mask cannot be written down.
    public init?(sequence: UInt64?, object: ObjectID, prompt: Prompt) {
        switch prompt {
        case .points(let points, let box, let replacing):
            let body = Request.Body.points(objectID: object, sequence: nil, points: points, box: box, replacing: replacing)
            self.init(sequence: sequence, request: Request(id: nil, verb: points.isEmpty ? .addBox : .addPoints, body: body))
        case .mask(let mask):
            guard let runs = try? RunLengthMask(mask) else { return nil }
            self.init(sequence: sequence, request: Request(id: nil, verb: .addMask, body: .mask(objectID: object, sequence: nil, mask: runs)))
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try container.decodeIfPresent(UInt64.self, forKey: .sequence)
        let verb = try container.nestedContainer(keyedBy: RequestFields.Key.self, forKey: .request).decode(
            String.self, forKey: RequestFields.Key("verb"))
        guard let known = Request.Verb(rawValue: verb) else {
            throw DecodingError.dataCorruptedError(forKey: .request, in: container, debugDescription: "no verb of this version")
        }
        do {
            let fields = try RequestFields(from: container.superDecoder(forKey: .request), configuration: known)
            request = Request(id: nil, verb: known, source: fields.source, body: fields.body)
        } catch let fault as RequestFault {
            throw DecodingError.dataCorruptedError(forKey: .request, in: container, debugDescription: fault.message)
        }
    }

    public var kind: RecordKind { .request }

    public func write(to writer: inout FieldWriter) {
        if let sequence { writer.json.field("seq", sequence) }
        writer.json.key("request")
        request.write(to: &writer.json)
    }
}
