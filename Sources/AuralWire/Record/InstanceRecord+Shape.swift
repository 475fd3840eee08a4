import AuralCore

extension InstanceRecord {
    /// Where an instance is on one frame.
    public struct Shape: Decodable, Sendable, Equatable {
        /// The mask's bounding box, in pixels of the mask; all zeros when it is empty.
        public var boundingBox: PixelRectangle
        /// The mask's area, in its pixels.
        public var area: Int
        /// The mask as COCO's compressed run-length string.
        public var counts: String
        /// The mask's size as [height, width]; the whole frame at the mask's own resolution.
        public var size: [Int]

        private enum CodingKeys: String, CodingKey {
            case bbox, area, counts, size
        }

        /// The mask that `encoder` made last; copies no runs.
        public init(encoder: borrowing RunLengthEncoder) {
            boundingBox = encoder.boundingBox
            area = encoder.area
            counts = RunLengthMask.string(of: encoder.counts)
            size = [encoder.height, encoder.width]
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let box = try container.decode([Int].self, forKey: .bbox)
            size = try container.decode([Int].self, forKey: .size)
            guard box.count == 4, size.count == 2 else {
                throw DecodingError.dataCorruptedError(forKey: .bbox, in: container, debugDescription: "bbox has 4 numbers, size has 2")
            }
            boundingBox = PixelRectangle(x: box[0], y: box[1], width: box[2], height: box[3])
            area = try container.decode(Int.self, forKey: .area)
            counts = try container.decode(String.self, forKey: .counts)
        }

        /// The mask; throws `WireError.Code.invalidMask` where `counts` and `size` are not consistent.
        public func mask() throws(WireError) -> RunLengthMask {
            guard size.count == 2 else { throw WireError(.invalidMask, "size must be [height, width]") }
            return try RunLengthMask(height: size[0], width: size[1], string: counts)
        }

        func write(to json: inout JSONWriter) {
            json.field("bbox", [boundingBox.x, boundingBox.y, boundingBox.width, boundingBox.height])
            json.field("area", area)
            json.field("counts", counts)
            json.field("size", size)
        }
    }
}
