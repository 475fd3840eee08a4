/// One connection, for as long as the daemon runs; numbers are not used again.
package struct ClientID: Sendable, Hashable, CustomStringConvertible {
    /// Counts the connections, from 1.
    package let rawValue: UInt64

    /// Wraps a number.
    package init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package var description: String { String(rawValue) }
}
