extension ClientQueue {
    /// What becomes of a record that did not fit.
    enum Outcome {
        /// There is room now, or it is taken all the same.
        case take
        /// It is not taken; the next notice counts it.
        case leaveOut
        /// There is no room, and it must not be left out.
        case disconnect
    }

    /// Whether a record need push nothing out. A client for whom nothing waits is not slow, however large the record is.
    func fits(_ byteCount: Int) -> Bool { waitingBytes == 0 || waitingBytes <= bound - byteCount }

    /// Drops what a record of this kind may push out, the least important first and no more than it needs.
    mutating func makeRoom(for kind: RecordKind, _ byteCount: Int) -> Outcome {
        switch kind {
        case .frame(let sequence), .part(_, let sequence):
            dropFrames(keeping: sequence)
            return .take
        case .instance(_, .update, let sequence):
            dropFrames(keeping: sequence)
            if fits(byteCount) { return .take }
            // Its frame is worth more.
            note(kind)
            return .leaveOut
        case .instance(let number, let event, let sequence):
            dropFrames(keeping: sequence)
            if !fits(byteCount) { dropFrames(keeping: nil) }
            if !fits(byteCount), dropLives(endingNow: event == .end ? number : nil) {
                note(kind)
                return .leaveOut
            }
        case .source, .request, .control:
            dropFrames(keeping: nil)
            if !fits(byteCount) { _ = dropLives(endingNow: nil) }
        }
        return fits(byteCount) ? .take : .disconnect
    }

    /// Drops frames and updates, but for those of one frame.
    private mutating func dropFrames(keeping sequence: UInt64?) {
        drop { $0.sampledSequence != nil && $0.sampledSequence != sequence }
    }

    /// Drops instances whose begin and end both wait: a client that has heard of neither misses nothing that still is. What is left of instances
    /// is then bounded by how many there can be at a time. True where that goes for the one that ends now, whose end then need not be sent.
    private mutating func dropLives(endingNow number: UInt64?) -> Bool {
        var begun: Set<UInt64> = []
        var ended: Set<UInt64> = number.map { [$0] } ?? []
        for case let item? in items {
            if case .instance(let number, .begin, _) = item.kind { begun.insert(number) }
            if case .instance(let number, .end, _) = item.kind { ended.insert(number) }
        }
        let whole = begun.intersection(ended)
        drop { if case .instance(let number, _, _) = $0 { whole.contains(number) } else { false } }
        return number.map(whole.contains) ?? false
    }

    private mutating func drop(where isDropped: (RecordKind) -> Bool) {
        var kept: [Item?] = []
        for case let item? in items {
            if isDropped(item.kind) {
                waitingBytes -= item.byteCount
                note(item.kind)
            } else {
                kept.append(item)
            }
        }
        items = kept
        head = 0
    }

    /// Counts a record that the client does not get, for the next notice.
    private mutating func note(_ kind: RecordKind) {
        guard let sequence = kind.sequence else { return }
        var next = notice ?? DroppedRecord(from: sequence, to: sequence, count: 0, reason: .slowReader)
        next.from = min(next.from, sequence)
        next.to = max(next.to, sequence)
        switch kind {
        case .frame:
            next.count += 1
            framesDropped += 1
        case .part:
            next.parts = (next.parts ?? 0) + 1
            partsDropped += 1
        case .instance, .source, .request, .control:
            next.instances = (next.instances ?? 0) + 1
            instancesDropped += 1
        }
        notice = next
    }

    /// Gives up: `kind` is what did not fit.
    mutating func close(_ overflow: Overflow, _ kind: RecordKind) -> Action {
        isClosed = true
        for case let item? in items { note(item.kind) }
        note(kind)
        items = []
        head = 0
        notice = nil
        waitingBytes = 0
        return .disconnect(overflow)
    }
}

extension RecordKind {
    /// The frame to which a record belongs; nil for those that belong to none.
    var sequence: UInt64? {
        switch self {
        case .frame(let sequence), .instance(_, _, let sequence), .part(_, let sequence): sequence
        case .source, .request, .control: nil
        }
    }

    /// The frame of a record that may be dropped, or left out by `sample=N`.
    var sampledSequence: UInt64? {
        switch self {
        case .frame(let sequence), .instance(_, .update, let sequence), .part(_, let sequence): sequence
        case .instance, .source, .request, .control: nil
        }
    }

    /// Whether it goes out behind the notice of what was dropped.
    var comesAfterNotice: Bool { sequence != nil }
}
