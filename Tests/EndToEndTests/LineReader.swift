import Foundation
import Glibc
import Synchronization

/// Reads a descriptor to its end on a thread of its own, and hands out its lines one by one.
final class LineReader: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// Where the next line begins.
        var place = 0
        var isEnded = false
        var waiters: [(wantsAll: Bool, continuation: CheckedContinuation<String?, Never>)] = []
    }

    private let state = Mutex(State())
    private let onCancel: @Sendable () -> Void

    /// Begins to read; closes the descriptor at its end. `onCancel` must bring that end about: it is called when a test runs out of
    /// time, since nothing else would wake it.
    init(_ descriptor: Int32, onCancel: @escaping @Sendable () -> Void) {
        self.onCancel = onCancel
        let thread = Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                // A terminal whose other side is closed says EIO where a pipe says 0.
                guard count > 0 else { break }
                update { $0.bytes += buffer[..<count] }
            }
            close(descriptor)
            update { $0.isEnded = true }
        }
        thread.start()
    }

    /// The next line without its line feed; nil at the end.
    func next() async -> String? { await wait(forAll: false) }

    /// The first line from here on that contains `text`; nil if none comes.
    func next(containing text: String) async -> String? {
        while let line = await next() {
            if line.contains(text) { return line }
        }
        return nil
    }

    /// Everything, from the beginning, once it has ended.
    func text() async -> String { await wait(forAll: true) ?? "" }

    private func wait(forAll: Bool) async -> String? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                update { $0.waiters.append((forAll, continuation)) }
            }
        } onCancel: {
            onCancel()
        }
    }

    private func update(_ change: (inout sending State) -> Void) {
        let ready = state.withLock { state -> [(CheckedContinuation<String?, Never>, String?)] in
            change(&state)
            var ready: [(CheckedContinuation<String?, Never>, String?)] = []
            var rest: [(wantsAll: Bool, continuation: CheckedContinuation<String?, Never>)] = []
            for waiter in state.waiters {
                if let answer = Self.answer(&state, waiter.wantsAll) {
                    ready.append((waiter.continuation, answer))
                } else {
                    rest.append(waiter)
                }
            }
            state.waiters = rest
            return ready
        }
        for (continuation, answer) in ready { continuation.resume(returning: answer) }
    }

    /// What a waiter gets: the outer nil while it has to wait, the inner one at the end.
    private static func answer(_ state: inout State, _ wantsAll: Bool) -> String?? {
        if wantsAll { return state.isEnded ? .some(String(decoding: state.bytes, as: UTF8.self)) : nil }
        let end = state.bytes[state.place...].firstIndex(of: 0x0A)
        guard let stop = end ?? (state.isEnded ? state.bytes.endIndex : nil) else { return nil }
        guard end != nil || state.place < stop else { return .some(nil) }
        defer { state.place = min(stop + 1, state.bytes.endIndex) }
        return .some(String(decoding: state.bytes[state.place..<stop], as: UTF8.self))
    }
}
