import AuralWire

/// Holds a frame back until its picture is there, so that a recording does not end with half a frame; leaves out the frames that came before the daemon
/// knew that their pictures are wanted. Pure.
struct RecordingOrder {
    /// A frame, and what came behind it.
    private var held: [ServerRecord] = []
    private var hasBegun = false

    /// Takes the next record; returns those that are to be recorded now.
    mutating func take(_ record: ServerRecord) -> [ServerRecord] {
        switch record {
        case .frame:
            // The picture of the one before was lost on the way.
            let before = hasBegun ? held : []
            held = [record]
            return before
        case .picture(let picture):
            guard case .frame(let frame) = held.first, frame.sequence == picture.sequence else { return [] }
            hasBegun = true
            let complete = held + [record]
            held = []
            return complete
        case .hello, .source, .error: return [record]
        case .instance, .request, .dropped, .sound, .spectrogram, .reply, .unknown:
            guard held.isEmpty else {
                held.append(record)
                return []
            }
            return hasBegun ? [record] : []
        }
    }
}
