import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct FrameMailboxTests {
    private func frame(_ sequence: UInt64) throws -> Frame {
        Frame(
            sequence: sequence, time: MonoTime(nanoseconds: Int64(sequence)), image: try #require(RGBImage(width: 1, height: 1)))
    }

    /// The name of what an action is, for comparing.
    private func name(_ action: FrameMailboxState<String>.OfferAction) -> String {
        switch action {
        case .handOver(let taker): "hand over to \(taker)"
        case .stored: "stored"
        case .replaced: "replaced"
        case .wait: "wait"
        case .closed: "closed"
        }
    }

    private func name(_ action: FrameMailboxState<String>.TakeAction) -> String {
        switch action {
        case .frame(let frame, let wakes): "frame \(frame.sequence)\(wakes ? ", wake" : "")"
        case .wait: "wait"
        case .closed: "closed"
        }
    }

    @Test("live: the newest wins and drops are counted")
    func live() throws {
        var state = FrameMailboxState<String>(pressure: .live)
        #expect(name(state.offer(try frame(0))) == "stored")
        #expect(name(state.offer(try frame(1))) == "replaced")
        #expect(name(state.offer(try frame(2))) == "replaced")
        #expect(state.droppedCount == 2)
        #expect(name(state.take(id: 0, "a")) == "frame 2")
        #expect(name(state.take(id: 1, "a")) == "wait")
        #expect(name(state.take(id: 2, "b")) == "wait")
        #expect(name(state.offer(try frame(3))) == "hand over to a")
        #expect(name(state.offer(try frame(4))) == "hand over to b")
        #expect(name(state.offer(try frame(5))) == "stored")
        #expect(state.droppedCount == 2)
    }

    @Test("wait: the producer sleeps until there is room, and nothing is dropped")
    func wait() throws {
        var state = FrameMailboxState<String>(pressure: .wait)
        #expect(name(state.offer(try frame(0))) == "stored")
        #expect(name(state.offer(try frame(1))) == "wait")
        #expect(name(state.take(id: 0, "a")) == "frame 0, wake")
        #expect(name(state.offer(try frame(1))) == "stored")
        #expect(name(state.take(id: 1, "a")) == "frame 1")
        #expect(state.droppedCount == 0)
    }

    @Test("closing wakes everybody; the last frame can still be taken")
    func close() throws {
        var state = FrameMailboxState<String>(pressure: .wait)
        _ = state.offer(try frame(0))
        _ = state.offer(try frame(1))
        let sleepers = state.close()
        #expect(sleepers.takers.isEmpty && sleepers.producers == 1)
        #expect(name(state.offer(try frame(1))) == "closed")
        #expect(name(state.take(id: 0, "a")) == "frame 0")
        #expect(name(state.take(id: 1, "a")) == "closed")
        var empty = FrameMailboxState<String>(pressure: .live)
        _ = empty.take(id: 0, "a")
        _ = empty.take(id: 1, "b")
        #expect(empty.cancel(id: 0) == "a")
        #expect(empty.cancel(id: 0) == nil)
        #expect(empty.close().takers == ["b"])
        #expect(empty.isClosed && empty.close().takers.isEmpty)
    }

    @Test("a thousand frames go through a waiting mailbox in order, none lost", .timeLimit(.minutes(5)))
    func throughput() async throws {
        let mailbox = FrameMailbox(pressure: .wait)
        let image = try #require(RGBImage(width: 1, height: 1))
        let producer = Thread {
            for sequence in 0..<1000 as Range<UInt64> {
                mailbox.offer(Frame(sequence: sequence, time: MonoTime(nanoseconds: 0), image: image))
            }
            mailbox.close()
        }
        producer.start()
        var next: UInt64 = 0
        while let frame = await mailbox.take() {
            #expect(frame.sequence == next)
            next += 1
        }
        #expect(next == 1000)
        #expect(mailbox.droppedCount == 0)
    }

    @Test("a live mailbox loses what was not taken, and counts it", .timeLimit(.minutes(5)))
    func dropping() async throws {
        let mailbox = FrameMailbox(pressure: .live)
        for sequence in 0..<5 as Range<UInt64> { #expect(mailbox.offer(try frame(sequence))) }
        #expect(await mailbox.take()?.sequence == 4)
        #expect(mailbox.droppedCount == 4)
        mailbox.close()
        #expect(await mailbox.take() == nil)
        #expect(!mailbox.offer(try frame(9)))
    }

    @Test("a cancelled taker gets nothing and takes nothing away", .timeLimit(.minutes(5)))
    func cancellation() async throws {
        let mailbox = FrameMailbox(pressure: .live)
        let task = Task { await mailbox.take()?.sequence }
        task.cancel()
        #expect(await task.value == nil)
        mailbox.offer(try frame(7))
        #expect(await mailbox.take()?.sequence == 7)
    }
}
