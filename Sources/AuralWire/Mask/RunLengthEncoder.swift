import AuralCore

/// Turns mask logits into run lengths at the size that clients want, once per object and frame, without ever making the mask.
///
/// The result is what `torch.nn.functional.interpolate(logits, mode="bilinear", align_corners=False) > 0` has, computed column
/// by column. Keep one encoder per stream: its memory (one transposed copy of the logits, one column, the runs) is made on the
/// first frame and reused.
public struct RunLengthEncoder: Sendable {
    /// The runs of the mask that was encoded last, outside first, in column-major order.
    public var counts: [UInt32] { runs.counts }
    /// The number of pixels inside of the mask that was encoded last.
    public private(set) var area = 0
    /// The bounding box of the mask that was encoded last, in its own pixels; all zeros when it is empty.
    public private(set) var boundingBox = PixelRectangle(x: 0, y: 0, width: 0, height: 0)
    /// Rows of the mask that was encoded last.
    public private(set) var height = 0
    /// Pixels in a row of the mask that was encoded last.
    public private(set) var width = 0

    private var runs = RunBuilder()
    private var horizontal = BilinearAxis(inputs: 1, outputs: 1)
    private var vertical = BilinearAxis(inputs: 1, outputs: 1)
    private var positiveRows: [Range<Int>] = []
    private var scratch: [Float] = []

    /// An encoder that has no memory yet.
    public init() {}

    /// The mask that was encoded last, as a value of its own (shares the runs until the next one). Nil before the first one.
    public var mask: RunLengthMask? {
        height > 0 ? RunLengthMask(trustedHeight: height, width: width, counts: runs.counts) : nil
    }

    /// Encodes one object. `logits` are `logitsHeight` rows of `logitsWidth` values; above zero means inside. Throws
    /// `WireError.Code.invalidMask` where a side is outside 1…16384 or the number of logits does not fit.
    public mutating func encode(
        logits: UnsafeBufferPointer<Float>, logitsWidth: Int, logitsHeight: Int, width: Int, height: Int
    ) throws(WireError) {
        _ = try RunLengthMask.pixelCount(height: height, width: width)
        let logitCount = try RunLengthMask.pixelCount(height: logitsHeight, width: logitsWidth)
        guard logits.count == logitCount else {
            throw WireError(.invalidMask, "\(logits.count) logits do not fill \(logitsWidth)×\(logitsHeight)")
        }
        if horizontal.inputs != logitsWidth || horizontal.outputs != width {
            horizontal = BilinearAxis(inputs: logitsWidth, outputs: width)
        }
        if vertical.inputs != logitsHeight || vertical.outputs != height {
            vertical = BilinearAxis(inputs: logitsHeight, outputs: height)
        }
        let scratchCount = ColumnPass.scratchCount(width: logitsWidth, height: logitsHeight)
        if scratch.count != scratchCount { scratch = [Float](repeating: 0, count: scratchCount) }
        if positiveRows.count != logitsWidth { positiveRows = [Range<Int>](repeating: 0..<0, count: logitsWidth) }
        self.width = width
        self.height = height
        run(over: logits)
        let measure = RunMeasure(height: height, counts: runs.counts)
        area = measure.area
        boundingBox = measure.boundingBox
    }

    private mutating func run(over logits: UnsafeBufferPointer<Float>) {
        // Moved out and back, so that nothing is copied and the closures do not reach into self.
        var runs = RunBuilder()
        swap(&runs, &self.runs)
        runs.reset()
        var positiveRows: [Range<Int>] = []
        swap(&positiveRows, &self.positiveRows)
        var scratch: [Float] = []
        swap(&scratch, &self.scratch)
        let horizontal = horizontal
        let vertical = vertical
        scratch.withUnsafeMutableBufferPointer { scratch in
            positiveRows.withUnsafeMutableBufferPointer { positiveRows in
                let pass = ColumnPass(
                    horizontal: horizontal, vertical: vertical, logits: logits, scratch: scratch, positiveRows: positiveRows)
                pass?.transpose()
                for x in 0..<horizontal.outputs { pass?.appendColumn(x, to: &runs) }
            }
        }
        runs.finish()
        swap(&runs, &self.runs)
        swap(&positiveRows, &self.positiveRows)
        swap(&scratch, &self.scratch)
    }
}
