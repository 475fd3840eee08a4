import AuralCapture
import AuralCore
import Glibc

/// A `FakeALSACard` for a microphone on a real thread with poll(2): its PCMs wait on a pipe, and the card's clock is turned by hand.
package final class PipedALSACard: ALSASystem {
    /// The card itself.
    package let card: FakeALSACard
    /// An element each time the driver has come to its end with what the card delivered.
    package let rounds: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let ends: (read: Int32, write: Int32)

    /// A card whose clock shows the present time.
    package init() {
        card = FakeALSACard(startingAt: SystemTimeSource().now())
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        self.ends = (ends[0], ends[1])
        (rounds, continuation) = AsyncStream.makeStream()
    }

    deinit {
        _ = Glibc.close(ends.read)
        _ = Glibc.close(ends.write)
    }

    /// Lets milliseconds pass, and wakes the driver.
    package func pass(milliseconds: Int64) {
        card.advance(to: card.now().advanced(byNanoseconds: milliseconds * 1_000_000))
        wake()
    }

    /// Wakes the driver.
    package func wake() {
        var byte: UInt8 = 1
        _ = Glibc.write(ends.write, &byte, 1)
    }

    package func open(_ name: String) throws(ALSAFailure) -> any ALSAPCM {
        PipedPCM(try card.open(name), descriptor: ends.read) { [continuation] in continuation.yield() }
    }
}

/// A PCM that waits on a pipe.
private final class PipedPCM: ALSAPCM {
    private let inner: any ALSAPCM
    private let descriptor: Int32
    private let onRound: () -> Void
    private var hasWoken = false

    init(_ inner: any ALSAPCM, descriptor: Int32, onRound: @escaping () -> Void) {
        self.inner = inner
        self.descriptor = descriptor
        self.onRound = onRound
    }

    func configure(_ wanted: PCMRequest) throws(ALSAFailure) -> PCMConfiguration { try inner.configure(wanted) }
    func prepare() throws(ALSAFailure) { try inner.prepare() }
    func start() throws(ALSAFailure) { try inner.start() }
    func resume() throws(ALSAFailure) { try inner.resume() }
    var state: PCMState { inner.state }
    func position() throws(ALSAFailure) -> PCMPosition { try inner.position() }
    func read(_ destination: UnsafeMutableRawBufferPointer, frames: Int) throws(ALSAFailure) -> Int { try inner.read(destination, frames: frames) }
    func close() { inner.close() }

    func descriptors(_ descriptors: inout [pollfd]) {
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        guard hasWoken else { return }
        hasWoken = false
        onRound()
    }

    func events(_ descriptors: ArraySlice<pollfd>) throws(ALSAFailure) -> Int16 {
        var bytes = [UInt8](repeating: 0, count: 64)
        while Glibc.read(descriptor, &bytes, bytes.count) > 0 { hasWoken = true }
        return inner.state == .running ? Int16(POLLIN) : Int16(POLLERR)
    }
}
