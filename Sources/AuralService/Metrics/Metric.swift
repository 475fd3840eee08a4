/// One series, or for a histogram the series that belong together.
protocol Metric: Sendable {
    /// Writes the samples; `labels` are those that do not change, as text between the braces.
    func write(to writer: inout ExpositionWriter, name: String, labels: String)
}

/// A number that is asked for when somebody looks.
struct Reading: Metric {
    let read: @Sendable () -> Double

    func write(to writer: inout ExpositionWriter, name: String, labels: String) {
        writer.sample(name, labels, read())
    }
}
