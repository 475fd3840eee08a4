/// Puts frames and their pictures together again for a client that wants both. Pure: records in, pairs out.
public struct FramePairing: Sendable {
    /// A frame with its picture.
    public struct Pair: Sendable, Equatable {
        /// The masks.
        public var frame: FrameRecord
        /// The picture that they belong to.
        public var picture: PictureRecord

        /// Both, which have the same `seq`.
        public init(frame: FrameRecord, picture: PictureRecord) {
            self.frame = frame
            self.picture = picture
        }
    }

    private var frame: FrameRecord?

    /// Nothing has come yet.
    public init() {}

    /// The pair that a record completes. A frame whose picture does not come next is forgotten with the frame after it.
    public mutating func take(_ record: ServerRecord) -> Pair? {
        switch record {
        case .frame(let frame):
            self.frame = frame
            return nil
        case .picture(let picture):
            guard let frame, frame.sequence == picture.sequence else { return nil }
            self.frame = nil
            return Pair(frame: frame, picture: picture)
        default: return nil
        }
    }
}
