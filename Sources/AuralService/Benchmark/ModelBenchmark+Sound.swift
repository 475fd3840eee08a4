extension ModelBenchmark {
    /// What sound adds to a frame, in milliseconds and as shares of a frame without it.
    package struct SoundCost: Sendable, Codable, Equatable {
        /// The median frame without sound: one object carried by its memory.
        package var frameMilliseconds: Double
        /// What an audio keyframe takes longer: VGGish, fuser, and the decoder with audio in the place of the one without. Where objects are carried
        /// forward in windows, also the whole picture in the place of one.
        package var keyframeMilliseconds: Double
        /// The mask decoder without audio prompts, and with.
        package var decoderMilliseconds: Double
        package var audioDecoderMilliseconds: Double

        private enum CodingKeys: String, CodingKey {
            case frameMilliseconds = "frame_ms"
            case keyframeMilliseconds = "keyframe_ms"
            case decoderMilliseconds = "decoder_ms"
            case audioDecoderMilliseconds = "audio_decoder_ms"
        }

        /// Compares the stages of frames without sound and of audio keyframes.
        init(silent: [Line], heard: [Line]) {
            func median(_ lines: [Line], _ name: String) -> Double { lines.first { $0.name == name }?.median ?? 0 }
            frameMilliseconds = median(silent, "whole frame")
            decoderMilliseconds = median(silent, "mask_decoder") + median(silent, "window_mask_decoder")
            audioDecoderMilliseconds = median(heard, "audio_mask_decoder")
            /// Stages that only one of them has: what both have would only add noise.
            func own(_ lines: [Line], not others: [Line]) -> Double {
                let names = Set(others.map(\.name))
                return lines.reduce(0) { $0 + (names.contains($1.name) ? 0 : $1.median) }
            }
            keyframeMilliseconds = own(heard, not: silent) - own(silent, not: heard)
        }

        /// What sound adds to an average frame of a stream of so many frames a second with one audio keyframe in each, as a share of a frame.
        package func share(framesPerSecond: Double) -> Double {
            guard frameMilliseconds > 0 else { return 0 }
            return keyframeMilliseconds / max(framesPerSecond, 1) / frameMilliseconds
        }
    }
}
