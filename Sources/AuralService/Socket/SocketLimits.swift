import Synchronization

/// What clients may use up; may change while the server runs.
package final class SocketLimits: Sendable {
    private struct Values {
        var maximumClients: Int
        var maximumClientBytes: Int
    }

    private let values: Mutex<Values>

    /// The most clients at a time, and the most bytes that wait for one of them (see `ClientQueue`).
    package init(maximumClients: Int = 64, maximumClientBytes: Int = 262_144) {
        values = Mutex(Values(maximumClients: maximumClients, maximumClientBytes: maximumClientBytes))
    }

    /// The most clients at a time.
    package var maximumClients: Int { values.withLock { $0.maximumClients } }
    /// The most bytes that wait for one client; for those who connect from now on.
    package var maximumClientBytes: Int { values.withLock { $0.maximumClientBytes } }

    /// Changes both. Clients that are connected stay.
    package func set(maximumClients: Int, maximumClientBytes: Int) {
        values.withLock { $0 = Values(maximumClients: maximumClients, maximumClientBytes: maximumClientBytes) }
    }
}
