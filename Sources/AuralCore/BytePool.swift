import Synchronization

/// Hands out memory for pictures as a camera delivers them, and takes it back when the last reference goes: once warm, a frame allocates
/// nothing of its own size.
package final class BytePool: Sendable {
    // SAFETY: the raw buffers in the list belong to nobody else while they are in it; the mutex guards the list.
    private struct Memory: @unchecked Sendable {
        var buffers: [UnsafeMutableRawBufferPointer] = []
    }

    private let memory = Mutex(Memory())
    private let capacity: Int

    /// Keeps at most `capacity` unused buffers; more are freed.
    package init(capacity: Int = 4) {
        self.capacity = capacity
    }

    deinit {
        memory.withLock { memory in
            for buffer in memory.buffers { buffer.deallocate() }
            memory.buffers.removeAll()
        }
    }

    /// A copy of `source`, in memory that is at least as large.
    package func copy(_ source: UnsafeRawBufferPointer) -> PooledBytes {
        let reused: Memory = memory.withLock { memory in
            guard let index = memory.buffers.firstIndex(where: { $0.count >= source.count }) else { return Memory() }
            return Memory(buffers: [memory.buffers.remove(at: index)])
        }
        // Whole pages, so that pictures of a compressed format, whose sizes differ a little, share memory.
        let size = max(1, (source.count / 65_536 + 1) * 65_536)
        let buffer = reused.buffers.first ?? UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        buffer.copyMemory(from: source)
        return PooledBytes(memory: buffer, count: source.count, pool: self)
    }

    fileprivate func giveBack(_ buffer: UnsafeMutableRawBufferPointer) {
        let returned = Memory(buffers: [buffer])
        let evicted: Memory = memory.withLock { memory in
            memory.buffers.append(contentsOf: returned.buffers)
            // The oldest goes first: after a change of format the old one's memory leaves the pool.
            guard memory.buffers.count > capacity else { return Memory() }
            return Memory(buffers: [memory.buffers.removeFirst()])
        }
        for buffer in evicted.buffers { buffer.deallocate() }
    }
}

/// Bytes out of a `BytePool`; they go back when the last reference goes.
package final class PooledBytes: @unchecked Sendable {
    // SAFETY: @unchecked because of the raw memory; it is written once, before anybody else sees it, and only read from then on.
    private let memory: UnsafeMutableRawBufferPointer
    private let pool: BytePool

    /// How many bytes there are.
    package let count: Int

    fileprivate init(memory: UnsafeMutableRawBufferPointer, count: Int, pool: BytePool) {
        self.memory = memory
        self.count = count
        self.pool = pool
    }

    deinit {
        pool.giveBack(memory)
    }

    /// Reads the bytes; the pointer is valid within `body` only.
    package func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[0..<count]))
    }
}
