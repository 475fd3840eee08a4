import Synchronization

/// Hands out pictures and takes their memory back when the last reference goes, so that a stream of frames of one size allocates only at its start.
package final class ImagePool: Sendable {
    // SAFETY: the raw buffers in the list belong to nobody else while they are in it; the mutex guards the list.
    private struct Memory: @unchecked Sendable {
        var buffers: [UnsafeMutableBufferPointer<UInt8>] = []
    }

    private let memory = Mutex(Memory())
    private let capacity: Int

    /// Keeps at most `capacity` unused pictures; more are freed.
    package init(capacity: Int = 8) {
        self.capacity = capacity
    }

    deinit {
        memory.withLock { memory in
            for buffer in memory.buffers { buffer.deallocate() }
            memory.buffers.removeAll()
        }
    }

    /// A picture whose contents are whatever was there before; the caller writes every byte. Nil where the size is not allowed (see `RGBImage.byteCount`).
    package func image(width: Int, height: Int) -> RGBImage? {
        guard let count = RGBImage.byteCount(width: width, height: height) else { return nil }
        let reused: Memory = memory.withLock { memory in
            guard let index = memory.buffers.firstIndex(where: { $0.count == count }) else { return Memory() }
            return Memory(buffers: [memory.buffers.remove(at: index)])
        }
        let bytes = reused.buffers.first ?? UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        return RGBImage(width: width, height: height, memory: bytes, pool: self)
    }

    func giveBack(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        let returned = Memory(buffers: [buffer])
        let evicted: Memory = memory.withLock { memory in
            memory.buffers.append(contentsOf: returned.buffers)
            // The oldest goes first: after a change of size the old size's pictures leave the pool.
            guard memory.buffers.count > capacity else { return Memory() }
            return Memory(buffers: [memory.buffers.removeFirst()])
        }
        for buffer in evicted.buffers { buffer.deallocate() }
    }
}
