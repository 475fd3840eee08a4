import Synchronization

/// The policy that is in force; a reload may replace it while clients are connected.
package final class AccessControl: Sendable {
    private let state: Mutex<AccessPolicy>

    /// Begins with a policy.
    package init(_ policy: AccessPolicy = AccessPolicy()) {
        state = Mutex(policy)
    }

    /// The policy in force. Clients that are connected are judged by the new one from their next request on.
    package var policy: AccessPolicy {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
