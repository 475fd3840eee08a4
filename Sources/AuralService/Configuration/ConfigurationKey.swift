/// One key of the configuration: its place, what it takes, its default, its text and how it is set. The one table behind the
/// reader and the documentation.
package struct ConfigurationKey: Sendable {
    /// What a key takes.
    package enum Kind: Sendable, Equatable {
        /// Any string but the empty one.
        case string
        /// One of these strings.
        case choice([String])
        /// A whole number in a range.
        case integer(ClosedRange<Int>)
        /// `true` or `false`.
        case boolean
        /// One of these strings, or a number in a range.
        case choiceOrNumber([String], ClosedRange<Double>)
    }

    /// A value of the right kind.
    enum Value: Sendable {
        case string(String)
        case integer(Int)
        case number(Double)
        case boolean(Bool)
    }

    /// The table, like `socket`.
    package let section: String
    /// The key in it, like `max_clients`.
    package let name: String
    /// What it takes.
    package let kind: Kind
    /// The default as TOML; nil where the key is optional and not set.
    package let defaultText: String?
    /// One or two sentences for a person.
    package let documentation: String
    let set: @Sendable (inout Configuration, Value) -> Void

    /// The key's path, like `socket.max_clients`.
    package var path: String { "\(section).\(name)" }

    /// What the key takes, in words.
    package var expectation: String {
        switch kind {
        case .string: "a string that is not empty"
        case .choice(let words): Self.list(words)
        case .integer(let range): "a whole number within \(range.lowerBound)…\(range.upperBound)"
        case .boolean: "true or false"
        case .choiceOrNumber(let words, let range):
            "\(Self.list(words)) or a number within \(range.lowerBound)…\(range.upperBound)"
        }
    }

    private static func list(_ words: [String]) -> String {
        words.map { "\"\($0)\"" }.joined(separator: " or ")
    }
}

extension ConfigurationKey {
    typealias Path<Value> = WritableKeyPath<Configuration, Value> & Sendable

    static func string(_ section: String, _ name: String, _ path: any Path<String>, _ documentation: String) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, kind: .string, defaultText: "\"\(Configuration()[keyPath: path])\"",
            documentation: documentation
        ) { configuration, value in
            if case .string(let text) = value { configuration[keyPath: path] = text }
        }
    }

    static func optional(_ section: String, _ name: String, _ path: any Path<String?>, _ documentation: String)
        -> ConfigurationKey
    {
        ConfigurationKey(section: section, name: name, kind: .string, defaultText: nil, documentation: documentation) {
            configuration, value in
            if case .string(let text) = value { configuration[keyPath: path] = text }
        }
    }

    static func integer(
        _ section: String, _ name: String, _ path: any Path<Int>, _ range: ClosedRange<Int>, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, kind: .integer(range), defaultText: "\(Configuration()[keyPath: path])",
            documentation: documentation
        ) { configuration, value in
            if case .integer(let number) = value { configuration[keyPath: path] = number }
        }
    }

    static func boolean(_ section: String, _ name: String, _ path: any Path<Bool>, _ documentation: String) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, kind: .boolean, defaultText: "\(Configuration()[keyPath: path])",
            documentation: documentation
        ) { configuration, value in
            if case .boolean(let flag) = value { configuration[keyPath: path] = flag }
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ section: String, _ name: String, _ path: any Path<Choice>, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, kind: .choice(Choice.allCases.map(\.rawValue)),
            defaultText: "\"\(Configuration()[keyPath: path].rawValue)\"", documentation: documentation
        ) { configuration, value in
            if case .string(let text) = value, let choice = Choice(rawValue: text) { configuration[keyPath: path] = choice }
        }
    }
}
