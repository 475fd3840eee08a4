import AuralCapture
import AuralCore
import AuralInference
import AuralTracking
import AuralWire
import Logging

extension SegmentationPipeline {
    /// From now on something else counts as heard.
    package func setHearing(_ hearing: Configuration.Hearing) { sound?.hearing = hearing }

    /// What is heard at a frame's time; nil without sound.
    func hear(_ frame: Frame) -> HeardSound? {
        let start = clock.now()
        do {
            let heard = try sound?.hear(frame, needsSegment: segmenter.tracker.hears)
            metrics?.audio?.level.set(heard?.audio.rmsDBFS ?? AudioLevel.floor)
            metrics?.stages[.hearing].observe(nanoseconds: clock.now().nanoseconds(since: start))
            return heard
        } catch {
            // Said once: the file will not come back.
            logger.warning("sound cannot be read any more", metadata: ["reason": "\(error)"])
            sound = nil
            metrics?.audio?.level.set(AudioLevel.floor)
            return nil
        }
    }

    /// The same once the picture is encoded: the last milliseconds before the frame, and the little after it that the resampler looks ahead, have
    /// been heard meanwhile. What was heard before is kept where the networks take so long that nothing of it is left.
    func hearAgain(_ frame: Frame, _ heard: HeardSound?) -> HeardSound? {
        guard segmenter.tracker.hears || heard?.audio.lateMilliseconds != nil || heard == nil else { return heard }
        guard var again = hear(frame) else { return heard }
        // Of a second that has been lost meanwhile, the level is that of what is left.
        if let missing = again.audio.missingMilliseconds, missing > heard?.audio.missingMilliseconds ?? 0, let heard { return heard }
        again.segment = again.segment ?? heard?.segment
        return again
    }

    /// Counts what the tracker did.
    func follow() {
        let tracker = segmenter.tracker
        metrics?.follows(tracker)
        metrics?.audioKeyframes.increment(by: tracker.audioKeyframes - countedKeyframes)
        countedKeyframes = tracker.audioKeyframes
    }

    /// Tells of the parts of what sounds on the frame that was published last.
    func publishInstances(_ frame: Frame) {
        guard let instances else { return }
        let mask = segmenter.soundingMask
        let moment = InstancePublisher.Moment(sequence: frame.sequence, time: frame.time, maskSize: segmenter.maskPixels)
        do {
            try withExtendedLifetime(mask) {
                try instances.publish(mask.map { UnsafeBufferPointer($0.floats) }, side: segmenter.maskSide, at: moment)
            }
        } catch {
            logger.warning("instances cannot be told", metadata: ["reason": "\(error)"])
        }
    }
}
