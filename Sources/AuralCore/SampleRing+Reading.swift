import Synchronization

extension SampleRing {
    /// What came of reading a range of samples.
    package struct ReadResult: Sendable, Equatable {
        /// What was read, whole; all other samples that were asked for are zeros. Empty where there was nothing.
        package var range: Range<Int64>
        /// Samples that had been overwritten, before or while they were copied.
        package var lost: Int64
        /// Samples that have not been heard yet.
        package var ahead: Int64
    }

    /// Copies a range of samples, one channel after the other: sample i of channel c goes to place c · `range.count` + i.
    ///
    /// `destination` must hold `channels · range.count` samples; what does not fit is left out, from the end of each channel.
    package func read(_ range: Range<Int64>, into destination: inout MutableSpan<Float>) -> ReadResult {
        for place in destination.indices { destination[place] = 0 }
        let (length, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        let stride = min(overflow ? .max : Int(length), destination.count / channels)
        let range = range.lowerBound..<(range.lowerBound + Int64(stride))
        let present = present(in: range)
        for channel in 0..<channels {
            let slots = slots(of: channel)
            for index in present {
                let sample = slots[place(of: index)].load(ordering: .relaxed)
                destination[channel * stride + Int(index - range.lowerBound)] = sample
            }
        }
        let result = validated(range, present)
        // What was overwritten during the copy is not what was asked for.
        for channel in 0..<channels {
            for index in present.lowerBound..<min(present.upperBound, result.range.lowerBound) {
                destination[channel * stride + Int(index - range.lowerBound)] = 0
            }
        }
        return result
    }

    /// The newest `count` samples before `end`, of each channel; see `read(_:into:)`.
    package func read(endingAt end: Int64, count: Int, into destination: inout MutableSpan<Float>) -> ReadResult {
        let (first, overflow) = end.subtractingReportingOverflow(Int64(max(0, count)))
        return read(overflow ? end..<end : first..<end, into: &destination)
    }

    /// The sum of the squares of all channels' samples in a range, without copying them, and what of the range it is about. Where samples
    /// are overwritten meanwhile it looks again at those that are left.
    package func energy(in range: Range<Int64>) -> (sum: Double, result: ReadResult) {
        var asked = range
        while true {
            let present = present(in: asked)
            var sum = 0.0
            for channel in 0..<channels {
                let slots = slots(of: channel)
                for index in present {
                    let sample = Double(slots[place(of: index)].load(ordering: .relaxed))
                    sum += sample * sample
                }
            }
            let result = validated(range, present)
            if result.range == present { return (sum, result) }
            asked = result.range
        }
    }

    /// The part of a range that is there now.
    package func present(in range: Range<Int64>) -> Range<Int64> {
        let written = written
        return range.clamped(to: min(oldest, written)..<written)
    }

    /// What of `present` was still there after it had been copied.
    package func validated(_ range: Range<Int64>, _ present: Range<Int64>) -> ReadResult {
        // The copy's loads come before the load of what was claimed.
        atomicMemoryFence(ordering: .acquiring)
        let oldest = oldest(claimedTo: claimed.load(ordering: .relaxed))
        let kept = max(present.lowerBound, min(oldest, present.upperBound))..<present.upperBound
        let lost = range.isEmpty ? 0 : max(0, min(kept.lowerBound, range.upperBound) - max(range.lowerBound, start))
        return ReadResult(range: kept, lost: lost, ahead: max(0, range.upperBound - max(present.upperBound, range.lowerBound)))
    }
}
