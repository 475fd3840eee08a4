import Foundation

/// Any record that a daemon sends, as a client reads it.
public enum ServerRecord: Sendable, Equatable {
    /// The daemon greets.
    case hello(HelloRecord)
    /// A frame with its masks.
    case frame(FrameRecord)
    /// An instance of the sounding object begins, goes on or ends.
    case instance(InstanceRecord)
    /// Frames or instance records are missing before the next one.
    case dropped(DroppedRecord)
    /// A frame's picture.
    case picture(PictureRecord)
    /// Some of the sound.
    case sound(SoundRecord)
    /// The sound as the networks see it.
    case spectrogram(SpectrogramRecord)
    /// A client changed something.
    case request(RequestRecord)
    /// A source changed its state.
    case source(SourceRecord)
    /// A request was not done, or something else failed.
    case error(ErrorRecord)
    /// A request was done.
    case reply(ReplyRecord)
    /// A record of a type that this version does not know: to be ignored.
    case unknown(type: String)

    private struct Header: Decodable {
        var type: String
    }

    /// Reads one line (with or without its line feed); throws `WireError.Code.invalidRecord` where it is not a record.
    public init(line: [UInt8]) throws(WireError) {
        let data = Data(line)
        guard JSONDepth.isAllowed(line) else {
            throw WireError(.invalidRecord, "a record is nested more than \(JSONDepth.maximum) levels deep")
        }
        let type = try Self.decode(Header.self, from: data).type
        switch type {
        case HelloRecord.type: self = .hello(try Self.decode(HelloRecord.self, from: data))
        case FrameRecord.type: self = .frame(try Self.decode(FrameRecord.self, from: data))
        case InstanceRecord.type: self = .instance(try Self.decode(InstanceRecord.self, from: data))
        case DroppedRecord.type: self = .dropped(try Self.decode(DroppedRecord.self, from: data))
        case PictureRecord.type: self = .picture(try Self.decode(PictureRecord.self, from: data))
        case SoundRecord.type: self = .sound(try Self.decode(SoundRecord.self, from: data))
        case SpectrogramRecord.type: self = .spectrogram(try Self.decode(SpectrogramRecord.self, from: data))
        case RequestRecord.type: self = .request(try Self.decode(RequestRecord.self, from: data))
        case SourceRecord.type: self = .source(try Self.decode(SourceRecord.self, from: data))
        case ErrorRecord.type: self = .error(try Self.decode(ErrorRecord.self, from: data))
        case ReplyRecord.type: self = .reply(try Self.decode(ReplyRecord.self, from: data))
        default: self = .unknown(type: type)
        }
    }

    private static func decode<Record: Decodable>(_ type: Record.Type, from data: Data) throws(WireError) -> Record {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw WireError(.invalidRecord, "not a record of this protocol: \(DecodingFault(error).description)")
        }
    }
}
