import TOMLKit

extension ConfigurationKey.Kind {
    /// A TOML value, if it is of this kind. Strict: 3.0 is no whole number, "3" is none either.
    func value(_ value: any TOMLValueConvertible) -> ConfigurationKey.Value? {
        if let text = value.string { return self.value(string: text) }
        switch self {
        case .string, .choice, .fileMode: return nil
        case .integer(let range):
            guard let number = value.int, range.contains(number) else { return nil }
            return .integer(number)
        case .number(let range), .choiceOrNumber(_, let range):
            guard let number = value.double ?? value.int.map(Double.init), range.contains(number) else { return nil }
            return .number(number)
        case .boolean: return value.bool.map(ConfigurationKey.Value.boolean)
        }
    }

    /// A text from the command line or the environment: TOML where that gives a value of this kind, a bare string otherwise, so that
    /// both `30` and `"auto"` and `auto` can be written.
    func value(text: String) -> ConfigurationKey.Value? {
        // What follows a NUL would be lost in the C strings that paths and devices become.
        guard !text.utf8.contains(0) else { return nil }
        if let document = try? TOMLDocument("value = \(text)") {
            defer { withExtendedLifetime(document.root) {} }
            // A text with a line feed may hold more keys than ours.
            if document.root.keys == ["value"], let toml = document.root["value"] {
                if let value = value(toml) { return value }
                // In quotes it was meant as TOML: the quotes belong to no value.
                if toml.string != nil { return nil }
            }
        }
        return value(string: text)
    }

    private func value(string text: String) -> ConfigurationKey.Value? {
        let fits =
            switch self {
            case .string: !text.isEmpty
            case .choice(let words), .choiceOrNumber(let words, _): words.contains(text)
            case .fileMode: text.wholeMatch(of: /[0-7]{3,4}/) != nil
            case .integer, .number, .boolean: false
            }
        return fits ? .string(text) : nil
    }
}
