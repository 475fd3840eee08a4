import AuralCore

/// Which of this frame's parts is which instance of the frames before. Pure: it is told parts and time, and says what begins, goes on and ends.
///
/// Parts and instances are paired by the overlap of their cells (intersection over union), the best pair first, as tracking by detection does
/// (E. Bochinski et al., "High-Speed Tracking-by-Detection Without Using Image Information", AVSS 2017). An instance that has no part for a while
/// is matched by its last cells.
package struct InstanceTracker: Sendable {
    /// What the rules are.
    package struct Options: Sendable, Equatable {
        /// The least intersection over union of a part with the instance that it is.
        package var minimumIoU = 0.3
        /// How long an instance may be missing. One that was there on the frame before is matched however long ago that was.
        package var graceNanoseconds: Int64 = 500_000_000
        /// How many of a frame's largest parts are looked at. Twice as many instances are kept.
        package var maximumParts = 16

        /// The defaults.
        package init() {}
    }

    /// Why an instance ended.
    package enum EndReason: String, Sendable {
        /// No part was like it for longer than the grace.
        case lost
        /// Nothing was heard for longer than the grace.
        case silent
        /// It was missing, and its place was needed for one that is there.
        case replaced
        /// The tracker was told to forget.
        case reset
    }

    /// What is to be told. Numbers of instances count from 1 and are never used again; `part` is the place in the parts of this frame.
    package enum Action: Sendable, Equatable {
        /// An instance that is new.
        case begin(UInt64, part: Int)
        /// An instance that goes on, or is back.
        case update(UInt64, part: Int)
        /// An instance that is over.
        case end(UInt64, EndReason)
    }

    struct Instance: Sendable {
        var number: UInt64
        var lastSeen: MonoTime
        /// Whether it was there on the newest frame.
        var isPresent: Bool
        var cells: CellSet
    }

    private struct Pair {
        var iou: Double
        var instance: Int
        var part: Int
    }

    /// The rules.
    package let options: Options
    private(set) var instances: [Instance] = []
    private var candidates: [CellSet]
    private var spare: [CellSet] = []
    private var pairs: [Pair] = []
    /// For each part of this frame the place of its instance.
    private var matches: [Int?] = []
    private var lastNumber: UInt64 = 0

    /// A tracker that has seen nothing.
    package init(options: Options = Options()) {
        self.options = options
        candidates = [CellSet](repeating: CellSet(), count: max(options.maximumParts, 0))
    }

    /// Takes the next frame's parts, nil for a frame without sound. What is told comes in this order: ends, then what is there, the largest first;
    /// one that gives its place away ends right before the one that takes it.
    package mutating func advance(_ components: ConnectedComponents?, at time: MonoTime) -> [Action] {
        let reason: EndReason = components == nil ? .silent : .lost
        var actions: [Action] = []
        endMissing(reason, at: time, &actions)
        let count = match(components)
        for index in instances.indices { instances[index].isPresent = matches.contains(index) }
        // Which instance a part is must be known before places move.
        let numbers = matches.map { $0.map { instances[$0].number } }
        endMissing(reason, at: time, &actions)
        for part in 0..<count {
            if let number = numbers[part], let index = instances.firstIndex(where: { $0.number == number }) {
                swap(&instances[index].cells, &candidates[part])
                instances[index].lastSeen = time
                actions.append(.update(number, part: part))
            } else {
                if let replaced = makeRoom() { actions.append(replaced) }
                actions.append(begin(part, at: time))
            }
        }
        return actions
    }

    /// Forgets all instances.
    package mutating func reset() -> [Action] {
        let actions = instances.map { Action.end($0.number, .reset) }
        spare += instances.map(\.cells)
        instances.removeAll(keepingCapacity: true)
        return actions
    }

    /// Ends what has been missing for too long.
    private mutating func endMissing(_ reason: EndReason, at time: MonoTime, _ actions: inout [Action]) {
        var index = 0
        while index < instances.count {
            let instance = instances[index]
            if !instance.isPresent, time.nanoseconds(since: instance.lastSeen) > options.graceNanoseconds {
                actions.append(end(index, reason))
            } else {
                index += 1
            }
        }
    }

    private mutating func end(_ index: Int, _ reason: EndReason) -> Action {
        let instance = instances.remove(at: index)
        spare.append(instance.cells)
        return .end(instance.number, reason)
    }

    private mutating func begin(_ part: Int, at time: MonoTime) -> Action {
        lastNumber += 1
        var cells = spare.popLast() ?? CellSet()
        swap(&cells, &candidates[part])
        instances.append(Instance(number: lastNumber, lastSeen: time, isPresent: true, cells: cells))
        return .begin(lastNumber, part: part)
    }

    /// Ends the instance that has been missing for longest, where all places are taken. There is one: no more than half of them can be present.
    private mutating func makeRoom() -> Action? {
        guard instances.count >= 2 * candidates.count else { return nil }
        let missing = instances.indices.filter { !instances[$0].isPresent }
        guard let oldest = missing.min(by: { instances[$0].lastSeen < instances[$1].lastSeen }) else { return nil }
        return end(oldest, .replaced)
    }

    /// Finds the parts' instances; returns how many parts are looked at.
    private mutating func match(_ components: ConnectedComponents?) -> Int {
        matches.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        guard let components else { return 0 }
        let count = min(components.parts.count, candidates.count)
        for part in 0..<count {
            candidates[part].take(part, of: components)
            matches.append(nil)
            for (index, instance) in instances.enumerated() {
                let iou = instance.cells.intersectionOverUnion(candidates[part])
                if iou >= options.minimumIoU { pairs.append(Pair(iou: iou, instance: index, part: part)) }
            }
        }
        // Among equals the older instance and the larger part, so that the outcome does not depend on how sorting works.
        pairs.sort { ($1.iou, $0.instance, $0.part) < ($0.iou, $1.instance, $1.part) }
        for pair in pairs where matches[pair.part] == nil && !matches.contains(pair.instance) { matches[pair.part] = pair.instance }
        return count
    }
}
