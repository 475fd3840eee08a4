import Glibc

/// A moment for people to read. Never used in arithmetic.
package struct WallTime: Sendable {
    private let seconds: Int
    private let milliseconds: Int

    /// A moment after 1970.
    package init(seconds: Int, milliseconds: Int = 0) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    /// Now (CLOCK_REALTIME).
    package static func now() -> WallTime {
        var reading = timespec()
        clock_gettime(CLOCK_REALTIME, &reading)
        return WallTime(seconds: reading.tv_sec, milliseconds: reading.tv_nsec / 1_000_000)
    }

    /// `2026-11-21T09:15:02.250+0100`, in the time zone of `TZ`.
    package var local: String { text(localtime_r, zone: "%z") }

    /// `2026-11-21T08:15:02.250Z`
    package var universal: String { text(gmtime_r, zone: "Z") }

    private typealias Conversion = (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?

    private func text(_ convert: Conversion, zone: String) -> String {
        var (fields, moment) = (tm(), time_t(seconds))
        guard convert(&moment, &fields) != nil else { return "-" }
        let digits = String(milliseconds)
        let fraction = String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S.\(fraction)\(zone)", &fields)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
