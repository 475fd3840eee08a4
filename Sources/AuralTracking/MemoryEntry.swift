import AuralInference

/// What is remembered of one object on one frame.
package struct MemoryEntry {
    /// Unique among all memories of a tracker, so that copies can be recognised.
    var identifier: Int
    /// Index of the frame within the stream.
    package var frame: Int
    /// The spatial memory [HW, m]; nil once the frame is too far back for it and only the pointer counts.
    package var memory: Tensor?
    /// The object pointer [d].
    package var pointer: [Float]
    /// A conditioning memory that a person made; those of audio keyframes go before it.
    var isPinned = true
}
