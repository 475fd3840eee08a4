import AuralInference

/// The parts of the work on a frame that are timed (`stage`).
package enum Stage: Int, MetricLabel {
    case decode, resize, encodeImage, memoryAttend, maskDecode, memoryEncode, hearing, vggish, fuser, encodeRLE, send

    package static let label = "stage"

    package var value: String {
        switch self {
        case .decode: "decode"
        case .resize: "resize"
        case .encodeImage: "encode_image"
        case .memoryAttend: "memory_attend"
        case .maskDecode: "mask_decode"
        case .memoryEncode: "memory_encode"
        case .hearing: "hearing"
        case .vggish: "vggish"
        case .fuser: "fuser"
        case .encodeRLE: "encode_rle"
        case .send: "send"
        }
    }

    /// The stage that times a network; nil for the small ones that only prompts use.
    package init?(_ name: StageName) {
        switch name {
        case .imageEncoder: self = .encodeImage
        case .firstSelfAttention, .memoryAttention, .memoryAttentionPooled, .windowMemoryAttention, .windowMemoryAttentionPooled:
            self = .memoryAttend
        case .maskDecoder, .windowMaskDecoder, .audioMaskDecoder, .audioPromptMaskDecoder: self = .maskDecode
        case .vggish: self = .vggish
        case .fuserFrame, .fuser: self = .fuser
        case .memoryEncoder, .windowMemoryEncoder: self = .memoryEncode
        case .promptEncoder, .maskPromptEncoder, .maskInputEncoder, .textEncoder, .textProjection: return nil
        }
    }

    /// The stage that times a step besides the networks.
    package init(_ step: FrameSegmenter.FrameStep) {
        switch step {
        case .resize: self = .resize
        case .encodeMasks: self = .encodeRLE
        }
    }
}

/// Why a frame of a source was not looked at (`reason`).
package enum FrameDropReason: Int, MetricLabel {
    /// A newer one came while the networks were busy.
    case busy
    /// The device flagged it, or it cannot be decoded.
    case corrupt
    /// The device skipped numbers.
    case sequenceGap
    /// The first after opening, whose time stamp firmware often gets wrong.
    case first

    package static let label = "reason"

    package var value: String {
        switch self {
        case .busy: "busy"
        case .corrupt: "corrupt"
        case .sequenceGap: "sequence_gap"
        case .first: "first"
        }
    }
}

/// Why sound is missing (`reason`).
package enum AudioGapReason: Int, MetricLabel {
    /// An overrun: the samples were not fetched in time.
    case overrun
    /// The machine slept.
    case suspend
    /// The device was closed and opened again.
    case reopen
    /// Samples are missing by the clock, and nobody told: a USB transfer that failed, a sound server that was late.
    case lost

    package static let label = "reason"

    /// The reason of a `SourceEvent.gap`.
    package init(_ word: String) {
        self = Self.allCases.first { $0.value == word } ?? .lost
    }

    package var value: String {
        switch self {
        case .overrun: "xrun"
        case .suspend: "suspend"
        case .reopen: "reopen"
        case .lost: "lost"
        }
    }
}

/// What waits in the daemon (`queue`).
package enum QueueName: Int, MetricLabel {
    /// Frames between source and networks.
    case frames
    /// Prompts that wait for the next frame.
    case prompts

    package static let label = "queue"

    package var value: String {
        switch self {
        case .frames: "frames"
        case .prompts: "prompts"
        }
    }
}

/// How a reload of the configuration went (`result`).
package enum ReloadResult: Int, MetricLabel {
    case applied, needsRestart, rejected

    package static let label = "result"

    package var value: String {
        switch self {
        case .applied: "applied"
        case .needsRestart: "needs_restart"
        case .rejected: "rejected"
        }
    }
}
