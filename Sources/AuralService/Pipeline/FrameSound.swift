import AuralCore
import AuralHearing
import AuralWire

/// What was heard at a frame's time.
package struct HeardSound: Sendable {
    /// For the record.
    package var audio: FrameRecord.Audio
    /// For the networks; nil where it was not asked for, or cannot be made of sound at this rate.
    package var segment: AudioSegment?

    /// Sound for the record and, where there is a segment, for the networks.
    package init(audio: FrameRecord.Audio, segment: AudioSegment? = nil) {
        self.audio = audio
        self.segment = segment
    }
}

/// The sound that belongs to frames: of a clip, or of a microphone. Used on the inference thread.
package protocol FrameSound: AnyObject {
    /// When something counts as heard; may be changed between frames.
    var hearing: Configuration.Hearing { get set }

    /// What was heard in the second that ends at the frame; nil while nothing is heard. Throws where nothing ever will be again.
    ///
    /// May be asked again for the same frame, when more has been heard: that adds what is new, and the silence gate judges the frame anew. A
    /// segment is kept up only from call to call that needs it: asked for once in two seconds or more often, each sample is looked at once.
    func hear(_ frame: Frame, needsSegment: Bool) throws -> HeardSound?

    /// The sound itself since the last call, for clients that want it, oldest first. Throws where nothing ever will be heard again.
    func pieces(for frame: Frame) throws -> [SoundPiece]

    /// Nobody wants the sound itself any more.
    func forgetPieces()
}
