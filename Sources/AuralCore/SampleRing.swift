import Synchronization

/// The last seconds of sound, as float32 samples, for one writer and any number of readers on other threads.
///
/// A sample is known by its absolute index, which counts from the beginning and never wraps; the ring keeps the newest `capacity` of them
/// for each channel. Nobody waits for anybody: a reader that is too slow is told how many samples it lost. Missing sound is a gap: the index
/// goes on, its samples read as zeros, and `gaps` says where they are. Nothing is allocated after the initialiser.
///
/// How a copy stays whole: before the writer touches a slot it moves `claimed` past it, and it moves `written` when the samples are there. A
/// reader copies first and looks at `claimed` afterwards; what the writer may have touched meanwhile counts as lost. That is a seqlock with
/// the index as its sequence (H.-J. Boehm, Can Seqlocks Get Along With Programming Language Memory Models?, MSPC 2012), so samples are
/// themselves relaxed atomics: plain loads and stores to the processor, and no data race in the language or to ThreadSanitizer.
package final class SampleRing: Sendable {
    /// Channels of each sample.
    package let channels: Int
    /// Samples a second, by the card's own word.
    package let sampleRate: Int
    /// Samples of each channel that are kept; a power of two.
    package let capacity: Int
    /// The index of the first sample there ever was.
    package let start: Int64

    // SAFETY: allocated here and freed in `deinit`; slots are only touched through atomic operations, at indices under the mask.
    nonisolated(unsafe) let samples: UnsafeMutablePointer<Atomic<Float>>
    /// One past the last sample that may have been touched.
    package let claimed: Atomic<Int64>
    /// One past the last sample that can be read.
    let end: Atomic<Int64>
    let gapList = Mutex(SampleGaps())

    /// The most samples of a channel that any ring keeps: 87 s at 192 kHz.
    static let largestCapacity = 1 << 24

    /// An empty ring that holds at least `seconds`.
    ///
    /// - Parameter start: the index of the first sample that will be written.
    package init(channels: Int, sampleRate: Int, seconds: Int = 10, startingAt start: Int64 = 0) {
        self.channels = max(1, min(channels, 64))
        self.sampleRate = max(1, sampleRate)
        let (wanted, overflow) = self.sampleRate.multipliedReportingOverflow(by: max(1, seconds))
        var capacity = 1
        while capacity < Self.largestCapacity, overflow || capacity < wanted { capacity *= 2 }
        self.capacity = capacity
        self.start = max(0, start)
        claimed = Atomic(self.start)
        end = Atomic(self.start)
        samples = .allocate(capacity: capacity * self.channels)
        for slot in 0..<(capacity * self.channels) { (samples + slot).initialize(to: Atomic(0)) }
    }

    deinit {
        samples.deinitialize(count: capacity * channels)
        samples.deallocate()
    }

    /// The index after the newest sample.
    package var written: Int64 { end.load(ordering: .acquiring) }

    /// The index of the oldest sample that is still there; it may be gone a moment later.
    package var oldest: Int64 { oldest(claimedTo: claimed.load(ordering: .acquiring)) }

    func oldest(claimedTo claimed: Int64) -> Int64 { max(start, claimed - Int64(capacity)) }

    /// The first slot of a channel: channels lie one after the other, so that a reader gets each one's samples in a row.
    func slots(of channel: Int) -> UnsafeMutablePointer<Atomic<Float>> { samples + channel * capacity }

    /// The place of an index within a channel.
    func place(of index: Int64) -> Int { Int(truncatingIfNeeded: index) & (capacity - 1) }
}
