import AuralCore
import CLinux
import Testing

@testable import AuralCapture

@Suite struct HotPlugEventTests {
    private static func bytes(_ watch: Int32, _ mask: UInt32, _ name: String, padding: Int = 0, length: UInt32? = nil) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
        let field = Array(name.utf8) + [UInt8](repeating: 0, count: padding)
        return word(UInt32(bitPattern: watch)) + word(mask) + word(0) + word(length ?? UInt32(field.count)) + field
    }

    @Test("events are read one after another, with padded names, none and overflow", .timeLimit(.minutes(5)))
    func events() {
        let buffer =
            Self.bytes(1, UInt32(IN_CREATE), "video0", padding: 10) + Self.bytes(2, UInt32(IN_CLOSE_WRITE), "")
            + Self.bytes(-1, UInt32(IN_Q_OVERFLOW), "") + Self.bytes(3, UInt32(IN_DELETE), "a\0hidden")
        #expect(
            InotifyEvent.parse(buffer.span) == [
                InotifyEvent(watch: 1, mask: UInt32(IN_CREATE), name: "video0"), InotifyEvent(watch: 2, mask: UInt32(IN_CLOSE_WRITE), name: ""),
                InotifyEvent(watch: -1, mask: UInt32(IN_Q_OVERFLOW), name: ""), InotifyEvent(watch: 3, mask: UInt32(IN_DELETE), name: "a"),
            ])
    }

    @Test("a buffer that is cut off gives the events before the cut", .timeLimit(.minutes(5)))
    func cut() {
        let first = Self.bytes(1, 2, "abc")
        let whole = first + Self.bytes(2, 2, "defg", padding: 3)
        for length in 0..<whole.count {
            let count = InotifyEvent.parse(Array(whole.prefix(length)).span).count
            #expect(count == (length >= first.count ? 1 : 0), "\(length)")
        }
        #expect(InotifyEvent.parse(Self.bytes(1, 2, "abc", length: .max).span) == [])
    }

    @Test("no buffer does any harm", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seed: 11)
        var count = 0
        for _ in 0..<20_000 {
            var buffer = Self.bytes(1, 2, "video0", padding: 2) + Self.bytes(2, 4, "") + Self.bytes(3, 8, "x", padding: 15)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                buffer[Int.random(in: 0..<buffer.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            buffer.removeLast(Int.random(in: 0..<buffer.count, using: &random))
            let events = InotifyEvent.parse(buffer.span)
            #expect(events.count * 16 <= buffer.count)
            count += events.count
        }
        #expect(count > 10_000)
    }

    @Test(
        "events mean what their place says", .timeLimit(.minutes(5)),
        arguments: [
            (HotPlugRole.devices, IN_CREATE, "video3", HotPlugChange(.camera, isRelease: false) as HotPlugChange?, true),
            (.devices, IN_ATTRIB, "video3", HotPlugChange(.camera, isRelease: false), true),
            (.devices, IN_DELETE, "video3", HotPlugChange(.camera, isRelease: false), true),
            (.devices, IN_CREATE, "videos", nil, false), (.devices, IN_CREATE, "video", nil, false), (.devices, IN_CREATE, "tty1", nil, false),
            (.devices, IN_CREATE, "snd", nil, true), (.devices, IN_CREATE, "v4l", nil, true),
            (.linkFolders, IN_CREATE, "by-id", nil, true), (.linkFolders, IN_CREATE, "other", nil, false),
            (.links, IN_MOVED_TO, "usb-x", HotPlugChange(.camera, isRelease: false), false),
            (.sounds, IN_CREATE, "pcmC0D0c", HotPlugChange(.sound, isRelease: false), true),
            (.sounds, IN_ATTRIB, "controlC0", HotPlugChange(.sound, isRelease: false), true),
            (.sounds, IN_CREATE, "pcmC0D0p", nil, false), (.sounds, IN_CREATE, "timer", nil, false),
            (.node(.camera), IN_CLOSE_NOWRITE, "", HotPlugChange(.camera, isRelease: true), false),
            (.node(.sound), IN_CLOSE_WRITE, "", HotPlugChange(.sound, isRelease: true), false),
            (.node(.sound), IN_IGNORED, "", nil, true),
        ])
    func meaning(role: HotPlugRole, mask: Int32, name: String, change: HotPlugChange?, isStructural: Bool) {
        let meaning = role.meaning(of: InotifyEvent(watch: 1, mask: UInt32(mask), name: name))
        #expect(meaning.change == change && meaning.isStructural == isStructural)
    }
}
