import AuralCore
import Foundation

/// The picture of a frame that was segmented, for clients that want `picture`. It belongs to the `frame` record with the same `seq`.
package struct PictureRecord: WireRecord {
    package static let type = "picture"
    /// The only format of this version: a baseline or progressive JPEG that carries its own Huffman tables.
    package static let jpeg = "jpeg"

    /// The frame's number at its source.
    package var sequence: UInt64
    /// When the frame was taken, on CLOCK_MONOTONIC in nanoseconds.
    package var timeNanoseconds: Int64
    /// The picture's size as [height, width] in pixels.
    package var size: [Int]
    /// How `data` is to be read. Not a closed set.
    package var format: String
    /// The picture's bytes; in base64 on the wire.
    package var data: Data

    private enum CodingKeys: String, CodingKey {
        case size, format, data
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
    }

    /// A JPEG picture of a frame.
    package init(sequence: UInt64, time: MonoTime, size: [Int], jpeg: Data) {
        self.sequence = sequence
        timeNanoseconds = time.nanoseconds
        self.size = size
        format = Self.jpeg
        data = jpeg
    }

    package var kind: RecordKind { .part(.picture, sequence: sequence) }

    package func write(to writer: inout FieldWriter) {
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        writer.json.field("size", size)
        writer.json.field("format", format)
        writer.json.field("data", base64: data)
    }
}
