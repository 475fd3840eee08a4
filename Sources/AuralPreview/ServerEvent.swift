import AuralCore
import AuralWire
import Foundation

/// What a browser's EventSource reads: `event:` and `data:` lines, and an empty one (HTML Living Standard, server-sent events).
enum ServerEvent {
    /// A comment, which browsers pass over.
    static let beat = Array(":\n\n".utf8)

    /// A record of the daemon; nil for what browsers are not told.
    static func record(_ record: ServerRecord) -> [UInt8]? {
        switch record {
        case .picture, .sound, .request, .reply, .unknown: nil
        // A record ends with a line feed of its own.
        case .hello, .frame, .instance, .dropped, .source, .spectrogram, .error:
            Array("event: record\ndata: ".utf8) + record.encoded() + Array("\n".utf8)
        }
    }

    /// A frame's picture can be fetched from now on.
    static func picture(_ sequence: UInt64) -> [UInt8] { Array("event: picture\ndata: \(sequence)\n\n".utf8) }

    /// Whether there is a daemon, and why not.
    static func link(isConnected: Bool, reason: String) -> [UInt8] {
        struct Link: Encodable {
            var connected: Bool
            var reason: String
        }
        let data = (try? JSONText.encoder(isPretty: false).encode(Link(connected: isConnected, reason: reason))) ?? Data()
        return Array("event: link\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}

/// Pictures one after the other, as browsers and players show them: `multipart/x-mixed-replace`.
enum MotionJPEG {
    /// What stands between the pictures.
    static let boundary = "aurald"
    /// What comes before the first picture.
    static let head = Array("--\(boundary)\r\n".utf8)

    /// A picture with its head, which tells its frame's number, and the boundary behind it: a browser shows a picture when it has seen what
    /// ends it, and would else be one behind.
    static func part(_ sequence: UInt64, _ jpeg: Data) -> [UInt8] {
        Array("Content-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\nX-Sequence: \(sequence)\r\n\r\n".utf8) + jpeg
            + Array("\r\n--\(boundary)\r\n".utf8)
    }
}
