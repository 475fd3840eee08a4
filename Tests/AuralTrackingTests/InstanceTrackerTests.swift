import AuralCore
import AuralTracking
import Testing

@Suite struct InstanceTrackerTests {
    /// A tracker on pictures of 40 by 12 cells, a frame each 100 ms.
    private struct Rig {
        var tracker: InstanceTracker
        var components = ConnectedComponents()
        var time: Int64 = 0

        init(graceMilliseconds: Int64 = 500, maximumParts: Int = 16) {
            var options = InstanceTracker.Options()
            options.graceNanoseconds = graceMilliseconds * 1_000_000
            options.maximumParts = maximumParts
            tracker = InstanceTracker(options: options)
        }

        mutating func frame(_ boxes: [PixelRectangle]?, after milliseconds: Int64 = 100) -> [String] {
            time += milliseconds
            let now = MonoTime(nanoseconds: time * 1_000_000)
            guard let boxes else { return tracker.advance(nil, at: now).map(Self.text) }
            CellPicture(width: 40, height: 12, boxes).find(&components)
            return tracker.advance(components, at: now).map(Self.text)
        }

        static func text(_ action: InstanceTracker.Action) -> String {
            switch action {
            case .begin(let number, let part): "begin \(number) \(part)"
            case .update(let number, let part): "update \(number) \(part)"
            case .end(let number, let reason): "end \(number) \(reason.rawValue)"
            }
        }
    }

    private static func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PixelRectangle {
        PixelRectangle(x: x, y: y, width: width, height: height)
    }

    /// Frames, 100 ms apart, and what is to be said of each; nil is silence. The grace is 500 ms.
    private static let courses: [(name: String, frames: [([PixelRectangle]?, [String])])] = [
        (
            "one that moves keeps its number, one that jumps has another",
            [
                ([box(0, 0, 6, 6)], ["begin 1 0"]), ([box(2, 1, 6, 6)], ["update 1 0"]), ([box(5, 1, 6, 6)], ["update 1 0"]),
                ([box(30, 1, 6, 6)], ["begin 2 0"]),
            ]
        ),
        (
            "split: the larger half is still the old one",
            [
                ([box(0, 0, 12, 6)], ["begin 1 0"]), ([box(0, 0, 7, 6), box(8, 0, 4, 6)], ["update 1 0", "begin 2 1"]),
                ([box(0, 0, 7, 6), box(20, 0, 9, 6)], ["begin 3 0", "update 1 1"]),
            ]
        ),
        (
            "merge: the one with most of it goes on, the other ends after the grace",
            [
                ([box(0, 0, 8, 6), box(10, 0, 5, 6)], ["begin 1 0", "begin 2 1"]), ([box(0, 0, 15, 6)], ["update 1 0"]),
                ([box(0, 0, 15, 6)], ["update 1 0"]), ([box(0, 0, 15, 6)], ["update 1 0"]), ([box(0, 0, 15, 6)], ["update 1 0"]),
                ([box(0, 0, 15, 6)], ["update 1 0"]), ([box(0, 0, 15, 6)], ["end 2 lost", "update 1 0"]),
            ]
        ),
        (
            "merge and split again: both have their numbers back",
            [
                ([box(0, 0, 8, 6), box(10, 0, 5, 6)], ["begin 1 0", "begin 2 1"]), ([box(0, 0, 15, 6)], ["update 1 0"]),
                ([box(0, 0, 8, 6), box(10, 0, 5, 6)], ["update 1 0", "update 2 1"]),
            ]
        ),
        (
            "crossing on different rows: nobody takes the other's number",
            [
                ([box(0, 0, 8, 4), box(20, 6, 8, 3)], ["begin 1 0", "begin 2 1"]),
                ([box(4, 0, 8, 4), box(16, 6, 8, 3)], ["update 1 0", "update 2 1"]),
                ([box(8, 0, 8, 4), box(12, 6, 8, 3)], ["update 1 0", "update 2 1"]),
                ([box(12, 0, 8, 4), box(8, 6, 8, 3)], ["update 1 0", "update 2 1"]),
                ([box(16, 0, 8, 4), box(4, 6, 8, 3)], ["update 1 0", "update 2 1"]),
            ]
        ),
        (
            "the best pair wins, not the first one",
            [
                ([box(0, 0, 10, 4), box(11, 0, 6, 4)], ["begin 1 0", "begin 2 1"]),
                // Six of a row's seventeen cells with the first, six of thirteen with the second.
                ([box(4, 0, 13, 4)], ["update 2 0"]),
            ]
        ),
        (
            "back within the grace: the same number, even after other frames",
            [
                ([box(0, 0, 6, 6)], ["begin 1 0"]), ([], []), (nil, []), ([box(20, 0, 6, 6)], ["begin 2 0"]),
                ([box(1, 0, 6, 6), box(20, 0, 6, 6)], ["update 1 0", "update 2 1"]),
            ]
        ),
        (
            "back after the grace: a new number",
            [
                ([box(0, 0, 6, 6)], ["begin 1 0"]), ([], []), ([], []), ([], []), ([], []), ([], []),
                ([box(0, 0, 6, 6)], ["end 1 lost", "begin 2 0"]),
            ]
        ),
        (
            "silence ends all after the grace, and says so",
            [
                ([box(0, 0, 6, 6), box(10, 0, 3, 3)], ["begin 1 0", "begin 2 1"]), (nil, []), (nil, []), (nil, []), (nil, []), (nil, []),
                (nil, ["end 1 silent", "end 2 silent"]), (nil, []), ([box(0, 0, 6, 6)], ["begin 3 0"]),
            ]
        ),
    ]

    @Test("Courses of parts", arguments: courses.indices)
    func course(index: Int) {
        var rig = Rig()
        for (number, (boxes, expected)) in Self.courses[index].frames.enumerated() {
            #expect(rig.frame(boxes) == expected, "\(Self.courses[index].name), frame \(number)")
        }
    }

    @Test("Frames that are further apart than the grace are matched with each other, but with nothing before")
    func slowFrames() {
        var rig = Rig()
        let box = Self.box(0, 0, 6, 6)
        #expect(rig.frame([box]) == ["begin 1 0"])
        #expect(rig.frame([box], after: 2000) == ["update 1 0"])
        #expect(rig.frame([box, Self.box(20, 0, 3, 3)], after: 2000) == ["update 1 0", "begin 2 1"])
        #expect(rig.frame([], after: 2000) == ["end 1 lost", "end 2 lost"])
        #expect(rig.frame([box], after: 10) == ["begin 3 0"])
        #expect(rig.frame([], after: 10) == [])
        #expect(rig.frame([box], after: 2000) == ["end 3 lost", "begin 4 0"])
        // A clock that goes back ends nothing.
        #expect(rig.frame([], after: -5000) == [])
    }

    @Test("Only the largest parts are looked at, and twice as many are kept: the one that is missing for longest makes room")
    func bounded() {
        var rig = Rig(maximumParts: 2)
        let boxes = (0..<8).map { Self.box($0 * 5, 0, 4, 12 - $0) }
        #expect(rig.frame(boxes) == ["begin 1 0", "begin 2 1"])
        #expect(rig.frame([boxes[2], boxes[3]]) == ["begin 3 0", "begin 4 1"])
        #expect(rig.frame([boxes[0], boxes[4]]) == ["update 1 0", "end 2 replaced", "begin 5 1"])
        #expect(rig.frame([boxes[5], boxes[6]]) == ["end 3 replaced", "begin 6 0", "end 4 replaced", "begin 7 1"])
        #expect(rig.frame([boxes[0], boxes[4]]) == ["update 1 0", "update 5 1"])
        var none = Rig(maximumParts: 0)
        #expect(none.frame(boxes) == [])
    }

    @Test("What is forgotten ends at once, and its number is not used again")
    func reset() {
        var rig = Rig()
        let box = Self.box(0, 0, 6, 6)
        #expect(rig.frame([box, Self.box(10, 0, 3, 3)]) == ["begin 1 0", "begin 2 1"])
        #expect(rig.tracker.reset() == [.end(1, .reset), .end(2, .reset)])
        #expect(rig.tracker.reset() == [])
        #expect(rig.frame([box]) == ["begin 3 0"])
    }

    @Test("A picture of another size begins anew")
    func otherSize() {
        var rig = Rig()
        #expect(rig.frame([Self.box(0, 0, 6, 6)]) == ["begin 1 0"])
        CellPicture(width: 80, height: 24, [Self.box(0, 0, 6, 6)]).find(&rig.components)
        #expect(rig.tracker.advance(rig.components, at: MonoTime(nanoseconds: 200_000_000)) == [.begin(2, part: 0)])
    }

    @Test("Whatever comes, a number begins once, goes on only while it lives, and ends once", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seedName: "instances")
        var rig = Rig(graceMilliseconds: 200, maximumParts: 4)
        var alive: Set<UInt64> = []
        var last: UInt64 = 0
        var ends = 0
        for _ in 0..<3000 {
            let boxes = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                Self.box(
                    Int.random(in: 0..<36, using: &random), Int.random(in: 0..<9, using: &random), Int.random(in: 1...4, using: &random),
                    Int.random(in: 1...3, using: &random))
            }
            let isSilent = Int.random(in: 0..<6, using: &random) == 0
            rig.time += Int64.random(in: 1...150, using: &random)
            CellPicture(width: 40, height: 12, boxes).find(&rig.components)
            let actions = rig.tracker.advance(isSilent ? nil : rig.components, at: MonoTime(nanoseconds: rig.time * 1_000_000))
            var seen: [Int] = []
            for action in actions {
                switch action {
                case .begin(let number, let part):
                    #expect(number == last + 1)
                    last = number
                    alive.insert(number)
                    seen.append(part)
                case .update(let number, let part):
                    #expect(alive.contains(number))
                    seen.append(part)
                case .end(let number, _):
                    #expect(alive.remove(number) != nil)
                    ends += 1
                }
            }
            #expect(seen == Array(0..<(isSilent ? 0 : min(rig.components.parts.count, 4))))
            #expect(alive.count <= 8)
        }
        #expect(last > 1000 && ends > 1000)
    }
}
