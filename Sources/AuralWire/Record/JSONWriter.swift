import Foundation

/// Writes one JSON object after another into one buffer, with the keys in the order of the calls.
///
/// Foundation's encoder keeps either no order or the alphabet's; records are read by people with `nc`, so `type` comes first.
struct JSONWriter {
    /// What has been written.
    private(set) var bytes: [UInt8]
    private var needsComma = false

    init() { bytes = [] }

    /// Forgets what has been written and keeps the memory.
    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    mutating func beginObject() { open(UInt8(ascii: "{")) }
    mutating func endObject() { close(UInt8(ascii: "}")) }
    mutating func beginArray() { open(UInt8(ascii: "[")) }
    mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Ends the line.
    mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// A key; its value must come next. Keys are ours and need no escaping.
    mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
        needsComma = false
    }

    mutating func value(_ string: String) {
        separate()
        var string = string
        string.withUTF8 { characters in appendQuoted(characters) }
        needsComma = true
    }

    /// A string of ASCII characters, such as a run-length string.
    mutating func value(ascii characters: [UInt8]) {
        separate()
        characters.withUnsafeBufferPointer { characters in appendQuoted(characters) }
        needsComma = true
    }

    /// Bytes in base64 (RFC 4648, with padding).
    mutating func value(base64 data: Data) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: data.base64EncodedData())
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    mutating func value(_ integer: some BinaryInteger) { literal(String(integer)) }
    mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    /// A number rounded to `places` decimals, or `null` where it is not finite: JSON has no word for that.
    mutating func value(_ number: Double, places: Int) {
        var power = 1.0
        for _ in 0..<places { power *= 10 }
        let rounded = (number * power).rounded() / power
        guard rounded.isFinite else { return literal(number.isFinite ? String(number) : "null") }
        // 12.0 would be as good, but 12 is what other writers print.
        literal(rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : String(rounded))
    }

    /// A number with as many digits as tell it from its neighbours, so that the very same is read again; `null` where it is not finite.
    mutating func value(exactly number: Float) {
        // 1 and not 1.0, as above.
        let whole = Int(exactly: number).flatMap { abs($0) < 1 << 24 ? String($0) : nil }
        literal(number.isFinite ? whole ?? number.description : "null")
    }

    mutating func null() { literal("null") }

    mutating func values(_ integers: [Int]) {
        beginArray()
        for integer in integers { value(integer) }
        endArray()
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func open(_ character: UInt8) {
        separate()
        bytes.append(character)
        needsComma = false
    }

    private mutating func close(_ character: UInt8) {
        bytes.append(character)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func appendQuoted(_ characters: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for character in characters {
            switch character {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), character])
            case 0..<0x20, 0x7F:
                let digits = String(character, radix: 16)
                bytes.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: bytes.append(character)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONWriter {
    /// A string, or `null`.
    mutating func field(_ name: StaticString, _ string: String?) {
        key(name)
        if let string { value(string) } else { null() }
    }

    mutating func field(_ name: StaticString, _ string: String) {
        key(name)
        value(string)
    }

    mutating func field(_ name: StaticString, _ integer: some BinaryInteger) {
        key(name)
        value(integer)
    }

    mutating func field(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    mutating func field(_ name: StaticString, _ number: Double, places: Int) {
        key(name)
        value(number, places: places)
    }

    mutating func field(_ name: StaticString, base64 data: Data) {
        key(name)
        value(base64: data)
    }

    mutating func field(_ name: StaticString, _ integers: [Int]) {
        key(name)
        values(integers)
    }
}
