import AuralCore
import AuralWire
import Foundation
import Testing

@testable import AuralService

@Suite struct RecordingOrderTests {
    private func frame(_ sequence: UInt64) -> ServerRecord {
        .frame(FrameRecord(sequence: sequence, time: MonoTime(nanoseconds: 0), latencyMilliseconds: 0, size: [1, 1], objects: []))
    }

    private func picture(_ sequence: UInt64) -> ServerRecord {
        .picture(PictureRecord(sequence: sequence, time: MonoTime(nanoseconds: 0), size: [1, 1], jpeg: Data()))
    }

    private let request = ServerRecord.request(RequestRecord(sequence: 3, request: Request(id: nil, verb: .reset, body: .reset)))

    @Test("frames that came before their pictures were wanted are left out, and what came with them")
    func start() {
        var order = RecordingOrder()
        #expect(order.take(request) == [] && order.take(frame(1)) == [] && order.take(frame(2)) == [] && order.take(picture(1)) == [])
        #expect(order.take(frame(3)) == [] && order.take(request) == [])
        #expect(order.take(picture(3)) == [frame(3), request, picture(3)])
    }

    @Test("a frame waits for its picture, or for the next frame where that is lost")
    func pairs() {
        var order = RecordingOrder()
        _ = order.take(frame(3))
        _ = order.take(picture(3))
        #expect(order.take(request) == [request])
        #expect(order.take(frame(4)) == [] && order.take(request) == [] && order.take(frame(5)) == [frame(4), request])
        #expect(order.take(picture(5)) == [frame(5), picture(5)])
    }
}
