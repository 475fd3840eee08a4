import AuralCore
import AuralWire
import Foundation
import Testing

@Suite struct RecordTests {
    private func object(_ id: Int = 1) throws -> FrameObject {
        let mask = try RunLengthMask(height: 3, width: 4, counts: [4, 2, 1, 2, 3])
        return FrameObject(objectID: ObjectID(id), kind: .prompt, score: 0.98765, iou: .nan, mask: mask)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a frame's keys stand in the order of the protocol, on one line")
    func frameText() throws {
        let record = FrameRecord(
            sequence: 7, time: MonoTime(nanoseconds: 123_456_789_012), timestampSource: .arrival, latencyMilliseconds: 12.34567,
            size: [480, 640], objects: [try object()], audio: .init(rmsDBFS: -.infinity, isSounding: false))
        #expect(
            text(record.encoded()) == """
                {"type":"frame","seq":7,"t_ns":123456789012,"ts_src":"arrival","latency_ms":12.346,"size":[480,640],"objects":[\
                {"object_id":1,"kind":"prompt","score":0.9876,"iou":0,"bbox":[1,1,2,2],"area":4,"counts":"42102","size":[3,4]}],\
                "audio":{"rms_dbfs":-120,"sounding":false}}

                """)
    }

    @Test("what is encoded is read back by Foundation and by our own decoder")
    func roundTrips() throws {
        let time = MonoTime(nanoseconds: 5)
        let frame = FrameRecord(
            sequence: .max, time: time, latencyMilliseconds: 1.5, size: [2, 2], objects: [try object(1), try object(1_000_000)])
        let source = SourceRecord(source: "cam0", medium: .video, state: .backoff, detail: "a \"quoted\" \\ \u{1} \n line ü 🎧")
        let status = StatusReport(
            version: "1", uptimeSeconds: 3.5, sources: [source], model: "tiny", engine: "openvino", hears: true, takesWords: false, sequence: 3,
            time: time,
            frames: 9,
            latencyMedianMilliseconds: 150.25, objects: [ObjectID(3)], clients: 2)
        let hello = HelloRecord(
            version: "0.1", bootID: "b", time: time, wallNanoseconds: 1, subscription: Subscription(policy: .sample(every: 3)),
            source: "replay", size: [1, 2])
        let cases: [([UInt8], ServerRecord)] = [
            (frame.encoded(), .frame(frame)), (source.encoded(), .source(source)), (hello.encoded(), .hello(hello)),
            (
                DroppedRecord(from: 1, to: 9, count: 4, reason: .slowReader).encoded(),
                .dropped(DroppedRecord(from: 1, to: 9, count: 4, reason: .slowReader))
            ),
            (
                Array("{\"type\":\"dropped\",\"from\":1,\"to\":9,\"n\":0,\"instances\":3,\"reason\":\"slow_reader\"}\n".utf8),
                .dropped(DroppedRecord(from: 1, to: 9, count: 0, instances: 3, reason: .slowReader))
            ),
        ]
        for (bytes, record) in cases {
            #expect(bytes.last == UInt8(ascii: "\n") && bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            #expect(try JSONSerialization.jsonObject(with: Data(bytes)) is [String: Any])
            if case .frame = record { continue }
            #expect(try ServerRecord(line: bytes) == record)
        }
        guard case .frame(let read) = try ServerRecord(line: frame.encoded()) else { throw TestFailure() }
        #expect(read.sequence == .max && read.objects.count == 2)
        #expect(try read.objects[0].mask() == RunLengthMask(height: 3, width: 4, counts: [4, 2, 1, 2, 3]))
        let reply = ReplyRecord(id: 4, verb: .status, status: status)
        #expect(try ServerRecord(line: reply.encoded()) == .reply(reply))
        let missed = DroppedRecord(from: 1, to: 9, count: 0, instances: 3, reason: .slowReader)
        #expect(text(missed.encoded()) == "{\"type\":\"dropped\",\"from\":1,\"to\":9,\"n\":0,\"instances\":3,\"reason\":\"slow_reader\"}\n")
        let sounding = FrameObject(objectID: .sounding, kind: .sounding, score: 1, iou: 1, mask: try RunLengthMask(height: 1, width: 1, counts: [1]))
        let heard = FrameRecord(sequence: 1, time: time, latencyMilliseconds: 1, size: [1, 1], objects: [sounding])
        #expect(text(heard.encoded()).contains(#"{"object_id":0,"kind":"sounding","score":1,"#))
        #expect(try ServerRecord(line: heard.encoded()) == .frame(heard))
        for code in ErrorRecord.Code.allCases {
            let error = ErrorRecord(code, "m", id: 1)
            #expect(try ServerRecord(line: error.encoded()) == .error(error))
        }
    }

    @Test("the reused encoder writes what the record alone does")
    func encoder() throws {
        var encoder = FrameRecordEncoder()
        for count in [3, 0, 5, 1] {
            let record = FrameRecord(
                sequence: 1, time: MonoTime(nanoseconds: 1), latencyMilliseconds: .nan, size: [1, 1],
                objects: try (0..<count).map { try object($0 + 1) })
            #expect(encoder.encode(record) { [UInt8]($0) } == record.encoded())
        }
    }

    @Test("clients ignore unknown fields and types, and refuse what is no record")
    func tolerance() throws {
        #expect(try ServerRecord(line: Array(#"{"type":"weather","sun":true}"#.utf8)) == .unknown(type: "weather"))
        #expect(
            try ServerRecord(line: Array(#"{"n":1,"new":{"a":[]},"type":"dropped","from":1,"to":1,"reason":"other"}"#.utf8))
                == .dropped(DroppedRecord(from: 1, to: 1, count: 1, reason: .init(rawValue: "other"))))
        for line in [
            "", "{}", "[]", "7", "{\"type\":7}", "{\"type\":\"frame\"}", "{\"type\":\"error\",\"code\":\"new\",\"message\":\"\"}",
        ] {
            #expect(throws: WireError.self, "\(line)") { try ServerRecord(line: Array(line.utf8)) }
        }
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: WireError.self) { try ServerRecord(line: bomb) }
    }

    @Test("every verb is encoded as the parser reads it")
    func requests() throws {
        let points = [PointPrompt(x: 0.1, y: 1, isPositive: true), PointPrompt(x: 0, y: 0.333_333_34, isPositive: false)]
        let box = BoxPrompt(left: 0.25, top: 0, right: 0.5, bottom: 1)
        let mask = try RunLengthMask(height: 3, width: 4, counts: [0, 12])
        let bodies: [(Request.Verb, Request.Body)] = [
            (.addPoints, .points(objectID: ObjectID(1), sequence: 1234, points: points, box: nil, replacing: false)),
            (.addPoints, .points(objectID: ObjectID(2), sequence: nil, points: points, box: box, replacing: true)),
            (.addBox, .points(objectID: ObjectID(2), sequence: nil, points: [], box: box, replacing: true)),
            (.addMask, .mask(objectID: ObjectID(1_000_000), sequence: 0, mask: mask)),
            (.removeObject, .removeObject(ObjectID(9))), (.removeObject, .removeObject(.sounding)), (.reset, .reset), (.status, .status),
            (.setExpression, .setExpression("a \"quoted\" ü 🐕")), (.setExpression, .setExpression(nil)),
            (.subscribe, .subscribe(policy: .sample(every: 5), topics: [])), (.hello, .subscribe(policy: nil, topics: [.frame])),
        ]
        for (verb, body) in bodies {
            // Who subscribes means all sources.
            let source = verb == .subscribe || verb == .hello ? nil : "cam0"
            let request = Request(id: 7, verb: verb, source: source, body: body)
            #expect(try RequestParser.parse(Array(request.encoded().dropLast())).get() == request, "\(verb)")
        }
    }

    struct TestFailure: Error {}
}
