import Synchronization

extension SampleRing {
    /// Appends samples as a card delivers them: all channels of the first, all of the second, and so on. What is left of an incomplete last
    /// one is ignored. Only one thread may write.
    package func append(_ interleaved: Span<Float>) {
        let count = interleaved.count / channels
        var done = 0
        while done < count {
            // In pieces, so that samples are never overwritten before they could be read.
            let piece = min(count - done, max(1, capacity / 2))
            let first = claim(piece)
            for channel in 0..<channels {
                let slots = slots(of: channel)
                for offset in 0..<piece {
                    let value = interleaved[(done + offset) * channels + channel]
                    slots[place(of: first + Int64(offset))].store(value, ordering: .relaxed)
                }
            }
            end.store(first + Int64(piece), ordering: .releasing)
            done += piece
        }
    }

    /// Goes on without sound: the index advances by `count`, and those samples read as zeros. Only the thread that writes may do this.
    package func skip(_ count: Int64) {
        guard count > 0 else { return }
        let first = end.load(ordering: .relaxed)
        let (last, overflow) = first.addingReportingOverflow(count)
        guard !overflow else { return }
        // Known before it can be read.
        gapList.withLock { $0.append(first..<last) }
        claimed.store(last, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        for channel in 0..<channels {
            let slots = slots(of: channel)
            for index in max(first, last - Int64(capacity))..<last { slots[place(of: index)].store(0, ordering: .relaxed) }
        }
        end.store(last, ordering: .releasing)
    }

    /// Announces that `count` samples will be overwritten; returns the index of the first that will be written.
    private func claim(_ count: Int) -> Int64 {
        let first = end.load(ordering: .relaxed)
        claimed.store(first + Int64(count), ordering: .relaxed)
        // Whoever sees one of the new samples must see the claim as well.
        atomicMemoryFence(ordering: .releasing)
        return first
    }
}
