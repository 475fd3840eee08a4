import AuralCore
import Foundation

/// A table of comma-separated values with a line of names on top, read strictly. Source: RFC 4180; fields in quotes may hold commas, line
/// ends and doubled quotes.
package struct CSVTable: Sendable {
    /// One record.
    package struct Row: Sendable, Equatable {
        /// The line of the file on which it begins, from 1; the names are on line 1.
        package let line: Int
        let fields: [String]
    }

    /// The file that errors name.
    package let path: String
    /// The columns' names.
    package let names: [String]
    /// All records.
    package let rows: [Row]

    /// The largest table that is read, in bytes.
    static let largestFile = 1 << 28

    /// Reads a file. Throws where it is not there, no text, or breaks the rules; with its line.
    package init(path: String) throws(EvaluationError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.size] as? Int ?? 0 <= Self.largestFile else {
            throw EvaluationError("\(path): too large for a table (\(Self.largestFile) bytes)", exitStatus: .dataError)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .missing(path, "give the folder that holds the data set")
        }
        try self.init(Array(data), path: path)
    }

    /// Reads text in memory; `path` is what errors name.
    package init(_ bytes: [UInt8], path: String) throws(EvaluationError) {
        var scanner = CSVScanner(bytes, path: path)
        guard let header = try scanner.next() else {
            throw EvaluationError("\(path): empty; the first line names the columns", exitStatus: .dataError)
        }
        var rows: [Row] = []
        while let row = try scanner.next() {
            guard row.fields.count == header.fields.count else {
                throw EvaluationError(
                    "\(path): line \(row.line): \(row.fields.count) fields, but \(header.fields.count) columns; quote fields that hold commas",
                    exitStatus: .dataError)
            }
            rows.append(row)
        }
        self.path = path
        names = header.fields
        self.rows = rows
    }

    /// The place of a column, for `value`. Throws where no column, or more than one, has this name.
    package func column(_ name: String) throws(EvaluationError) -> Int {
        let places = names.indices.filter { names[$0] == name }
        guard places.count == 1, let place = places.first else {
            throw EvaluationError(
                "\(path): \(places.isEmpty ? "no column" : "two columns") named \(name), among \(names.joined(separator: ", "))",
                exitStatus: .dataError)
        }
        return place
    }

    /// A row's field in a column that `column` found.
    package func value(_ row: Row, _ column: Int) -> String { row.fields.indices.contains(column) ? row.fields[column] : "" }
}
