/// The values that a label may take, fixed at compile time: labels without bound would make a series for each.
package protocol MetricLabel: RawRepresentable<Int>, CaseIterable, Sendable {
    /// The label's name.
    static var label: String { get }
    /// The value as Prometheus sees it.
    var value: String { get }
}

/// One metric for each value of a label; all are there from the beginning, at 0.
package struct Labelled<Label: MetricLabel, Handle: Sendable>: Sendable {
    private let handles: [Handle]

    /// Makes a metric for each value.
    init(_ make: (_ labels: [(String, String)]) -> Handle) {
        handles = Label.allCases.map { make([(Label.label, $0.value)]) }
    }

    /// The metric of a value. Raw values count the cases from 0, which is their place.
    package subscript(_ label: Label) -> Handle { handles[label.rawValue] }
}
