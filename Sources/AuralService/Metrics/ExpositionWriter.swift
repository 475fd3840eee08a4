/// Writes Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): lines that end with a line feed,
/// HELP and TYPE before the samples of a family.
struct ExpositionWriter {
    /// What goes into Content-Type.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The words of TYPE that we use.
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""

    mutating func family(_ name: String, _ help: String, _ kind: Kind) {
        // In HELP a quote is itself, other than in labels.
        let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(escaped)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// `labels` is the text between the braces, values escaped.
    mutating func sample(_ name: String, _ labels: String, _ value: UInt64) {
        line(name, labels, String(value))
    }

    mutating func sample(_ name: String, _ labels: String, _ value: Double) {
        line(name, labels, Self.text(value))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// A number as Go's ParseFloat reads it, which is what Prometheus uses.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // 12 and not 12.0, as other exporters write; beyond 2^53 a Double has no exact integers.
        return value == value.rounded() && abs(value) < 0x1p53 ? String(Int64(value)) : String(value)
    }

    /// The text between the braces.
    static func labels(_ pairs: [(String, String)]) -> String {
        pairs.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    /// A label's value without what would end it.
    static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
