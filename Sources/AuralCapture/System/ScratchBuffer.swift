/// Raw memory that grows and is kept, so that reading frame after frame allocates only while frames still get larger.
final class ScratchBuffer {
    // SAFETY: the memory is owned by this object alone and lives as long as it does or until `reserve` replaces it; whoever holds
    // a pointer from `prefix` uses it before the next call of `reserve`.
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit {
        memory.deallocate()
    }

    /// The first `count` bytes of memory that is large enough; what was in it may be lost.
    func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(byteCount: max(count, 4096), alignment: 64)
        }
        return UnsafeMutableRawBufferPointer(rebasing: memory[0..<max(0, count)])
    }
}
