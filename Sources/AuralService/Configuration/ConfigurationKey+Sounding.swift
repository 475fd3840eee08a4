extension ConfigurationKey {
    static let fuser: [ConfigurationKey] = [
        .boolean(
            "fuser", "sparse", \.fuser.isSparse, .restart,
            "Give the mask decoder the fuser's tokens of the sound. Off only to see what they do."),
        .boolean(
            "fuser", "dense", \.fuser.isDense, .restart,
            "Give the mask decoder the picture's features that the fuser has mixed with sound. Off only to see what they do."),
        .integer(
            "fuser", "keyframe_ms", \.fuser.keyframeMilliseconds, 100...60_000, .restart,
            "Milliseconds from one audio keyframe to the next, with a fuser that looks at several frames at once. In between the memory "
                + "carries the mask."),
        .number(
            "fuser", "iou_threshold", \.fuser.iouThreshold, 0...1, .restart,
            "Audio keyframes whose predicted intersection over union is above this are remembered as conditioning frames."),
        .integer(
            "fuser", "history", \.fuser.history, 0...60, .restart,
            "Seconds of sound that a causal fuser remembers. 0 is what the model bundle says."),
    ]

    static let sounding: [ConfigurationKey] = [
        .boolean(
            "sounding", "instances", \.sounding.hasInstances, .restart,
            "Send the connected parts of the sounding object's mask as instances, with numbers that they keep over time."),
        .number(
            "sounding", "instance_min_share", \.sounding.instanceMinimumShare, 0...1, .restart,
            "The least share of the frame that an instance covers; smaller parts are left out."),
        .integer(
            "sounding", "instance_grace_ms", \.sounding.instanceGraceMilliseconds, 0...60_000, .restart,
            "Milliseconds that an instance may be missing before it ends; back within them it keeps its number."),
    ]
}
