import AuralCore

extension LoadedConfiguration {
    /// What starts the names of variables that are for tests; they are not looked at.
    package static let ignoredVariables = "AURALD_TEST_"

    /// Takes over the variables of the environment that start with `AURALD_`. One that belongs to no key is an error.
    mutating func apply(environment: [String: String]) throws(ConfigurationError) {
        let keys = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.variable, $0) })
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) {
            guard name.hasPrefix("AURALD_"), !name.hasPrefix(Self.ignoredVariables) else { continue }
            let place = "environment \(TOMLText.key(name))"
            guard let key = keys[name] else {
                let nearest = name.utf8.count <= TOMLText.longestName ? EditDistance.nearest(to: name, in: keys.keys.sorted()) : nil
                let hint = nearest.map { ", did you mean \($0)?" } ?? ";"
                throw ConfigurationError(file: place, message: "unknown variable\(hint) aurald check --dump prints every key")
            }
            try set(key, text, place: place, origin: .environment(name: name))
        }
    }

    /// Takes over one `-o section.key=value`.
    mutating func apply(override text: String) throws(ConfigurationError) {
        guard let end = text.firstIndex(of: "="), let path = Self.trimmed(text[..<end]) else {
            throw ConfigurationError(file: "-o \(TOMLText.key(text))", message: "must be section.key=value", exitStatus: .usage)
        }
        let value = Self.trimmed(text[text.index(after: end)...]) ?? ""
        let place = "-o \(path.split(separator: ".", omittingEmptySubsequences: false).map { TOMLText.key(String($0)) }.joined(separator: "."))"
        guard let key = ConfigurationKey.all.first(where: { $0.path == path }) else {
            let section = String(path.prefix { $0 != "." })
            let inSection = ConfigurationKey.all.filter { $0.section == section }
            let candidates = inSection.isEmpty ? ConfigurationKey.all : inSection
            throw ConfigurationError(file: place, message: ConfigurationReader.unknown(path, candidates: candidates.map(\.path)))
        }
        try set(key, value, place: place, origin: .option)
    }

    private mutating func set(_ key: ConfigurationKey, _ text: String, place: String, origin: Origin) throws(ConfigurationError) {
        guard let value = key.kind.value(text: text) else {
            throw ConfigurationError(file: place, key: key.path, message: "must be \(key.kind.expectation)")
        }
        key.set(&configuration, value)
        origins[key.path] = origin
    }

    /// Without the blanks around it; nil where nothing is left.
    private static func trimmed(_ text: Substring) -> String? {
        let blanks: Set<Character> = [" ", "\t"]
        guard let first = text.firstIndex(where: { !blanks.contains($0) }), let last = text.lastIndex(where: { !blanks.contains($0) }) else {
            return nil
        }
        return String(text[first...last])
    }
}
