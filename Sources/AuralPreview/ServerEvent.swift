import AuralWire
import Foundation

/// What a browser's EventSource reads: `event:` and `data:` lines, and an empty one (HTML Living Standard, server-sent events).
enum ServerEvent {
    /// A comment, which browsers pass over.
    static let beat = Array(":\n\n".utf8)

    /// A record of the daemon; nil for what browsers are not told.
    static func record(_ record: ServerRecord) -> [UInt8]? {
        let bytes: [UInt8]
        switch record {
        case .hello(let record): bytes = record.encoded()
        case .frame(let record): bytes = record.encoded()
        case .instance(let record): bytes = record.encoded()
        case .dropped(let record): bytes = record.encoded()
        case .source(let record): bytes = record.encoded()
        case .spectrogram(let record): bytes = record.encoded()
        case .error(let record): bytes = record.encoded()
        case .picture, .sound, .request, .reply, .unknown: return nil
        }
        // A record ends with a line feed of its own.
        return Array("event: record\ndata: ".utf8) + bytes + Array("\n".utf8)
    }

    /// Whether there is a daemon, and why not.
    static func link(isConnected: Bool, reason: String) -> [UInt8] {
        struct Link: Encodable {
            var connected: Bool
            var reason: String
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = (try? encoder.encode(Link(connected: isConnected, reason: reason))) ?? Data()
        return Array("event: link\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}

/// Pictures one after the other, as browsers and players show them: `multipart/x-mixed-replace`.
enum MotionJPEG {
    /// What stands between the pictures.
    static let boundary = "aurald"

    /// A picture with its head.
    static func part(_ jpeg: Data) -> [UInt8] {
        Array("--\(boundary)\r\nContent-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n".utf8) + jpeg + Array("\r\n".utf8)
    }
}
