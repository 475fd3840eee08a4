extension ClientBenchmark {
    /// What one client got, and whether it adds up: every frame is either there or in a drop notice, in order, none twice.
    package struct Ledger: Sendable, Equatable {
        /// Frames that came.
        package private(set) var delivered: UInt64 = 0
        /// Frames that notices told of.
        package private(set) var dropped: UInt64 = 0
        /// Whether nothing was missing or double so far.
        package private(set) var isExact = true
        private var next: UInt64 = 0

        /// Nothing yet.
        package init() {}

        /// A frame came.
        package mutating func frame(_ sequence: UInt64) {
            if sequence != next { isExact = false }
            delivered += 1
            next = sequence &+ 1
        }

        /// A notice came.
        package mutating func drop(from: UInt64, to: UInt64, count: UInt64) {
            if from != next || to < from || count != to &- from &+ 1 { isExact = false }
            dropped &+= count
            next = to &+ 1
        }

        /// Whether all of `frames`, from 0, are accounted for.
        package func accounts(for frames: UInt64) -> Bool { isExact && next == frames }
    }

    /// What a client must know of a record, read from the beginning of its line: decoding 6,000 records a second as JSON would take the
    /// time that is to be measured.
    enum RecordHead: Equatable {
        case frame(sequence: UInt64, nanoseconds: Int64)
        case dropped(from: UInt64, to: UInt64, count: UInt64)
        case ended
        case other

        init(_ line: [UInt8]) {
            if let numbers = Self.numbers(line, "{\"type\":\"frame\",\"seq\":", ",\"t_ns\":") {
                self = .frame(sequence: numbers.0, nanoseconds: Int64(clamping: numbers.1))
            } else if let numbers = Self.numbers(line, "{\"type\":\"dropped\",\"from\":", ",\"to\":"),
                let count = Self.number(line, after: numbers.end, ",\"n\":")
            {
                self = .dropped(from: numbers.0, to: numbers.1, count: count.value)
            } else if line.starts(with: "{\"type\":\"source\"".utf8), line.reversed().starts(with: "\"state\":\"ended\"}".utf8.reversed()) {
                self = .ended
            } else {
                self = .other
            }
        }

        private static func numbers(_ line: [UInt8], _ first: StaticString, _ second: StaticString) -> (UInt64, UInt64, end: Int)? {
            guard let one = number(line, after: 0, first), let two = number(line, after: one.end, second) else { return nil }
            return (one.value, two.value, two.end)
        }

        /// The number after `word`, which must be at `place`, and where it ends.
        private static func number(_ line: [UInt8], after place: Int, _ word: StaticString) -> (value: UInt64, end: Int)? {
            let matches = word.withUTF8Buffer { word in line.dropFirst(place).starts(with: word) }
            guard matches else { return nil }
            var end = place + word.utf8CodeUnitCount
            let start = end
            var value: UInt64 = 0
            while end < line.count, line[end] >= UInt8(ascii: "0"), line[end] <= UInt8(ascii: "9") {
                value = value &* 10 &+ UInt64(line[end] - UInt8(ascii: "0"))
                end += 1
            }
            return end > start ? (value, end) : nil
        }
    }
}
