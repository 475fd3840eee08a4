/// Cuts a stream of bytes into lines, whatever pieces it arrives in. Holds at most one line of the permitted length.
package struct LineSplitter: Sendable {
    /// What the stream brought.
    package enum Event: Sendable, Equatable {
        /// A line without its line feed (and without a carriage return before it). Empty lines are left out.
        case line([UInt8])
        /// A line is longer than permitted. Reported once for the line; the rest of it is skipped.
        case tooLong
    }

    /// The longest line without its line feed, in bytes.
    package let maximumLength: Int
    private var partial: [UInt8] = []
    private var isSkipping = false

    /// A splitter at the beginning of a line. `maximumLength` must be positive.
    package init(maximumLength: Int = WireProtocol.maximumLineLength) {
        self.maximumLength = max(maximumLength, 1)
    }

    /// Takes the next bytes and hands every event that they complete to `body`. Bytes after the last line feed wait for more;
    /// what waits when the stream ends was cut off, and is not a line.
    package mutating func append(_ bytes: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end], body)
            finishLine(body)
            rest = rest[(end + 1)...]
        }
        take(rest, body)
    }

    private mutating func take(_ piece: Slice<UnsafeRawBufferPointer>, _ body: (Event) -> Void) {
        guard !isSkipping else { return }
        guard piece.count <= maximumLength - partial.count else {
            isSkipping = true
            partial = []
            body(.tooLong)
            return
        }
        partial.append(contentsOf: piece)
    }

    private mutating func finishLine(_ body: (Event) -> Void) {
        defer {
            isSkipping = false
            partial = []
        }
        guard !isSkipping else { return }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        if !partial.isEmpty { body(.line(partial)) }
    }
}
