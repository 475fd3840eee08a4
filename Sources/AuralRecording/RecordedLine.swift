import AuralWire
import Foundation

/// Where a frame's picture is: stands in `records.ndjson` for the `picture` record.
package struct PicturePlace: Codable, Sendable, Equatable {
    static let type = "picture_at"

    /// `picture_at`.
    package var type = Self.type
    /// The frame.
    package var seq: UInt64
    /// When it was taken.
    package var t_ns: Int64
    /// [height, width] in pixels.
    package var size: [Int]
    /// How the bytes are to be read, as in `picture`.
    package var format: String
    /// The picture's first byte in `frames.mjpg`.
    package var offset: Int64
    /// How many there are.
    package var bytes: Int

    var line: [UInt8] {
        Array(
            #"{"type":"\#(Self.type)","seq":\#(seq),"t_ns":\#(t_ns),"size":\#(size),"format":"jpeg","offset":\#(offset),"bytes":\#(bytes)}"#.utf8)
            + [UInt8(ascii: "\n")]
    }
}

/// Where some sound is: stands in `records.ndjson` for the `sound` record.
package struct SoundPlace: Codable, Sendable, Equatable {
    static let type = "sound_at"

    /// `sound_at`.
    package var type = Self.type
    /// The frame with which it was sent.
    package var seq: UInt64
    /// When the first sample was taken.
    package var t_ns: Int64
    /// That sample's number at its source.
    package var first: Int64
    /// Its place in `audio.wav`, in samples of each channel.
    package var offset: Int64
    /// How many there are, of each channel.
    package var samples: Int

    var line: [UInt8] {
        Array(#"{"type":"\#(Self.type)","seq":\#(seq),"t_ns":\#(t_ns),"first":\#(first),"offset":\#(offset),"samples":\#(samples)}"#.utf8)
            + [UInt8(ascii: "\n")]
    }
}

/// A line of `records.ndjson`.
package enum RecordedLine: Sendable, Equatable {
    /// A record as it came.
    case record(ServerRecord)
    /// A picture that came.
    case picture(PicturePlace)
    /// Sound that came.
    case sound(SoundPlace)

    /// Reads a line. Throws `WireError` where it is none.
    package init(line: [UInt8]) throws(WireError) {
        let record = try ServerRecord(line: line)
        guard case .unknown(let type) = record else {
            self = .record(record)
            return
        }
        do {
            switch type {
            case PicturePlace.type: self = .picture(try JSONDecoder().decode(PicturePlace.self, from: Data(line)))
            case SoundPlace.type: self = .sound(try JSONDecoder().decode(SoundPlace.self, from: Data(line)))
            default: self = .record(record)
            }
        } catch {
            throw WireError(.invalidRecord, "\(type) lacks a field, or one is wrong")
        }
    }
}
