/// Writes frame records, once for all clients, into memory that is reused from frame to frame.
package struct FrameRecordEncoder: Sendable {
    private var fields = FieldWriter(json: JSONWriter())

    /// An encoder that has no memory yet.
    package init() {}

    /// Hands the record's line, with its line feed, to `body`; the bytes are valid only inside.
    package mutating func encode<Result>(_ record: FrameRecord, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        fields.json.reset()
        FrameRecord.encode(record, to: &fields)
        return try fields.json.bytes.withUnsafeBytes(body)
    }
}
