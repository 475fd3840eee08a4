import AuralCore
import AuralWire
import Testing

@Suite struct RequestRecordTests {
    private let points = [PointPrompt(x: 0.25, y: 1, isPositive: true)]

    @Test("every request that changes something comes back from its record, without its number")
    func roundTrip() throws {
        let mask = try RunLengthMask(height: 3, width: 4, counts: [0, 12])
        let requests = [
            Request(id: 4, verb: .addPoints, body: .points(objectID: ObjectID(1), sequence: nil, points: points, box: nil, replacing: false)),
            Request(id: nil, verb: .addMask, source: "cam", body: .mask(objectID: ObjectID(3), sequence: nil, mask: mask)),
            Request(id: nil, verb: .removeObject, body: .removeObject(ObjectID(9))), Request(id: 1, verb: .reset, body: .reset),
            Request(id: 2, verb: .setExpression, body: .setExpression("a \"drum\"")), Request(id: 2, verb: .setExpression, body: .setExpression(nil)),
        ]
        for (request, sequence) in zip(requests, [5, nil, 7, 0, 1, 2] as [UInt64?]) {
            var bare = request
            bare.id = nil
            let record = try ServerRecord(line: RequestRecord(sequence: sequence, request: request).encoded())
            guard case .request(let read) = record else { throw WireError(.invalidRecord, "\(record)") }
            #expect(read.sequence == sequence && read.request == bare)
        }
    }

    @Test("coordinates come back as they were, however near they are to each other")
    func exactCoordinates() throws {
        let box = BoxPrompt(left: 1e-12, top: .leastNormalMagnitude, right: 2e-12, bottom: 1)
        let points = [PointPrompt(x: 0.1, y: 1 / 3, isPositive: true), PointPrompt(x: 0, y: Float(1).nextDown, isPositive: false)]
        let body = Request.Body.points(objectID: ObjectID(1), sequence: nil, points: points, box: box, replacing: true)
        let record = RequestRecord(sequence: 1, request: Request(id: nil, verb: .addPoints, body: body))
        #expect(try ServerRecord(line: record.encoded()) == .request(record))
    }

    @Test("a prompt becomes the request that it stands for")
    func prompts() throws {
        let box = BoxPrompt(left: 0, top: 0, right: 1, bottom: 1)
        #expect(RequestRecord(sequence: 1, object: ObjectID(2), prompt: .points([], box: box, replacing: true))?.request.verb == .addBox)
        #expect(RequestRecord(sequence: 1, object: ObjectID(2), prompt: .points(points, box: box, replacing: true))?.request.verb == .addPoints)
        let mask = try #require(BinaryMask(width: 2, height: 1, pixels: [0, 1]))
        #expect(RequestRecord(sequence: 1, object: ObjectID(2), prompt: .mask(mask))?.request.verb == .addMask)
    }

    @Test(
        "a record with a request that is none is refused",
        arguments: [
            #"{"type":"request"}"#, #"{"type":"request","request":{}}"#, #"{"type":"request","request":{"verb":"dance"}}"#,
            #"{"type":"request","seq":-1,"request":{"verb":"reset"}}"#, #"{"type":"request","request":{"verb":"add_box","object_id":1}}"#,
        ])
    func wrong(line: String) {
        #expect(throws: WireError.self) { try ServerRecord(line: Array(line.utf8)) }
    }
}
