import AuralCapture
import AuralCore
import AuralTesting
import Testing

/// A driver with a fake card, and everything that is said about it.
final class MicrophoneRig {
    let card = FakeALSACard()
    let board = SoundBoard()
    let counters = SourceCounters()
    let driver: MicrophoneDriver
    private let log = Log()

    private final class Log {
        var events: [SourceEvent] = []
    }

    init(_ settings: MicrophoneSettings = MicrophoneSettings(device: "Mic"), _ change: (inout FakeALSACard.Traits) -> Void = { _ in }) {
        card.change(change)
        let log = log
        driver = MicrophoneDriver(
            settings: settings, system: card, locator: card, time: card, counters: counters, board: board, onEvent: { log.events.append($0) })
    }

    var events: [SourceEvent] { log.events }

    /// What was said since the last time this was asked.
    func takeEvents() -> [SourceEvent] {
        defer { log.events = [] }
        return log.events
    }

    /// The states that were said, without their reasons; a state that was said again with another reason only once.
    var states: [SourceState] {
        var states: [SourceState] = []
        for case .state(let state, _) in log.events where state != states.last { states.append(state) }
        return states
    }

    /// The gaps that were said.
    var gaps: [(samples: Int64, at: Int64, reason: String)] {
        log.events.compactMap { if case .gap(let samples, let index, let reason) = $0 { (samples, index, reason) } else { nil } }
    }

    func start() { driver.start(at: card.now()) }

    @discardableResult
    func run(seconds: Double, lateness: () -> Int64 = { 0 }, afterEach body: () -> Void = {}) -> Int {
        card.run(driver, until: card.now().advanced(byNanoseconds: Int64(seconds * 1e9)), lateness: lateness, afterEach: body)
    }

    func stream() throws -> SoundStream { try #require(board.stream) }

    /// Samples of a range as 16-bit numbers, one channel after the other.
    func samples(_ range: Range<Int64>) throws -> [Int16] {
        let ring = try stream().ring
        var values = [Float](repeating: 0, count: range.count * ring.channels)
        var span = values.mutableSpan
        let result = ring.read(range, into: &span)
        try #require(result.range == range)
        return values.map { Int16($0 * 32768) }
    }

    /// By how much the card's number of a sample is ahead of its index in the ring.
    func skew() throws -> Int64 { card.position - (try stream().ring.written) }

    /// How far the clock is off for the newest sample, in nanoseconds.
    func clockError() throws -> Int64 {
        let stream = try stream()
        let time = try #require(stream.clock.reading).time(ofSample: stream.ring.written)
        return abs(time.nanoseconds(since: card.time(of: card.position)))
    }

    /// Compares all samples outside of gaps with the card's, whose numbers jump at gaps only. Returns how many were compared.
    @discardableResult
    func checkContinuity(from start: Int64? = nil) throws -> Int {
        let ring = try stream().ring
        let range = max(start ?? ring.oldest, ring.oldest)..<ring.written
        let values = try samples(range)
        var isGap = [Bool](repeating: false, count: range.count)
        for gap in ring.gaps(in: range) {
            for index in gap { isGap[Int(index - range.lowerBound)] = true }
        }
        var compared = 0
        var (wrong, broken) = (0, 0)
        for place in 0..<range.count where !isGap[place] {
            for channel in 1..<max(1, ring.channels) where values[channel * range.count + place] != values[place] &+ 4096 &* Int16(channel) {
                wrong += 1
            }
            if place > 0, !isGap[place - 1], values[place] != values[place - 1] &+ 1 { broken += 1 }
            compared += 1
        }
        #expect(wrong == 0 && broken == 0)
        return compared
    }
}
