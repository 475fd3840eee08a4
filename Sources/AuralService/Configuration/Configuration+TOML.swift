import AuralCore
import Foundation
import TOMLKit

extension Configuration {
    /// The largest configuration file, in bytes; no sensible one comes near.
    static let maximumFileSize = 1 << 20

    /// Reads a file; throws a `ConfigurationError` that names file, key and, for faults of syntax, the line.
    package init(file: String) throws(ConfigurationError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw ConfigurationError(file: file, message: "permission denied; make it readable for this user", exitStatus: .noPermission)
        } catch {
            throw ConfigurationError(
                file: file, message: "cannot be read: \((error as? CocoaError)?.localizedDescription ?? "\(error)")",
                exitStatus: .noInput)
        }
        guard data.count <= Self.maximumFileSize, let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError(file: file, message: "is not a text file in UTF-8 of at most \(Self.maximumFileSize) bytes")
        }
        try self.init(toml: text, file: file)
    }

    /// Reads TOML; `file` is named in errors. Strict: unknown keys and values of a wrong type are errors.
    package init(toml: String, file: String) throws(ConfigurationError) {
        self.init()
        let root: TOMLTable
        do {
            root = try TOMLTable(string: toml)
        } catch let error as TOMLParseError {
            throw ConfigurationError(file: file, line: error.source.begin.line, message: error.description)
        } catch {
            throw ConfigurationError(file: file, message: "is not TOML: \(error)")
        }
        // TOMLKit's values point into the root's memory without keeping it.
        defer { withExtendedLifetime(root) {} }
        let reader = ConfigurationReader(file: file)
        let sections = Dictionary(grouping: ConfigurationKey.all, by: \.section)
        for name in root.keys.sorted() {
            if name == "prompt" {
                prompts = try reader.prompts(root[name])
                continue
            }
            guard let keys = sections[name] else {
                throw reader.unknown(name, parent: "", candidates: sections.keys.sorted() + ["prompt"])
            }
            guard let table = root[name]?.table else { throw reader.fault(name, "must be a table: [\(name)]") }
            for key in table.keys.sorted() {
                guard let known = keys.first(where: { $0.name == key }) else {
                    throw reader.unknown(key, parent: name, candidates: keys.map(\.name))
                }
                known.set(&self, try reader.value(of: known, table[key]))
            }
        }
    }
}
