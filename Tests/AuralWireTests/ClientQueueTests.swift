import AuralCore
import AuralWire
import Testing

@Suite struct ClientQueueTests {
    private typealias Queue = ClientQueue<String>

    private func enqueueFrame(_ queue: inout Queue, _ sequence: UInt64, bytes: Int = 10) -> Queue.Action {
        queue.enqueue("frame \(sequence)", kind: .frame(sequence: sequence), byteCount: bytes)
    }

    /// Everything that goes out while each write succeeds at once.
    private func drain(_ queue: inout Queue) -> [String] {
        var result: [String] = []
        while let write = queue.nextWrite() {
            switch write {
            case .record(let payload, let byteCount):
                result.append(payload)
                queue.didWrite(byteCount: byteCount)
            case .dropped(let notice): result.append("dropped \(notice.from) \(notice.to) \(notice.count)")
            }
        }
        return result
    }

    @Test("a client that reads gets everything in order")
    func inOrder() {
        var queue = Queue(maximumBytes: 30, window: 20)
        var seen: [String] = []
        for sequence in 0..<100 as Range<UInt64> {
            #expect(enqueueFrame(&queue, sequence) == .write)
            if sequence % 2 == 0 { _ = queue.enqueue("reply \(sequence)", kind: .control, byteCount: 5) }
            seen += drain(&queue)
        }
        #expect(seen.count == 150 && queue.framesDropped == 0 && queue.waitingBytes == 0 && queue.bytesInFlight == 0)
        #expect(seen.prefix(3) == ["frame 0", "reply 0", "frame 1"])
    }

    @Test("latest: a client that does not read falls to the newest frame and is told before it")
    func latest() {
        var queue = Queue(maximumBytes: 30, window: 10)
        #expect(enqueueFrame(&queue, 0) == .write)
        guard case .record(_, let inFlight) = queue.nextWrite() else {
            Issue.record("the first frame goes out")
            return
        }
        for sequence in 1...100 as ClosedRange<UInt64> {
            #expect(enqueueFrame(&queue, sequence) == .wait)
            #expect(queue.waitingBytes <= 30)
            #expect(drain(&queue).isEmpty)
        }
        #expect(queue.enqueue("reply", kind: .control, byteCount: 5) == .wait)
        queue.didWrite(byteCount: inFlight)
        #expect(drain(&queue) == ["dropped 1 99 99", "frame 100", "reply"])
        #expect(queue.framesDropped == 99)
        _ = enqueueFrame(&queue, 101)
        #expect(drain(&queue) == ["frame 101"])
    }

    @Test("a record of any size reaches a client for whom nothing waits, under every policy", arguments: [DeliveryPolicy.latest, .disconnect])
    func largeRecordsForAnIdleClient(_ policy: DeliveryPolicy) {
        var queue = Queue(subscription: Subscription(policy: policy), maximumBytes: 30, window: 100)
        #expect(queue.enqueue("reply", kind: .control, byteCount: 500) == .write)
        #expect(drain(&queue) == ["reply"])
        #expect(enqueueFrame(&queue, 1, bytes: 500) == .write)
        #expect(drain(&queue) == ["frame 1"])
    }

    @Test("a frame larger than the bound still goes out; the frames before it do not")
    func oversized() {
        var queue = Queue(maximumBytes: 30, window: 1)
        _ = enqueueFrame(&queue, 1)
        _ = enqueueFrame(&queue, 2, bytes: 1_000)
        #expect(drain(&queue) == ["dropped 1 1 1", "frame 2"])
    }

    @Test("replies push frames out, and are never dropped themselves until they alone exceed the bound")
    func control() {
        var queue = Queue(maximumBytes: 30, window: 1)
        _ = queue.enqueue("in flight", kind: .control, byteCount: 1)
        _ = queue.nextWrite()
        _ = enqueueFrame(&queue, 1, bytes: 20)
        for index in 0..<6 { #expect(queue.enqueue("reply \(index)", kind: .control, byteCount: 5) == .wait) }
        #expect(queue.waitingBytes == 30 && queue.framesDropped == 1)
        #expect(queue.enqueue("too many", kind: .control, byteCount: 5) == .disconnect(.control))
        #expect(queue.enqueue("later", kind: .control, byteCount: 5) == .wait)
        queue.didWrite(byteCount: 1)
        #expect(drain(&queue) == [])
    }

    @Test("a notice waits for the next frame when replies go out first")
    func notice() {
        var queue = Queue(maximumBytes: 10, window: 1)
        _ = queue.enqueue("in flight", kind: .control, byteCount: 1)
        _ = queue.nextWrite()
        _ = enqueueFrame(&queue, 4)
        _ = queue.enqueue("reply", kind: .control, byteCount: 10)
        queue.didWrite(byteCount: 1)
        #expect(drain(&queue) == ["reply"])
        _ = enqueueFrame(&queue, 5)
        #expect(drain(&queue) == ["dropped 4 4 1", "frame 5"])
    }

    @Test("disconnect: the first frame that does not fit ends the connection")
    func disconnect() {
        var queue = Queue(subscription: Subscription(policy: .disconnect), maximumBytes: 30, window: 1)
        for sequence in 1...3 as ClosedRange<UInt64> { #expect(enqueueFrame(&queue, sequence) == .write) }
        #expect(enqueueFrame(&queue, 4) == .disconnect(.frames))
        #expect(drain(&queue) == [])
    }

    @Test("sample: every Nth frame")
    func sample() {
        var queue = Queue(subscription: Subscription(policy: .sample(every: 3)), maximumBytes: 100)
        var seen: [String] = []
        for sequence in 0..<8 as Range<UInt64> {
            _ = enqueueFrame(&queue, sequence)
            seen += drain(&queue)
        }
        #expect(seen == ["frame 0", "frame 3", "frame 6"])
    }

    @Test("a client gets only what it wants, and always its replies")
    func topics() {
        var queue = Queue(subscription: Subscription(topics: [.source]), maximumBytes: 100)
        #expect(enqueueFrame(&queue, 1) == .wait)
        #expect(queue.enqueue("source", kind: .source, byteCount: 1) == .write)
        queue.subscription.topics = []
        #expect(queue.enqueue("unwanted", kind: .source, byteCount: 1) == .wait)
        #expect(queue.enqueue("reply", kind: .control, byteCount: 1) == .write)
        #expect(drain(&queue) == ["source", "reply"])
    }

    @Test("random traffic keeps the bounds and loses no reply", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<300 {
            var queue = Queue(maximumBytes: 100, window: 40)
            var inFlight: [Int] = []
            var repliesIn = 0, repliesOut = 0, framesIn = 0, framesOut = 0, told = 0
            var isOpen = true
            for step in 0..<200 where isOpen {
                let bytes = Int.random(in: 1...30, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1, 2:
                    framesIn += 1
                    _ = queue.enqueue("f", kind: .frame(sequence: UInt64(step)), byteCount: bytes)
                case 3:
                    if case .disconnect = queue.enqueue("r", kind: .control, byteCount: bytes) {
                        isOpen = false
                    } else {
                        repliesIn += 1
                    }
                case 4:
                    while let write = queue.nextWrite() {
                        switch write {
                        case .record(let payload, let byteCount):
                            if payload == "r" { repliesOut += 1 } else { framesOut += 1 }
                            inFlight.append(byteCount)
                        case .dropped(let notice): told += notice.count
                        }
                    }
                default: if !inFlight.isEmpty { queue.didWrite(byteCount: inFlight.removeFirst()) }
                }
                #expect(queue.waitingBytes <= 130 && queue.bytesInFlight < 70, "one frame more than each bound")
            }
            guard isOpen else { continue }
            for bytes in inFlight { queue.didWrite(byteCount: bytes) }
            _ = queue.enqueue("f", kind: .frame(sequence: 1_000), byteCount: 1)
            for line in drain(&queue) {
                if line == "r" {
                    repliesOut += 1
                } else if line == "f" {
                    framesOut += 1
                } else {
                    told += Int(line.split(separator: " ")[3]) ?? 0
                }
            }
            #expect(repliesIn == repliesOut && framesIn + 1 == framesOut + told)
        }
    }
}
