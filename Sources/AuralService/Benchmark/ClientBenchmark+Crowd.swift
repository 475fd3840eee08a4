import AuralCore
import AuralWire
import Foundation

extension ClientBenchmark {
    /// Many clients on one thread: some read, some never do, some only send garbage. Plain sockets and poll(2), so that their own cost is
    /// small and known.
    package final class Crowd {
        /// How many of each.
        package struct Size: Sendable, Codable, Equatable {
            /// They read all the time.
            package var reading: Int
            /// They never read.
            package var stalled: Int
            /// They send random bytes as fast as the server takes them, and read its answers.
            package var garbage: Int

            /// So many of each.
            package init(reading: Int, stalled: Int, garbage: Int) {
                self.reading = reading
                self.stalled = stalled
                self.garbage = garbage
            }

            /// All of them.
            package var total: Int { reading + stalled + garbage }
        }

        /// What the clients that read saw.
        package struct Outcome: Sendable, Codable {
            /// Frames that came, at all clients together.
            package var delivered: UInt64 = 0
            /// Frames that notices told of.
            package var dropped: UInt64 = 0
            /// For every client how many frames are accounted for; nil where something was missing or double.
            package var accounted: [UInt64?] = []
            /// Clients that never read and are still connected at the end.
            package var stalledConnected = 0
            /// From a frame's time stamp to its last byte.
            package var delivery = Percentiles(nanoseconds: [])

            /// Clients that cannot account for all of `frames`.
            package func unaccounted(frames: UInt64) -> Int { accounted.filter { $0 != frames }.count }
        }

        private var readers: [Reader] = []
        private var stalled: [ClientSocket] = []
        private var garbage: [GarbageWriter] = []
        private var latencies: [Int64] = []
        private let clock = SystemTimeSource()

        /// Connects all clients.
        package init(path: String, size: Size) throws {
            // Those that do not read come first: the others' hello then says that all are there.
            stalled = try (0..<size.stalled).map { _ in try ClientSocket(path: path) }
            garbage = try (0..<size.garbage).map { try GarbageWriter(ClientSocket(path: path), seed: UInt64($0)) }
            readers = try (0..<size.reading).map { _ in Reader(try ClientSocket(path: path)) }
        }

        /// Reads until the source has ended for every client that reads; calls `ready` once, when all of them have been greeted. Throws
        /// where a connection ends before that.
        package func run(ready: () -> Void) throws -> Outcome {
            var isReady = false
            for writer in garbage { writer.start() }
            defer { for writer in garbage { writer.stop() } }
            var polled = readers.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
            while readers.contains(where: { !$0.hasEnded }) {
                guard poll(&polled, nfds_t(polled.count), -1) >= 0 else {
                    if errno == EINTR { continue }
                    throw BenchmarkError("poll: \(String(cString: strerror(errno)))")
                }
                // All sockets are emptied before anything is parsed, so that no client's time includes the parsing of another's record.
                for index in polled.indices where polled[index].revents != 0 { try readers[index].receive(clock) }
                for index in polled.indices where polled[index].revents != 0 {
                    readers[index].parse(&latencies)
                    if readers[index].hasEnded { polled[index].fd = -1 }
                }
                if !isReady, readers.allSatisfy(\.isGreeted) {
                    isReady = true
                    ready()
                }
            }
            return outcome()
        }

        private func outcome() -> Outcome {
            var outcome = Outcome()
            for reader in readers {
                outcome.delivered += reader.ledger.delivered
                outcome.dropped += reader.ledger.dropped
                let total = reader.ledger.delivered + reader.ledger.dropped
                outcome.accounted.append(reader.ledger.accounts(for: total) ? total : nil)
            }
            outcome.stalledConnected = stalled.filter(\.isConnected).count
            outcome.delivery = Percentiles(nanoseconds: latencies)
            return outcome
        }
    }
}

extension ClientBenchmark.Crowd {
    /// A client that reads.
    struct Reader {
        let socket: ClientSocket
        private(set) var ledger = ClientBenchmark.Ledger()
        private(set) var isGreeted = false
        private(set) var hasEnded = false
        private var splitter = LineSplitter()
        private var buffer = [UInt8](repeating: 0, count: 32_768)
        private var received = 0
        private var arrival = MonoTime(nanoseconds: 0)

        init(_ socket: ClientSocket) {
            self.socket = socket
        }

        mutating func receive(_ clock: SystemTimeSource) throws {
            received = try buffer.withUnsafeMutableBytes { try socket.receive(into: $0) }
            arrival = clock.now()
        }

        mutating func parse(_ latencies: inout [Int64]) {
            isGreeted = true
            var lines: [[UInt8]] = []
            buffer.withUnsafeBytes { bytes in
                splitter.append(UnsafeRawBufferPointer(rebasing: bytes[..<received])) { if case .line(let line) = $0 { lines.append(line) } }
            }
            for line in lines {
                switch ClientBenchmark.RecordHead(line) {
                case .frame(let sequence, let nanoseconds):
                    ledger.frame(sequence)
                    latencies.append(arrival.nanoseconds(since: MonoTime(nanoseconds: nanoseconds)))
                case .dropped(let from, let to, let count): ledger.drop(from: from, to: to, count: count)
                case .ended: hasEnded = true
                case .other: break
                }
            }
        }
    }
}
