import AuralCore
import AuralWire
import Foundation
import Synchronization
import Testing

@testable import AuralPreview

@Suite struct PreviewFeedTests {
    private func frame(_ sequence: UInt64) -> ServerRecord {
        .frame(FrameRecord(sequence: sequence, time: MonoTime(nanoseconds: 1), latencyMilliseconds: 1, size: [1, 1], objects: []))
    }

    private func picture(_ sequence: UInt64) -> ServerRecord {
        .picture(PictureRecord(sequence: sequence, time: MonoTime(nanoseconds: 1), size: [1, 1], jpeg: Data([UInt8(sequence)])))
    }

    private func text(_ event: [UInt8]?) -> String { String(decoding: event ?? [], as: UTF8.self) }

    @Test("a browser is told first what holds, then what comes; pictures are kept for those who ask", .timeLimit(.minutes(5)))
    func events() async {
        let feed = PreviewFeed { _ in }
        feed.tell(isConnected: true, reason: "")
        feed.publish(.source(SourceRecord(source: "camera", medium: .video, state: .absent)))
        feed.publish(.source(SourceRecord(source: "camera", medium: .video, state: .streaming)))
        feed.publish(frame(1))
        var events = feed.listen().makeAsyncIterator()
        #expect(text(await events.next()) == "event: link\ndata: {\"connected\":true,\"reason\":\"\"}\n\n")
        #expect(text(await events.next()).contains("\"state\":\"streaming\""))
        feed.publish(picture(2))
        #expect(text(await events.next()) == "event: picture\ndata: 2\n\n")
        feed.publish(frame(2))
        let event = text(await events.next())
        #expect(event.hasPrefix("event: record\ndata: {\"type\":\"frame\",\"seq\":2,") && event.hasSuffix("}\n\n"))
        #expect(feed.picture(2) == Data([2]) && feed.picture(1) == nil)
        for sequence in 3..<30 as Range<UInt64> { feed.publish(picture(sequence)) }
        #expect(feed.picture(2) == nil && feed.picture(29) == Data([29]))
        feed.tell(isConnected: false, reason: "gone")
        #expect(feed.picture(29) == nil)
    }

    @Test("the hello is told before the sources, whose states it would else undo, and a new daemon's undoes them", .timeLimit(.minutes(5)))
    func order() async {
        let feed = PreviewFeed { _ in }
        let hello = HelloRecord(
            version: "1", bootID: "b", time: MonoTime(nanoseconds: 1), wallNanoseconds: 1, subscription: Subscription(), source: "camera")
        func meet(_ sources: [String]) async -> [String] {
            feed.publish(.hello(hello))
            for source in sources { feed.publish(.source(SourceRecord(source: source, medium: .video, state: .streaming))) }
            var events = feed.listen().makeAsyncIterator()
            var told: [String] = []
            for _ in 0..<(sources.count + 2) { told.append(text(await events.next())) }
            return told
        }
        for sources in [["a", "b", "c", "d", "e", "f", "g", "h"], ["z"]] {
            let told = await meet(sources)
            #expect(told[1].contains("\"hello\""))
            for (event, source) in zip(told.dropFirst(2), sources) { #expect(event.contains("\"source\":\"\(source)\"")) }
        }
    }

    @Test("a lost daemon's sources are forgotten, and its loss is told", .timeLimit(.minutes(5)))
    func lost() async {
        let feed = PreviewFeed { _ in }
        feed.publish(.source(SourceRecord(source: "camera", medium: .video, state: .streaming)))
        feed.tell(isConnected: false, reason: "gone \"away\"")
        var events = feed.listen().makeAsyncIterator()
        #expect(text(await events.next()).contains(#"{"connected":false,"reason":"gone \"away\""}"#))
        feed.beat()
        #expect(text(await events.next()) == ":\n\n")
    }

    @Test("a browser that does not read is cut off, others go on, and the count is told", .timeLimit(.minutes(5)))
    func slow() async {
        let counts = Mutex<[Int]>([])
        let feed = PreviewFeed { count in counts.withLock { $0.append(count) } }
        let slow = feed.listen()
        for sequence in 0..<UInt64(PreviewFeed.patience) { feed.publish(frame(sequence)) }
        #expect(feed.count == 0)
        var seen = 0
        for await _ in slow { seen += 1 }
        #expect(seen == PreviewFeed.patience && counts.withLock { $0 } == [1, 0])
    }

    @Test("a viewer of the stream gets the newest pictures, each with its head", .timeLimit(.minutes(5)))
    func stream() async {
        let feed = PreviewFeed { _ in }
        var parts = feed.watch().makeAsyncIterator()
        for sequence in 0..<9 as Range<UInt64> { feed.publish(picture(sequence)) }
        #expect(
            await parts.next() == Array("Content-Type: image/jpeg\r\nContent-Length: 1\r\nX-Sequence: 7\r\n\r\n".utf8) + [7]
                + Array("\r\n--aurald\r\n".utf8))
        #expect(await parts.next()?.dropLast(12).last == 8)
    }
}
