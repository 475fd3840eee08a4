import AuralCore
import Foundation

/// The picture of a frame that was segmented, for clients that want `picture`. It belongs to the `frame` record with the same `seq`.
public struct PictureRecord: WireRecord {
    public static let type = "picture"
    /// The only format of this version: a baseline or progressive JPEG that carries its own Huffman tables.
    public static let jpeg = "jpeg"

    /// The frame's number at its source.
    public var sequence: UInt64
    /// When the frame was taken, on CLOCK_MONOTONIC in nanoseconds.
    public var timeNanoseconds: Int64
    /// The picture's size as [height, width] in pixels.
    public var size: [Int]
    /// How `data` is to be read. Not a closed set.
    public var format: String
    /// The picture's bytes; in base64 on the wire.
    public var data: Data

    private enum CodingKeys: String, CodingKey {
        case size, format, data
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
    }

    /// A JPEG picture of a frame.
    public init(sequence: UInt64, time: MonoTime, size: [Int], jpeg: Data) {
        self.sequence = sequence
        timeNanoseconds = time.nanoseconds
        self.size = size
        format = Self.jpeg
        data = jpeg
    }

    public var kind: RecordKind { .part(.picture, sequence: sequence) }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        writer.json.field("size", size)
        writer.json.field("format", format)
        writer.json.field("data", base64: data)
    }
}
