import Synchronization

/// All series that can be scraped. Handles are made once, at the start; only a scrape reads them.
package final class MetricRegistry: Sendable {
    private struct Series {
        let labels: String
        let metric: any Metric
    }

    private struct Family {
        let name: String
        let help: String
        let kind: ExpositionWriter.Kind
        var series: [Series]
    }

    private let families = Mutex<[Family]>([])

    /// An empty registry.
    package init() {}

    /// A counter, whose name ends in `_total`. Asked for twice, with the same name and labels, it is the same one.
    package func counter(_ name: String, _ help: String, _ labels: [(String, String)] = [], unit: Counter.Unit = .one) -> Counter {
        add(name, help, .counter, labels, Counter(unit))
    }

    /// A gauge that shows `value` until it is set.
    package func gauge(_ name: String, _ help: String, _ labels: [(String, String)] = [], _ value: Double = 0) -> Gauge {
        add(name, help, .gauge, labels, Gauge(value))
    }

    /// A histogram of durations, whose name ends in `_seconds`.
    package func histogram(_ name: String, _ help: String, _ labels: [(String, String)] = []) -> Histogram {
        add(name, help, .histogram, labels, Histogram())
    }

    /// A gauge for each of `states`, the first one at 1.
    package func stateSet(_ name: String, _ help: String, _ labels: [(String, String)], states: [String]) -> StateSet {
        add(name, help, .gauge, labels, StateSet(states))
    }

    /// A gauge that is asked for when somebody looks. `read` is called on the metrics thread and must not wait.
    package func reading(_ name: String, _ help: String, _ labels: [(String, String)] = [], _ read: @escaping @Sendable () -> Double) {
        _ = add(name, help, .gauge, labels, Reading(read: read))
    }

    /// A counter that somebody else counts.
    package func countReading(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double) {
        _ = add(name, help, .counter, [], Reading(read: read))
    }

    /// Everything, in the text format 0.0.4, in the order in which it was made.
    package func render() -> String {
        var writer = ExpositionWriter()
        // A copy, so that no closure of a reading runs under the lock.
        for family in families.withLock({ $0 }) {
            writer.family(family.name, family.help, family.kind)
            for series in family.series { series.metric.write(to: &writer, name: family.name, labels: series.labels) }
        }
        return writer.text
    }

    private func add<New: Metric>(
        _ name: String, _ help: String, _ kind: ExpositionWriter.Kind, _ labels: [(String, String)], _ metric: New
    ) -> New {
        let text = ExpositionWriter.labels(labels)
        return families.withLock { families in
            guard let place = families.firstIndex(where: { $0.name == name }) else {
                families.append(Family(name: name, help: help, kind: kind, series: [Series(labels: text, metric: metric)]))
                return metric
            }
            if let known = families[place].series.first(where: { $0.labels == text })?.metric as? New { return known }
            families[place].series.append(Series(labels: text, metric: metric))
            return metric
        }
    }
}
