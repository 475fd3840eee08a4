import AuralWire
import Foundation

extension Configuration {
    /// A JSON Schema of the configuration (https://json-schema.org/draft/2020-12), for editors that check TOML with one. Each key has
    /// `x-reload` besides: `live` or `restart`.
    package static func schema() throws -> String {
        var properties: [String: Any] = ["prompt": prompts]
        for section in ConfigurationKey.sections {
            let keys = ConfigurationKey.all.filter { $0.section == section }
            properties[section] = table(Dictionary(uniqueKeysWithValues: keys.map { ($0.name, property($0)) }))
        }
        var root = table(properties)
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = "aurald's configuration"
        let data = try JSONSerialization.data(withJSONObject: root, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func table(_ properties: [String: Any]) -> [String: Any] {
        ["type": "object", "additionalProperties": false, "properties": properties]
    }

    private static func property(_ key: ConfigurationKey) -> [String: Any] {
        var result = type(key.kind)
        result["description"] = key.documentation
        result["x-reload"] = key.reload.rawValue
        if let value = key.value(Configuration()) { result["default"] = value.json }
        return result
    }

    private static func type(_ kind: ConfigurationKey.Kind) -> [String: Any] {
        switch kind {
        case .string: ["type": "string", "minLength": 1]
        case .choice(let words): ["enum": words]
        case .integer(let range): ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .number(let range): ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .boolean: ["type": "boolean"]
        case .choiceOrNumber(let words, let range): ["anyOf": [type(.choice(words)), type(.number(range))]]
        case .fileMode: ["type": "string", "pattern": "^[0-7]{3,4}$"]
        }
    }

    private static var prompts: [String: Any] {
        let numbers = ConfigurationKey.promptObjects
        let fraction = type(.number(0...1))
        func list(_ item: [String: Any], _ counts: ClosedRange<Int>) -> [String: Any] {
            ["type": "array", "items": item, "minItems": counts.lowerBound, "maxItems": counts.upperBound]
        }
        var properties: [String: [String: Any]] = [
            "object_id": type(.integer(numbers)),
            "points": list(list(fraction, 2...2), 0...RequestParser.maximumPoints),
            "labels": list(["enum": [0, 1]], 0...RequestParser.maximumPoints),
            "box": list(fraction, 4...4),
        ]
        for (name, documentation) in ConfigurationKey.prompt { properties[name]?["description"] = documentation }
        var item = table(properties)
        item["required"] = ["object_id"]
        item["x-reload"] = "restart"
        return ["type": "array", "items": item]
    }
}
