/// A program that has a device open.
package struct Holder: Sendable, Equatable, CustomStringConvertible {
    /// The process.
    package var process: Int
    /// Its name (`comm`); empty where that is hidden.
    package var name: String

    /// A holder with both fields.
    package init(process: Int, name: String) {
        self.process = process
        self.name = name
    }

    package var description: String { name.isEmpty ? "process \(process)" : "\(name) (process \(process))" }
}
