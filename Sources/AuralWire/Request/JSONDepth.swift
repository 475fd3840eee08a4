/// Guards Foundation's recursive JSON parser: lines from outside are measured before they are parsed.
enum JSONDepth {
    /// Our records and requests nest four levels.
    static let maximum = 16

    /// Whether brackets and braces outside of strings nest at most `maximum` levels. One pass, no memory.
    static func isAllowed(_ bytes: [UInt8]) -> Bool {
        var depth = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > maximum { return false }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return true
    }
}
