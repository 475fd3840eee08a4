extension ConfigurationKey {
    /// Where a key's field is.
    typealias Path<Field> = WritableKeyPath<Configuration, Field> & Sendable

    /// A key whose field is made from a value by `write` and back by `read`.
    init<Field>(
        _ section: String, _ name: String, _ path: any Path<Field>, _ kind: Kind, _ reload: Reload, _ documentation: String,
        read: @escaping @Sendable (Field) -> Value?, write: @escaping @Sendable (Value) -> Field?
    ) {
        self.section = section
        self.name = name
        self.kind = kind
        self.reload = reload
        self.documentation = documentation
        value = { read($0[keyPath: path]) }
        set = { configuration, value in
            if let field = write(value) { configuration[keyPath: path] = field }
        }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
    }

    static func string(
        _ section: String, _ name: String, _ path: any Path<String>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .string, reload, documentation, read: { .string($0) }, write: \.string)
    }

    static func optional(
        _ section: String, _ name: String, _ path: any Path<String?>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .string, reload, documentation, read: { $0.map(Value.string) }, write: { .some($0.string) })
    }

    static func integer(
        _ section: String, _ name: String, _ path: any Path<Int>, _ range: ClosedRange<Int>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .integer(range), reload, documentation) {
            .integer($0)
        } write: {
            if case .integer(let number) = $0 { number } else { nil }
        }
    }

    static func number(
        _ section: String, _ name: String, _ path: any Path<Double>, _ range: ClosedRange<Double>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .number(range), reload, documentation) {
            .number($0)
        } write: {
            if case .number(let number) = $0 { number } else { nil }
        }
    }

    static func boolean(
        _ section: String, _ name: String, _ path: any Path<Bool>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .boolean, reload, documentation) {
            .boolean($0)
        } write: {
            if case .boolean(let flag) = $0 { flag } else { nil }
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ section: String, _ name: String, _ path: any Path<Choice>, _ reload: Reload, _ documentation: String
    ) -> ConfigurationKey {
        ConfigurationKey(section, name, path, .choice(Choice.allCases.map(\.rawValue)), reload, documentation) {
            .string($0.rawValue)
        } write: {
            $0.string.flatMap(Choice.init)
        }
    }
}

extension ConfigurationKey.Value {
    /// The text of a string.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
