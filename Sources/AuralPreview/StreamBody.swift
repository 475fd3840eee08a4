import FlyingSocks

/// Bytes as they come, for a response without an end.
struct StreamBody: AsyncBufferedSequence {
    typealias Element = UInt8

    /// What comes before all else.
    var head: [UInt8] = []
    let stream: AsyncStream<[UInt8]>

    struct AsyncIterator: AsyncBufferedIteratorProtocol {
        var iterator: AsyncStream<[UInt8]>.AsyncIterator
        private var rest: ArraySlice<UInt8>

        init(head: [UInt8], _ iterator: AsyncStream<[UInt8]>.AsyncIterator) {
            rest = head[...]
            self.iterator = iterator
        }

        mutating func next() async throws -> UInt8? {
            if rest.isEmpty { rest = await iterator.next()?[...] ?? [] }
            return rest.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            if !rest.isEmpty {
                defer { rest = [] }
                return Array(rest)
            }
            return await iterator.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(head: head, stream.makeAsyncIterator()) }
}
