/// How long a client waits before it connects again: a quarter of a second, then twice as long each time. Pure.
package struct ReconnectPause: Sendable {
    private static let first = 0.25
    private let longest: Double
    private var seconds = Self.first

    /// Waits at most so many seconds.
    package init(longest: Double) { self.longest = longest }

    /// What is waited now; the next time it is longer.
    package mutating func next() -> Duration {
        defer { seconds = min(2 * seconds, longest) }
        return .seconds(seconds)
    }

    /// It is connected: the next time is the first again.
    package mutating func reset() { seconds = Self.first }
}
