import Dispatch
import Testing

/// One thread for all tests that compute networks. Swift's shared pool has no more threads than the machine has cores: two networks at once would
/// hold it for minutes, and every other test would wait until its time is over.
package final class NetworkLane: TaskExecutor {
    /// The lane of this process.
    package static let shared = NetworkLane()

    private let queue = DispatchQueue(label: "aurald.tests.networks")

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs a suite's tests in the lane, see `NetworkLane`.
package struct NetworkLaneTrait: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(NetworkLane.shared) { try await function() }
    }
}

extension Trait where Self == NetworkLaneTrait {
    /// The suite's tests compute networks, one at a time.
    package static var networks: NetworkLaneTrait { NetworkLaneTrait() }
}
