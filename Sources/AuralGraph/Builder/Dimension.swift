/// One dimension of a value in a graph: a number, or a name for a number that is known only when the graph runs.
package enum Dimension: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// A size that never changes.
    case fixed(Int)
    /// A size that the caller chooses at run time; equal names mean equal sizes (ONNX's `dim_param`).
    case symbol(String)

    package init(integerLiteral value: Int) {
        self = .fixed(value)
    }

    /// The number, where it is known.
    package var size: Int? {
        if case .fixed(let size) = self { size } else { nil }
    }

    package var description: String {
        switch self {
        case .fixed(let size): String(size)
        case .symbol(let name): name
        }
    }
}
