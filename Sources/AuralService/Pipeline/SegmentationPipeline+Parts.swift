import AuralCapture
import AuralCore
import AuralHearing
import AuralWire
import Logging

extension SegmentationPipeline {
    /// Sends a frame's picture and its sound, as far as any client wants them. What cannot be made is logged, and the stream goes on.
    func publishParts(of frame: Frame, _ image: RGBImage, _ heard: HeardSound?) {
        if hub.wants(.picture) { publishPicture(of: frame, image) }
        if hub.wants(.spectrogram), let segment = heard?.segment {
            _ = hub.publish(
                part: SpectrogramRecord(sequence: frame.sequence, end: segment.end, logMel: segment.logMel, bands: AudioSegment.bands))
        }
        guard hub.wants(.sound) else {
            sound?.forgetPieces()
            return
        }
        do {
            for piece in try sound?.pieces(for: frame) ?? [] { send(piece.record(sequence: frame.sequence), of: frame) }
        } catch {
            logger.warning("sound cannot be sent", metadata: ["seq": "\(frame.sequence)", "reason": "\(error)"])
        }
    }

    private func send<Part: WireRecord>(_ part: Part, of frame: Frame) {
        guard !hub.publish(part: part) else { return }
        logger.warning(
            "left out: longer than a line may be; set a smaller mode of the camera", metadata: ["record": "\(Part.type)", "seq": "\(frame.sequence)"])
    }

    private func publishPicture(of frame: Frame, _ image: RGBImage) {
        do {
            let encoder = try encoder ?? JPEGEncoder()
            self.encoder = encoder
            let jpeg = try encoder.picture(of: frame, image)
            send(PictureRecord(sequence: frame.sequence, time: frame.time, size: [frame.size.height, frame.size.width], jpeg: jpeg), of: frame)
        } catch {
            logger.warning("picture cannot be sent", metadata: ["seq": "\(frame.sequence)", "reason": "\(error)"])
        }
    }
}
