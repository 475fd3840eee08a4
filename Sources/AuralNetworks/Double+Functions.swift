import Glibc

extension Double {
    /// cos(x) as a function value.
    static func cosine(_ x: Double) -> Double { Glibc.cos(x) }

    /// sin(x) as a function value.
    static func sine(_ x: Double) -> Double { Glibc.sin(x) }

    /// The natural logarithm.
    static func logarithm(_ x: Double) -> Double { Glibc.log(x) }
}
