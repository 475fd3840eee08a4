/// One event of inotify(7), as the kernel wrote it.
package struct InotifyEvent: Sendable, Equatable {
    /// The watch; −1 for an overflow.
    package var watch: Int32
    /// What happened: IN_CREATE …
    package var mask: UInt32
    /// The name in the watched folder; empty where the event is the watched node's own.
    package var name: String

    /// An event with all its fields.
    package init(watch: Int32, mask: UInt32, name: String) {
        self.watch = watch
        self.mask = mask
        self.name = name
    }

    /// wd, mask, cookie, len; then len bytes of name, padded with zeros (struct inotify_event).
    static let headerSize = 16

    /// All whole events in a buffer; what is cut off at its end is left out. Never fails: a length that leads beyond the buffer ends it.
    package static func parse(_ bytes: Span<UInt8>) -> [InotifyEvent] {
        // In the machine's own order, which is little-endian on all that Swift runs on under Linux.
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        var events: [InotifyEvent] = []
        var offset = 0
        while bytes.count - offset >= headerSize {
            let length = Int(word(offset + 12))
            let start = offset + headerSize
            guard length <= bytes.count - start else { break }
            let name = (start..<(start + length)).map { bytes[$0] }.prefix { $0 != 0 }
            events.append(
                InotifyEvent(watch: Int32(bitPattern: word(offset)), mask: word(offset + 4), name: String(decoding: name, as: UTF8.self)))
            offset = start + length
        }
        return events
    }
}
