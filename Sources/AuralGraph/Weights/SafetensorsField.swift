/// One value of a safetensors header: a tensor's `dtype`, `shape` and `data_offsets`, or the free text of `__metadata__`.
struct SafetensorsField: Decodable {
    /// The keys of the object as they are in the file.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    /// Nil in `__metadata__`.
    let type: String?
    /// Nil in `__metadata__`.
    let shape: [Int]?
    /// The first byte, counted from the end of the header.
    let begin: Int
    /// One past the last byte.
    let end: Int
    /// The texts; filled in `__metadata__` only.
    let metadata: [String: String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if decoder.codingPath.last?.stringValue == "__metadata__" {
            var metadata: [String: String] = [:]
            for key in container.allKeys {
                metadata[key.stringValue] = try container.decode(String.self, forKey: key)
            }
            self.metadata = metadata
            type = nil
            shape = nil
            begin = 0
            end = 0
            return
        }
        metadata = [:]
        type = try container.decode(String.self, forKey: Key(stringValue: "dtype"))
        shape = try container.decode([Int].self, forKey: Key(stringValue: "shape"))
        let key = Key(stringValue: "data_offsets")
        let offsets = try container.decode([Int].self, forKey: key)
        guard offsets.count == 2, offsets.allSatisfy({ $0 >= 0 }) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "two byte offsets were expected")
        }
        begin = offsets[0]
        end = offsets[1]
    }
}
