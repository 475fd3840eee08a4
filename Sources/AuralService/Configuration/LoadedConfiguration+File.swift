import TOMLKit

extension LoadedConfiguration {
    /// Takes over what a file says. Strict: unknown keys and values of a wrong type are errors, with file, key and line.
    mutating func apply(_ file: ConfigurationFile) throws(ConfigurationError) {
        let document: TOMLDocument
        do {
            document = try TOMLDocument(file.text)
        } catch {
            throw ConfigurationError(file: file.path, line: error.line, message: error.message)
        }
        defer { withExtendedLifetime(document.root) {} }
        let reader = ConfigurationReader(file: file.path, lines: document.lines)
        let sections = Dictionary(grouping: ConfigurationKey.all, by: \.section)
        for name in document.root.keys.sorted() {
            if name == "prompt" {
                configuration.prompts = try reader.prompts(document.root[name])
                origins[name] = .file(path: file.path, line: document.lines.line(of: name))
                continue
            }
            guard let keys = sections[name] else {
                throw reader.unknown(name, parent: "", candidates: ConfigurationKey.sections + ["prompt"])
            }
            guard let table = document.root[name]?.table else { throw reader.fault(name, "must be a table: [\(name)]") }
            for key in table.keys.sorted() {
                guard let known = keys.first(where: { $0.name == key }) else {
                    throw reader.unknown(key, parent: name, candidates: keys.map(\.name))
                }
                known.set(&configuration, try reader.value(of: known, table[key]))
                origins[known.path] = .file(path: file.path, line: document.lines.line(of: known.path))
            }
        }
        files.append(file.path)
    }
}
