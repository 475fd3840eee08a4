import Foundation

/// Runs what blocks on a thread of its own. Swift's shared pool has no more threads than the machine has cores: as many tests that sit on one
/// with a blocking call stop all others, and what they wait for.
package func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try body() }) }
        thread.start()
    }
}
