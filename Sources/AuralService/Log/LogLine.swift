import Logging

/// One message, ready to be written as one line.
package struct LogLine: Sendable {
    /// The logger that needs no naming: everything else in the log is a part of it.
    static let program = "aurald"

    /// Its level.
    package var level: Logger.Level
    /// The logger's label.
    package var label: String
    /// The message.
    package var message: String
    /// Its metadata, the logger's and the message's own.
    package var metadata: Logger.Metadata

    /// A line with all its parts.
    package init(level: Logger.Level, label: String, message: String, metadata: Logger.Metadata = [:]) {
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }

    /// The line's bytes, with its line feed. `auto` is `text`: who calls has decided.
    package func encoded(as format: LogFormat, at time: WallTime) -> [UInt8] {
        let text =
            switch format {
            case .journal: "<\(level.priority)>\(label == Self.program ? "" : "\(LogText.escaped(label)): ")\(body)"
            case .text, .auto: "\(time.local) \(level.rawValue) \(LogText.escaped(label)): \(body)"
            case .json: json(time)
            }
        return Array(text.utf8) + [UInt8(ascii: "\n")]
    }

    /// The message and `key=value` pairs in the keys' order.
    private var body: String {
        var text = LogText.escaped(message)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            text += " \(LogText.key(key))=\(LogText.value(value.description))"
        }
        return text
    }

    private func json(_ time: WallTime) -> String {
        var text = "{\"time\":\(LogText.json(time.universal)),\"level\":\"\(level.rawValue)\",\"logger\":\(LogText.json(label)),"
        text += "\"message\":\(LogText.json(message))"
        if !metadata.isEmpty { text += ",\"metadata\":\(Self.json(.dictionary(metadata)))" }
        return text + "}"
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): LogText.json(text)
        case .stringConvertible(let value): LogText.json("\(value)")
        case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{" + values.sorted { $0.key < $1.key }.map { "\(LogText.json($0.key)):\(json($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
