import AuralCore
import AuralWire
import Testing

@Suite struct ClientQueueInstanceTests {
    private typealias Queue = ClientQueue<String>

    /// A queue whose client has not read yet what is on its way.
    private func full(maximumBytes: Int = 30, policy: DeliveryPolicy = .latest, topics: [Subscription.Topic] = Subscription.Topic.standard) -> Queue {
        var queue = Queue(subscription: Subscription(policy: policy, topics: topics), maximumBytes: maximumBytes, window: 1)
        _ = queue.enqueue("in flight", kind: .control, byteCount: 1)
        _ = queue.nextWrite()
        return queue
    }

    private func frame(_ queue: inout Queue, _ sequence: UInt64, bytes: Int = 10) -> Queue.Action {
        queue.enqueue("frame \(sequence)", kind: .frame(sequence: sequence), byteCount: bytes)
    }

    private func instance(
        _ queue: inout Queue, _ event: InstanceRecord.Event, _ number: UInt64, _ sequence: UInt64, bytes: Int = 10
    ) -> Queue.Action {
        queue.enqueue("\(event) \(number)@\(sequence)", kind: .instance(number: number, event: event, sequence: sequence), byteCount: bytes)
    }

    /// Everything that goes out while each write succeeds at once.
    private func drain(_ queue: inout Queue) -> [String] {
        queue.didWrite(byteCount: queue.bytesInFlight)
        var result: [String] = []
        while let write = queue.nextWrite() {
            switch write {
            case .record(let payload, let byteCount):
                result.append(payload)
                queue.didWrite(byteCount: byteCount)
            case .dropped(let notice): result.append("dropped \(notice.from) \(notice.to) \(notice.count) \(notice.instances ?? 0)")
            }
        }
        return result
    }

    @Test("A client that fell behind gets begin and end, and the newest frame with what fits of its updates")
    func latest() {
        var queue = full(maximumBytes: 45)
        #expect(frame(&queue, 1) == .wait && instance(&queue, .begin, 1, 1) == .wait)
        for sequence in 2...50 as ClosedRange<UInt64> {
            #expect(frame(&queue, sequence) == .wait && instance(&queue, .update, 1, sequence) == .wait)
        }
        #expect(frame(&queue, 51) == .wait && instance(&queue, .end, 1, 51, bytes: 6) == .wait)
        #expect(drain(&queue) == ["dropped 1 50 50 49", "begin 1@1", "frame 51", "end 1@51"])
        #expect(queue.framesDropped == 50 && queue.instancesDropped == 49 && queue.recordsDropped == 99)
        _ = frame(&queue, 52)
        _ = instance(&queue, .update, 2, 52)
        #expect(drain(&queue) == ["frame 52", "update 2@52"])
    }

    @Test("An update never pushes its own frame out: it is left out, and said to be")
    func updateOfLargeFrame() {
        var queue = full()
        _ = frame(&queue, 1, bytes: 28)
        #expect(instance(&queue, .update, 1, 1) == .wait)
        #expect(drain(&queue) == ["dropped 1 1 0 1", "frame 1"])
    }

    @Test("A begin pushes frames out, its own last")
    func begin() {
        var queue = full()
        _ = frame(&queue, 1)
        _ = frame(&queue, 2)
        _ = instance(&queue, .begin, 1, 2, bytes: 20)
        #expect(drain(&queue) == ["dropped 1 1 1 0", "frame 2", "begin 1@2"])
        queue = full()
        _ = frame(&queue, 1)
        _ = frame(&queue, 2)
        _ = instance(&queue, .begin, 1, 2, bytes: 25)
        #expect(drain(&queue) == ["dropped 1 2 2 0", "begin 1@2"])
    }

    @Test("Of instances that begin and end unseen nothing is sent where there is no room, and the others are not lost by it")
    func lives() {
        var queue = full()
        _ = instance(&queue, .begin, 1, 1)
        for number in 2...100 as ClosedRange<UInt64> {
            #expect(instance(&queue, .begin, number, number) == .wait, "\(number)")
            #expect(instance(&queue, .end, number, number + 1) == .wait, "\(number)")
            #expect(queue.waitingBytes <= 30)
        }
        #expect(instance(&queue, .end, 1, 102, bytes: 5) == .wait)
        _ = frame(&queue, 103)
        #expect(drain(&queue) == ["dropped 1 102 0 200", "frame 103"])
        queue = full()
        _ = instance(&queue, .begin, 1, 1)
        for (event, number) in [(.begin, 2), (.end, 2), (.begin, 3)] as [(InstanceRecord.Event, UInt64)] {
            _ = instance(&queue, event, number, 2)
        }
        #expect(drain(&queue) == ["dropped 2 2 0 2", "begin 1@1", "begin 3@2"])
    }

    @Test("The end of an instance that the client knows is never left out; if it does not fit the connection is closed")
    func knownEnds() {
        var queue = full()
        for number in 1...3 as ClosedRange<UInt64> { #expect(instance(&queue, .end, number, 9) == .wait) }
        #expect(instance(&queue, .end, 4, 9) == .disconnect(.control))
        queue = full()
        for number in 1...3 as ClosedRange<UInt64> { #expect(instance(&queue, .begin, number, 9) == .wait) }
        #expect(queue.enqueue("reply", kind: .control, byteCount: 1) == .disconnect(.control))
    }

    @Test("sample: updates come with the frames that come, begin and end always; without frames every Nth frame's updates come")
    func sample() {
        var queue = full(maximumBytes: 1000, policy: .sample(every: 3))
        for sequence in 0..<7 as Range<UInt64> {
            _ = frame(&queue, sequence)
            _ = instance(&queue, .update, 1, sequence)
            _ = instance(&queue, .update, 2, sequence)
        }
        _ = instance(&queue, .end, 1, 8)
        #expect(
            drain(&queue) == [
                "frame 0", "update 1@0", "update 2@0", "frame 3", "update 1@3", "update 2@3", "frame 6", "update 1@6", "update 2@6", "end 1@8",
            ])
        queue = full(maximumBytes: 1000, policy: .sample(every: 2), topics: [.instance])
        for sequence in 0..<4 as Range<UInt64> {
            _ = frame(&queue, sequence)
            _ = instance(&queue, .update, 1, sequence)
        }
        #expect(drain(&queue) == ["update 1@0", "update 1@2"])
    }

    @Test("disconnect: an update that does not fit ends the connection; who does not want instances gets none")
    func policies() {
        var queue = full(policy: .disconnect)
        _ = frame(&queue, 1, bytes: 28)
        #expect(instance(&queue, .update, 1, 1) == .disconnect(.frames))
        #expect(queue.framesDropped == 1 && queue.instancesDropped == 1)
        queue = full(topics: [.frame])
        for event in [InstanceRecord.Event.begin, .update, .end] { #expect(instance(&queue, event, 1, 1) == .wait) }
        #expect(drain(&queue) == [])
    }

    @Test("Random traffic: every record is sent or told of, and of each instance begin and end come both or neither", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seed: 17)
        var (dropped, closed) = (0, 0)
        for _ in 0..<300 {
            var queue = Queue(maximumBytes: 200, window: 40)
            var inFlight: [Int] = []
            var (put, out, told) = (0, 0, 0)
            var lives: Set<UInt64> = []
            var next: UInt64 = 1
            var sent: [String] = []
            func take(_ write: Queue.Write) {
                switch write {
                case .record(let payload, let byteCount):
                    out += 1
                    sent.append(payload)
                    inFlight.append(byteCount)
                case .dropped(let notice):
                    #expect(notice.from <= notice.to && notice.count + (notice.instances ?? 0) > 0)
                    told += notice.count + (notice.instances ?? 0)
                }
            }
            var isOpen = true
            for step in 1...200 as ClosedRange<UInt64> where isOpen {
                let bytes = Int.random(in: 1...30, using: &random)
                var actions = [frame(&queue, step, bytes: bytes)]
                for number in lives.sorted() {
                    if Int.random(in: 0..<4, using: &random) == 0 {
                        actions.append(instance(&queue, .end, number, step, bytes: 2))
                        lives.remove(number)
                    } else {
                        actions.append(instance(&queue, .update, number, step, bytes: bytes))
                    }
                }
                if lives.count < 3, Bool.random(using: &random) {
                    actions.append(instance(&queue, .begin, next, step, bytes: bytes))
                    lives.insert(next)
                    next += 1
                }
                put += actions.count
                #expect(queue.waitingBytes <= 230)
                isOpen = !actions.contains { if case .disconnect = $0 { true } else { false } }
                if Int.random(in: 0..<3, using: &random) == 0 { while let write = queue.nextWrite() { take(write) } }
                if !inFlight.isEmpty, Bool.random(using: &random) { queue.didWrite(byteCount: inFlight.removeFirst()) }
            }
            dropped += queue.recordsDropped
            guard isOpen else {
                closed += 1
                continue
            }
            while !queue.isEmpty {
                while let write = queue.nextWrite() { take(write) }
                if !inFlight.isEmpty { queue.didWrite(byteCount: inFlight.removeFirst()) }
            }
            // The notice of what was left out last comes with the next frame.
            _ = frame(&queue, 1000)
            put += 1
            while let write = queue.nextWrite() { take(write) }
            #expect(put == out + told)
            for number in 1..<next where !lives.contains(number) {
                #expect(sent.contains { $0.hasPrefix("begin \(number)@") } == sent.contains { $0.hasPrefix("end \(number)@") }, "\(number)")
            }
            for number in lives { #expect(sent.contains { $0.hasPrefix("begin \(number)@") }) }
        }
        #expect(dropped > 10_000 && closed < 300)
    }
}
