import Synchronization

/// Does asynchronous work piece by piece, in the order in which it was given.
final class WorkChain: Sendable {
    private let last = Mutex<Task<Void, Never>?>(nil)

    /// Does `body` after all that was given before, and returns when it is done.
    func run(_ body: @escaping @Sendable () async -> Void) async {
        let task = last.withLock { last in
            let before = last
            let task = Task {
                await before?.value
                await body()
            }
            last = task
            return task
        }
        await task.value
    }
}
