import AuralCore
import AuralWire
import Testing

@Suite struct InstanceRecordTests {
    private static func shape() throws -> InstanceRecord.Shape {
        var encoder = RunLengthEncoder()
        let logits: [Float] = [-1, -1, 1, 1, -1, 1]
        try logits.withUnsafeBufferPointer {
            try encoder.encode(logits: $0, logitsWidth: 3, logitsHeight: 2, width: 3, height: 2)
        }
        return InstanceRecord.Shape(encoder: encoder)
    }

    private static func text(_ record: InstanceRecord) -> String { String(decoding: record.encoded(), as: UTF8.self) }

    @Test("Each event has its fields in the order of the protocol, and is read back as it was")
    func fields() throws {
        let time = MonoTime(nanoseconds: 99)
        let begin = InstanceRecord(number: 3, isNew: true, sequence: 7, time: time, shape: try Self.shape())
        let place = #""object_id":0,"seq":7,"t_ns":99"#
        let mask = #""bbox":[0,0,3,2],"area":3,"counts":"1121","size":[2,3]"#
        let update = InstanceRecord(number: 3, isNew: false, sequence: 7, time: time, shape: try Self.shape())
        let end = InstanceRecord(number: 3, sequence: 7, time: time, reason: .init(rawValue: "silent"))
        #expect(Self.text(begin) == "{\"type\":\"instance\",\"event\":\"begin\",\"instance_id\":3,\(place),\(mask)}\n")
        #expect(Self.text(update) == "{\"type\":\"instance\",\"event\":\"update\",\"instance_id\":3,\(place),\(mask)}\n")
        #expect(Self.text(end) == "{\"type\":\"instance\",\"event\":\"end\",\"instance_id\":3,\(place),\"reason\":\"silent\"}\n")
        for record in [begin, update, end] { #expect(try ServerRecord(line: record.encoded()) == .instance(record)) }
        #expect(try begin.shape?.mask() == RunLengthMask(height: 2, width: 3, counts: [1, 1, 2, 2]))
        #expect(begin.kind == .instance(number: 3, event: .begin, sequence: 7))
    }

    @Test(
        "What is no instance is refused",
        arguments: [
            #"{"type":"instance"}"#, #"{"type":"instance","event":"pause","instance_id":1,"object_id":0,"seq":1,"t_ns":1}"#,
            #"{"type":"instance","event":"end","instance_id":1,"object_id":0,"seq":1,"t_ns":1}"#,
            #"{"type":"instance","event":"begin","instance_id":1,"object_id":0,"seq":1,"t_ns":1}"#,
            #"{"type":"instance","event":"begin","instance_id":1,"object_id":0,"seq":1,"t_ns":1,"bbox":[1],"area":1,"counts":"","size":[1,1]}"#,
            #"{"type":"instance","event":"end","instance_id":-1,"object_id":0,"seq":1,"t_ns":1,"reason":"lost"}"#,
        ])
    func faults(line: String) {
        #expect(throws: WireError.self) { try ServerRecord(line: Array(line.utf8)) }
    }
}
