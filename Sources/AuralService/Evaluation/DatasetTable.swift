import AuralCore
import Foundation

/// A data set's metadata.csv, and what its rows have in common.
struct DatasetTable {
    /// The folder of the data set.
    let root: String
    /// The table.
    let table: CSVTable

    /// Reads the first of these files that exists, paths within the folder. Throws where there is none or it cannot be read.
    init(root: String, paths: [String]) throws(EvaluationError) {
        self.root = root
        let candidates = paths.map { "\(root)/\($0)" }
        guard let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) ?? candidates.first else {
            throw .missing(root, "give the folder of the data set")
        }
        table = try CSVTable(path: path)
    }

    /// The rows whose column `split` says `split`. Throws where there are none, and says which splits there are.
    func rows(split: String) throws(EvaluationError) -> [CSVTable.Row] {
        let column = try table.column("split")
        let rows = table.rows.filter { table.value($0, column) == split }
        guard !rows.isEmpty else {
            let known = Set(table.rows.map { table.value($0, column) }).sorted().joined(separator: ", ")
            throw EvaluationError("\(table.path): no rows of split \(split); it has \(known.isEmpty ? "none" : known)", exitStatus: .usage)
        }
        return rows
    }

    /// A field that is part of a path. Throws where it would lead elsewhere.
    func name(_ row: CSVTable.Row, _ column: String) throws(EvaluationError) -> String {
        let value = table.value(row, try table.column(column))
        guard !value.isEmpty, value != ".", value != "..", !value.contains("/"), !value.contains("\0") else {
            throw EvaluationError("\(place(row)): column \(column): \(value.debugDescription) is no name of a folder", exitStatus: .dataError)
        }
        return value
    }

    /// How errors name a row.
    func place(_ row: CSVTable.Row) -> String { "\(table.path): line \(row.line)" }

    /// The pictures of a row.
    func pictures(_ folder: String, _ row: CSVTable.Row) throws(EvaluationError) -> [String] {
        do throws(EvaluationError) { return try NumberedPictures.list(folder) } catch { throw error.of(place(row)) }
    }

    /// The labels of a row: at least one for each of its pictures.
    func labels(_ folder: String, frames: [String], _ row: CSVTable.Row) throws(EvaluationError) -> [String] {
        let labels = try pictures(folder, row)
        guard labels.count >= frames.count else {
            throw EvaluationError("\(place(row)): \(folder): \(labels.count) labels for \(frames.count) pictures", exitStatus: .dataError)
        }
        return Array(labels.prefix(frames.count))
    }

    /// The sound of a row.
    func audio(_ folder: String, _ row: CSVTable.Row) throws(EvaluationError) -> String {
        let path = "\(folder)/audio.wav"
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw EvaluationError.missing(path, "every clip needs its sound").of(place(row))
        }
        return path
    }
}
