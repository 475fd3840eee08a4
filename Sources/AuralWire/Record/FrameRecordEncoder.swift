/// Writes frame records, once for all clients, into memory that is reused from frame to frame.
public struct FrameRecordEncoder: Sendable {
    private var fields = FieldWriter(json: JSONWriter())

    /// An encoder that has no memory yet.
    public init() {}

    /// Hands the record's line, with its line feed, to `body`; the bytes are valid only inside.
    public mutating func encode<Result>(_ record: FrameRecord, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
        -> Result
    {
        fields.json.reset()
        FrameRecord.encode(record, to: &fields)
        return try fields.json.bytes.withUnsafeBytes(body)
    }
}
