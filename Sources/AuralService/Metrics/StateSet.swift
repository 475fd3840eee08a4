import Synchronization

/// Which of several states something is in: a series for each, 1 for the present one and 0 for the others. They change together, so that
/// no scrape sees two states, or none.
package final class StateSet: Metric {
    private let states: [String]
    private let current: Atomic<Int>

    /// A set of states, with the first as the present one.
    init(_ states: [String]) {
        self.states = states
        current = Atomic(0)
    }

    /// Changes to a state; one that is not of the set leaves none at 1.
    package func set(_ state: String) {
        current.store(states.firstIndex(of: state) ?? -1, ordering: .relaxed)
    }

    func write(to writer: inout ExpositionWriter, name: String, labels: String) {
        let separator = labels.isEmpty ? "" : ","
        let current = current.load(ordering: .relaxed)
        for (index, state) in states.enumerated() {
            let value: UInt64 = index == current ? 1 : 0
            writer.sample(name, "\(labels)\(separator)state=\"\(ExpositionWriter.escaped(state))\"", value)
        }
    }
}
