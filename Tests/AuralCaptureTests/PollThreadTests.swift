import AuralCapture
import AuralCore
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct PollThreadTests {
    /// An actor that counts on its thread.
    private actor Counter {
        private let thread: PollThread
        private var count = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(_ thread: PollThread) { self.thread = thread }

        func add() -> Int {
            count += 1
            return count
        }

        nonisolated func addSynchronously() -> Int { assumeIsolated { $0.add() } }
        func threadName() -> String {
            (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))?.trimmingCharacters(in: .newlines) ?? ""
        }
    }

    /// Waits for one descriptor or a time, and tells what came on the thread.
    private final class Loop: PollLoop {
        let descriptor: Int32
        let deadline: Mutex<MonoTime?>
        let report: @Sendable ([Int16], MonoTime) -> Void

        init(_ descriptor: Int32, deadline: MonoTime? = nil, _ report: @escaping @Sendable ([Int16], MonoTime) -> Void) {
            self.descriptor = descriptor
            self.deadline = Mutex(deadline)
            self.report = report
        }

        func prepare(_ descriptors: inout [pollfd]) -> MonoTime? {
            descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            return deadline.withLock { $0 }
        }

        func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime) {
            deadline.withLock { $0 = nil }
            var byte: UInt8 = 0
            _ = read(descriptor, &byte, 1)
            report(descriptors.map(\.revents), now)
        }
    }

    private static func makePipe() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    @Test("an actor's work runs on the one thread, in order, under its name", .timeLimit(.minutes(5)))
    func actorWork() async {
        let counter = Counter(PollThread(name: "poll test"))
        #expect(await counter.threadName() == "poll test")
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { await counter.add() } }
            var seen: [Int] = []
            for await count in group { seen.append(count) }
            #expect(seen.sorted() == Array(1...200))
        }
    }

    @Test("what a descriptor brings comes on the actor's thread, once for each time", .timeLimit(.minutes(5)))
    func descriptors() async {
        let thread = PollThread(name: "poll test")
        let counter = Counter(thread)
        let pipe = Self.makePipe()
        let (stream, reporter) = AsyncStream<Int>.makeStream()
        let loop = Loop(pipe.reader) { events, _ in
            // On any other thread this would trap.
            if events == [Int16(POLLIN)] { reporter.yield(counter.addSynchronously()) }
        }
        thread.attach(loop)
        var counts = stream.makeAsyncIterator()
        for number in 1...5 {
            var byte: UInt8 = 1
            _ = write(pipe.writer, &byte, 1)
            #expect(await counts.next() == number)
        }
        thread.detach()
        // Work goes on without a loop.
        #expect(await counter.add() == 6)
        _ = close(pipe.reader)
        _ = close(pipe.writer)
    }

    @Test("a time that has come wakes the thread, not before it", .timeLimit(.minutes(5)))
    func deadline() async {
        let thread = PollThread(name: "poll test")
        let pipe = Self.makePipe()
        let due = SystemTimeSource().now().advanced(byNanoseconds: 20_000_000)
        let (stream, reporter) = AsyncStream<(events: [Int16], now: MonoTime)>.makeStream()
        thread.attach(Loop(pipe.reader, deadline: due) { reporter.yield(($0, $1)) })
        var reports = stream.makeAsyncIterator()
        let report = await reports.next()
        #expect(report?.events == [0])
        #expect(report.map { $0.now >= due } == true)
        thread.detach()
        _ = close(pipe.writer)
        _ = close(pipe.reader)
    }
}
