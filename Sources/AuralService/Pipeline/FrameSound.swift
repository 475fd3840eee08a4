import AuralCore
import AuralWire

/// The sound that belongs to frames: of a clip, or of a microphone. Used on the inference thread.
package protocol FrameSound: AnyObject {
    /// What was heard in the second that ends at the frame; nil while nothing is heard. Throws where nothing ever will be again.
    func level(of frame: Frame) throws -> FrameRecord.Audio?
}

extension ClipSound: FrameSound {
    package func level(of frame: Frame) throws -> FrameRecord.Audio? { try level(frame: frame.sequence) }
}
