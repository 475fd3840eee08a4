import AuralCore

/// Provisional labels of `ConnectedComponents`, which of them are the same part, and what has been seen of each. Labels count from 1; a label's
/// parent is never larger than itself.
struct LabelUnions: Sendable {
    /// How far cells of a label reach.
    struct Extent: Sendable {
        var area = 0
        var left = Int.max
        var top = Int.max
        var right = -1
        var bottom = -1

        mutating func add(x: Int, y: Int) {
            area += 1
            left = min(left, x)
            top = min(top, y)
            right = max(right, x)
            bottom = max(bottom, y)
        }

        mutating func add(_ other: Extent) {
            area += other.area
            left = min(left, other.left)
            top = min(top, other.top)
            right = max(right, other.right)
            bottom = max(bottom, other.bottom)
        }

        var box: PixelRectangle { PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1) }
    }

    /// By label; 0 is nobody's.
    var extents: [Extent] = []
    /// The final name of each label, after `rename`.
    private(set) var names: [Int32] = []
    private var parents: [Int32] = []
    private var count = 0

    /// Forgets all labels, and makes room for as many as a picture of this size can have: no two cells that begin a label touch, so that
    /// there is at most one in each square of two by two.
    mutating func prepare(width: Int, height: Int) {
        let room = ((width + 1) / 2) * ((height + 1) / 2) + 1
        if parents.count != room {
            parents = [Int32](repeating: 0, count: room)
            names = [Int32](repeating: 0, count: room)
            extents = [Extent](repeating: Extent(), count: room)
        }
        count = 0
    }

    /// A new label.
    mutating func add() -> Int32 {
        count += 1
        parents[count] = Int32(count)
        extents[count] = Extent()
        return Int32(count)
    }

    /// Makes two labels one part, and returns its least label.
    mutating func join(_ first: Int32, _ second: Int32) -> Int32 {
        let (one, other) = (root(first), root(second))
        let least = min(one, other)
        parents[Int(max(one, other))] = least
        return least
    }

    /// The least label of a part; halves the way there.
    private mutating func root(_ label: Int32) -> Int32 {
        var label = label
        while parents[Int(label)] != label {
            parents[Int(label)] = parents[Int(parents[Int(label)])]
            label = parents[Int(label)]
        }
        return label
    }

    /// Gathers what has been seen of each part under its least label.
    mutating func merge() {
        for label in stride(from: count, to: 0, by: -1) where parents[label] != Int32(label) {
            extents[Int(parents[label])].add(extents[label])
        }
    }

    /// The least label of each part, in order.
    var roots: some Sequence<Int> { (0..<count).lazy.map { $0 + 1 }.filter { [parents] in parents[$0] == Int32($0) } }

    /// Names the parts whose least labels these are 1, 2, …, and all others 0.
    mutating func rename(_ chosen: [Int32]) {
        for label in 0...count { names[label] = 0 }
        for (place, label) in chosen.enumerated() { names[Int(label)] = Int32(place + 1) }
        // In order: a parent has its name before its children.
        for label in 0..<count where parents[label + 1] != Int32(label + 1) { names[label + 1] = names[Int(parents[label + 1])] }
    }
}
