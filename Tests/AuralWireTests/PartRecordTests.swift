import AuralCore
import AuralWire
import Foundation
import Testing

@Suite struct PartRecordTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("pictures, sound and spectrograms stand in the order of the protocol, with their bytes in base64")
    func texts() {
        let time = MonoTime(nanoseconds: 9)
        #expect(
            text(PictureRecord(sequence: 3, time: time, size: [2, 4], jpeg: Data([0xFF, 0xD8, 0, 1])).encoded())
                == #"{"type":"picture","seq":3,"t_ns":9,"size":[2,4],"format":"jpeg","data":"/9gAAQ=="}"# + "\n")
        #expect(
            text(SoundRecord(sequence: 3, time: time, first: 480, rate: 48_000, channels: 1, samples: Data([1, 0])).encoded())
                == #"{"type":"sound","seq":3,"t_ns":9,"first":480,"rate":48000,"channels":1,"format":"s16le","data":"AQA="}"# + "\n")
        let spectrogram = SpectrogramRecord(sequence: 3, end: time, logMel: [-4.6052, -4.4052, 5, -4.6052, -4.4852, 99], bands: 3)
        #expect(
            text(spectrogram.encoded())
                == #"{"type":"spectrogram","seq":3,"t_ns":9,"columns":1,"bands":3,"floor":-4.6052,"step":0.04,"data":"AAT/"}"# + "\n")
    }

    @Test("they are read back as they were")
    func roundTrips() throws {
        let time = MonoTime(nanoseconds: 5)
        let bytes = Data((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        let picture = PictureRecord(sequence: .max, time: time, size: [480, 640], jpeg: bytes)
        #expect(try ServerRecord(line: picture.encoded()) == .picture(picture))
        let sound = SoundRecord(sequence: 1, time: time, first: -7, rate: 44_100, channels: 2, samples: bytes)
        #expect(try ServerRecord(line: sound.encoded()) == .sound(sound))
        let spectrogram = SpectrogramRecord(sequence: 1, end: time, logMel: [Float](repeating: 1, count: 2 * 96 * 64), bands: 64)
        #expect(spectrogram.columns == 96 && spectrogram.data.count == 96 * 64)
        #expect(try ServerRecord(line: spectrogram.encoded()) == .spectrogram(spectrogram))
    }

    @Test("values that are no numbers, and none at all, make a spectrogram all the same")
    func odd() {
        let odd = SpectrogramRecord(sequence: 0, end: MonoTime(nanoseconds: 0), logMel: [.nan, .infinity, -.infinity, 0], bands: 1)
        #expect(odd.columns == 2 && odd.data.first == 0)
        #expect(SpectrogramRecord(sequence: 0, end: MonoTime(nanoseconds: 0), logMel: [], bands: 0).data.isEmpty)
    }

    @Test("what is not base64 is no record")
    func broken() {
        let line = #"{"type":"picture","seq":3,"t_ns":9,"size":[2,4],"format":"jpeg","data":"***"}"#
        #expect(throws: WireError.self) { try ServerRecord(line: Array(line.utf8)) }
    }

    @Test("only who asks gets them, and who has no time loses those of older frames and is told how many")
    func queue() {
        var plain = ClientQueue<String>(maximumBytes: 30, window: 10)
        #expect(plain.enqueue("picture", kind: .part(.picture, sequence: 1), byteCount: 5) == .wait && plain.isEmpty)

        var queue = ClientQueue<String>(subscription: Subscription(topics: [.frame, .picture]), maximumBytes: 30, window: 10)
        #expect(queue.bound == 16 * 30)
        #expect(queue.enqueue("frame 0", kind: .frame(sequence: 0), byteCount: 10) == .write)
        guard case .record(_, let inFlight) = queue.nextWrite() else {
            Issue.record("the first frame goes out")
            return
        }
        for sequence in 1...4 as ClosedRange<UInt64> {
            _ = queue.enqueue("frame \(sequence)", kind: .frame(sequence: sequence), byteCount: 10)
            _ = queue.enqueue("picture \(sequence)", kind: .part(.picture, sequence: sequence), byteCount: 300)
            _ = queue.enqueue("sound \(sequence)", kind: .part(.sound, sequence: sequence), byteCount: 300)
        }
        queue.didWrite(byteCount: inFlight)
        var out: [String] = []
        while let write = queue.nextWrite() {
            switch write {
            case .record(let payload, let count):
                out.append(payload)
                queue.didWrite(byteCount: count)
            case .dropped(let notice): out.append("dropped \(notice.from)-\(notice.to) \(notice.count) \(notice.parts ?? 0)")
            }
        }
        #expect(out == ["dropped 1-3 3 3", "frame 4", "picture 4"])
        #expect(queue.partsDropped == 3 && queue.recordsDropped == 6)
    }

    @Test("a sampled client gets the pictures of its frames alone")
    func sampled() {
        var queue = ClientQueue<UInt64>(
            subscription: Subscription(policy: .sample(every: 3), topics: [.frame, .picture]), maximumBytes: 1000, window: 1000)
        var pictures: [UInt64] = []
        for sequence in 0..<9 as Range<UInt64> {
            for kind in [RecordKind.frame(sequence: sequence), .part(.picture, sequence: sequence)] {
                _ = queue.enqueue(sequence, kind: kind, byteCount: 1)
                while case .record(let payload, let count)? = queue.nextWrite() {
                    if case .part = kind { pictures.append(payload) }
                    queue.didWrite(byteCount: count)
                }
            }
        }
        #expect(pictures == [0, 3, 6])
    }
}
