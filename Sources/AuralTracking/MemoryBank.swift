import AuralInference

/// The memories of one object: a bounded choice of frames, as SAM 2's memory attention reads them.
///
/// Pure bookkeeping. Conditioning entries are frames that somebody prompted; recent entries are the last `memoryFrames` frames with their spatial
/// memory and the last `maximumPointers` with their pointer. Nothing else is kept, however long the stream runs.
/// Source: upstream `_prepare_memory_conditioned_features`.
package struct MemoryBank {
    /// What memory attention reads on one frame.
    struct Selection {
        /// A frame and the row of `maskmem_tpos_enc` for its age.
        typealias Memory = (entry: MemoryEntry, timeRow: Int)

        /// Spatial memories with the row of `maskmem_tpos_enc` for their age.
        var memories: [Memory] = []
        /// Object pointers with their distance in frames.
        var pointers: [(pointer: [Float], distance: Int)] = []
        /// The last row, which is that of conditioning frames.
        let conditioningRow: Int

        /// What is read in full where memories are pooled: conditioning frames, and the frame before.
        var wholeMemories: [Memory] { memories.filter { isWhole($0) } }
        /// The others.
        var oldMemories: [Memory] { memories.filter { !isWhole($0) } }

        private func isWhole(_ memory: Memory) -> Bool { memory.timeRow == 0 || memory.timeRow == conditioningRow }
    }

    private let memoryFrames: Int
    private let maximumPointers: Int
    private let maximumConditioning: Int
    /// Frames that somebody prompted, oldest first.
    package private(set) var conditioning: [MemoryEntry] = []
    /// The last frames, oldest first.
    package private(set) var recent: [MemoryEntry] = []

    /// An empty bank.
    ///
    /// - Parameters:
    ///   - memoryFrames: 7 in the official networks: one conditioning frame and the six before the present one.
    ///   - maximumPointers: 16 in the official networks.
    ///   - maximumConditioning: conditioning entries kept; on one more the oldest goes, those of audio keyframes first.
    package init(memoryFrames: Int, maximumPointers: Int, maximumConditioning: Int) {
        self.memoryFrames = memoryFrames
        self.maximumPointers = maximumPointers
        self.maximumConditioning = maximumConditioning
    }

    /// Remembers a frame, in place of what was remembered of the same frame. Returns tensors that are free again.
    mutating func store(_ entry: MemoryEntry, isConditioning: Bool) -> [Tensor] {
        var freed: [Tensor] = []
        func drop(_ entries: inout [MemoryEntry], where condition: (MemoryEntry) -> Bool) {
            freed += entries.filter(condition).compactMap(\.memory)
            entries.removeAll(where: condition)
        }
        drop(&recent) { $0.frame == entry.frame }
        drop(&conditioning) { $0.frame == entry.frame }
        if isConditioning {
            conditioning.append(entry)
            while conditioning.count > maximumConditioning {
                // The newest is never the one to go, so that new keyframes are seen even among many of a person's.
                let oldest = conditioning.dropLast().firstIndex { !$0.isPinned } ?? 0
                freed += [conditioning.remove(at: oldest).memory].compactMap { $0 }
            }
        } else {
            recent.append(entry)
        }
        // A frame may still be corrected, which reads the frames before it: one more than attention itself would need.
        drop(&recent) { $0.frame <= entry.frame - maximumPointers }
        for index in recent.indices where recent[index].frame <= entry.frame - memoryFrames {
            if let memory = recent[index].memory { freed.append(memory) }
            recent[index].memory = nil
        }
        return freed
    }

    /// Everything goes. Returns the tensors, free again.
    mutating func removeAll() -> [Tensor] {
        let freed = (conditioning + recent).compactMap(\.memory)
        conditioning = []
        recent = []
        return freed
    }

    /// What frame `frame` attends to; `pointerLimit` is min(number of frames, `maximumPointers`).
    func selection(for frame: Int, pointerLimit: Int) -> Selection {
        var selection = Selection(conditioningRow: memoryFrames - 1)
        // What is remembered of the frame itself is what a correction replaces.
        for entry in conditioning where entry.frame != frame {
            selection.memories.append((entry, memoryFrames - 1))
            // only_obj_ptrs_in_the_past_for_eval
            if entry.frame <= frame { selection.pointers.append((entry.pointer, frame - entry.frame)) }
        }
        for entry in recent {
            let distance = frame - entry.frame
            if (1..<memoryFrames).contains(distance), entry.memory != nil { selection.memories.append((entry, distance - 1)) }
        }
        for entry in recent.reversed() {
            let distance = frame - entry.frame
            if distance >= 1, distance < pointerLimit { selection.pointers.append((entry.pointer, distance)) }
        }
        return selection
    }
}
