import Synchronization

/// What closures on any thread note for a test.
final class Notes<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    /// Everything so far, in order.
    var all: [Element] { list.withLock { $0 } }

    func add(_ element: Element) { list.withLock { $0.append(element) } }
}
