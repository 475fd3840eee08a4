import AuralCore
import AuralNetworks

/// One object with its memories and what was last said about it.
struct TrackedObject {
    /// The client's number.
    let identifier: ObjectID
    /// Its memories.
    var bank: MemoryBank
    /// Clicks on the present frame so far: coordinates in the model's square, labels as the prompt encoder takes them.
    var clicks: [Click] = []
    /// The present frame was this object's first or another frame prompted without memory.
    var startsHere = true
    /// The result on the present frame; nil before there is one.
    var result: ObjectResult?
    /// The part of the picture in which it was looked for on the last frame; nil where that was the whole.
    var window: GridWindow?
    /// What the decoder reads and writes for it.
    let decoder: DecoderBuffers
    /// Its memories as memory attention reads them.
    let staging: MemoryStaging

    /// A point for the prompt encoder.
    struct Click: Equatable {
        var x: Float
        var y: Float
        /// 1 and 0 clicks, 2 and 3 corners of a box, −1 padding.
        var label: Int64
    }
}
