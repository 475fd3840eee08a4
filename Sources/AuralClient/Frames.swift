import AuralWire

extension Client {
    /// The frames alone, as they come. To be iterated once, in place of `records`. Ends by throwing `SocketError` when the daemon goes.
    public var frames: Frames { Frames(records: records) }

    /// The frames among the records.
    public struct Frames: AsyncSequence, Sendable {
        /// What comes.
        public typealias Element = FrameRecord

        let records: Records

        /// Takes the frames one by one.
        public struct AsyncIterator: AsyncIteratorProtocol {
            var iterator: Records.AsyncIterator

            /// The next frame, nil when the task is cancelled.
            public mutating func next() async throws -> FrameRecord? {
                while let record = try await iterator.next() {
                    if case .frame(let frame) = record { return frame }
                }
                return nil
            }
        }

        /// Starts to iterate; once only.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: records.makeAsyncIterator()) }
    }
}
