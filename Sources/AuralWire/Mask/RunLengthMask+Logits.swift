extension RunLengthMask {
    /// The mask of `logits` (row-major, above zero means inside) at another size: what
    /// `torch.nn.functional.interpolate(mode="bilinear", align_corners=False) > 0` has. Throws `WireError.Code.invalidMask`
    /// where a side is outside 1…16384 or the number of logits does not fit. On the frame path keep a `RunLengthEncoder`
    /// instead, which reuses its memory.
    public init(
        logits: UnsafeBufferPointer<Float>, logitsWidth: Int, logitsHeight: Int, width: Int, height: Int
    ) throws(WireError) {
        var encoder = RunLengthEncoder()
        try encoder.encode(logits: logits, logitsWidth: logitsWidth, logitsHeight: logitsHeight, width: width, height: height)
        self.init(trustedHeight: height, width: width, counts: encoder.counts)
    }
}
