import AuralCore

/// One object on one frame, with its mask.
public struct FrameObject: Decodable, Sendable, Equatable {
    /// Why an object is followed.
    public enum Kind: String, Codable, Sendable {
        /// A client pointed at it.
        case prompt
        /// It makes the sound that is heard.
        case sounding
    }

    /// The object's number.
    public var objectID: ObjectID
    /// Why it is followed.
    public var kind: Kind
    /// The probability that the object is visible on this frame, 0…1.
    public var score: Double
    /// The mask quality that the decoder predicts (intersection over union), 0…1.
    public var iou: Double
    /// The mask's bounding box, in pixels of the mask; all zeros when it is empty.
    public var boundingBox: PixelRectangle
    /// The mask's area, in its pixels.
    public var area: Int
    /// The mask as COCO's compressed run-length string.
    public var counts: String
    /// The mask's size as [height, width]; the whole frame at the mask's own resolution.
    public var size: [Int]

    private enum CodingKeys: String, CodingKey {
        case kind, score, iou, bbox, area, counts, size
        case objectID = "object_id"
    }

    /// An object with its mask. A score or quality that is not a number becomes 0, others are clamped to 0…1.
    public init(objectID: ObjectID, kind: Kind, score: Float, iou: Float, mask: RunLengthMask) {
        self.init(
            objectID: objectID, kind: kind, score: score, iou: iou, counts: mask.counts, height: mask.height, width: mask.width,
            area: mask.area, boundingBox: mask.boundingBox)
    }

    /// An object with the mask that `encoder` made last; copies no runs.
    public init(objectID: ObjectID, kind: Kind, score: Float, iou: Float, encoder: borrowing RunLengthEncoder) {
        self.init(
            objectID: objectID, kind: kind, score: score, iou: iou, counts: encoder.counts, height: encoder.height,
            width: encoder.width, area: encoder.area, boundingBox: encoder.boundingBox)
    }

    private init(
        objectID: ObjectID, kind: Kind, score: Float, iou: Float, counts: [UInt32], height: Int, width: Int, area: Int,
        boundingBox: PixelRectangle
    ) {
        self.objectID = objectID
        self.kind = kind
        self.score = Self.ratio(score)
        self.iou = Self.ratio(iou)
        self.boundingBox = boundingBox
        self.area = area
        self.counts = RunLengthMask.string(of: counts)
        self.size = [height, width]
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        objectID = ObjectID(try container.decode(Int.self, forKey: .objectID))
        kind = try container.decode(Kind.self, forKey: .kind)
        score = try container.decode(Double.self, forKey: .score)
        iou = try container.decode(Double.self, forKey: .iou)
        area = try container.decode(Int.self, forKey: .area)
        counts = try container.decode(String.self, forKey: .counts)
        size = try container.decode([Int].self, forKey: .size)
        let box = try container.decode([Int].self, forKey: .bbox)
        guard box.count == 4, size.count == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: .bbox, in: container, debugDescription: "bbox has 4 numbers, size has 2")
        }
        boundingBox = PixelRectangle(x: box[0], y: box[1], width: box[2], height: box[3])
    }

    /// The mask; throws `WireError.Code.invalidMask` where `counts` and `size` are not consistent.
    public func mask() throws(WireError) -> RunLengthMask {
        guard size.count == 2 else { throw WireError(.invalidMask, "size must be [height, width]") }
        return try RunLengthMask(height: size[0], width: size[1], string: counts)
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("object_id", objectID.rawValue)
        json.field("kind", kind.rawValue)
        json.field("score", score, places: 4)
        json.field("iou", iou, places: 4)
        json.field("bbox", [boundingBox.x, boundingBox.y, boundingBox.width, boundingBox.height])
        json.field("area", area)
        json.field("counts", counts)
        json.field("size", size)
        json.endObject()
    }

    private static func ratio(_ value: Float) -> Double {
        value.isNaN ? 0 : Double(min(max(value, 0), 1))
    }
}
