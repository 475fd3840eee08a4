/// One walk over the columns of a mask that is resized (see `RunLengthEncoder`), on memory that the encoder owns.
struct ColumnPass {
    // SAFETY: the pointers are valid for the closure in which the encoder makes this value. The initialiser checks that
    // `columns` holds columnCount · rowCount values, `mixed` rowCount values, and `positiveRows` columnCount ranges; every
    // index below stays within these.
    private let source: UnsafePointer<Float>
    private let columns: UnsafeMutablePointer<Float>
    private let mixed: UnsafeMutablePointer<Float>
    private let positiveRows: UnsafeMutablePointer<Range<Int>>
    private let horizontal: BilinearAxis
    private let vertical: BilinearAxis
    private let rowCount: Int
    private let columnCount: Int

    /// Values that the pass needs for logits of this size: a transposed copy and one column.
    static func scratchCount(width: Int, height: Int) -> Int { width * height + height }

    /// Nil unless all memory has the size that the axes ask for.
    init?(
        horizontal: BilinearAxis, vertical: BilinearAxis, logits: UnsafeBufferPointer<Float>,
        scratch: UnsafeMutableBufferPointer<Float>, positiveRows: UnsafeMutableBufferPointer<Range<Int>>
    ) {
        columnCount = horizontal.inputs
        rowCount = vertical.inputs
        guard logits.count == columnCount * rowCount, positiveRows.count == columnCount,
            scratch.count == Self.scratchCount(width: columnCount, height: rowCount),
            let source = logits.baseAddress, let columns = scratch.baseAddress, let ranges = positiveRows.baseAddress
        else { return nil }
        self.source = source
        self.columns = columns
        self.mixed = columns + columnCount * rowCount
        self.positiveRows = ranges
        self.horizontal = horizontal
        self.vertical = vertical
    }

    /// Copies the logits column after column, and notes for each column between which rows it has positive values.
    func transpose() {
        let block = 16
        for left in stride(from: 0, to: columnCount, by: block) {
            let right = min(left + block, columnCount)
            for y in 0..<rowCount {
                let row = source + y * columnCount
                for x in left..<right { columns[x * rowCount + y] = row[x] }
            }
        }
        for x in 0..<columnCount {
            let values = columns + x * rowCount
            var top = 0
            while top < rowCount, !(values[top] > 0) { top += 1 }
            var bottom = rowCount
            while bottom > top, !(values[bottom - 1] > 0) { bottom -= 1 }
            positiveRows[x] = top..<bottom
        }
    }

    /// Appends one column of the mask to the runs.
    func appendColumn(_ x: Int, to runs: inout RunBuilder) {
        let left = horizontal.first[x]
        let right = horizontal.second[x]
        // A weighted mean of values that are all at most zero is at most zero, so only these rows of the column can be positive.
        let top = min(positiveTop(left), positiveTop(right))
        let bottom = max(positiveRows[left].upperBound, positiveRows[right].upperBound)
        guard top < bottom else {
            runs.append(inside: false, count: vertical.outputs)
            return
        }
        let leftWeight = horizontal.firstWeight[x]
        let rightWeight = horizontal.secondWeight[x]
        let first = columns + left * rowCount
        let second = columns + right * rowCount
        // One row more on each side: the neighbours of the positive rows take part in the vertical means.
        for y in max(top - 1, 0)..<min(bottom + 1, rowCount) {
            mixed[y] = BilinearAxis.mix(first[y], leftWeight, second[y], rightWeight)
        }
        for group in vertical.groups {
            if group.second < top || group.first >= bottom {
                runs.append(inside: false, count: group.outputs.count)
            } else {
                append(group, to: &runs)
            }
        }
    }

    /// The first positive row of an input column, or the row after the last one where it has none.
    private func positiveTop(_ x: Int) -> Int {
        positiveRows[x].isEmpty ? rowCount : positiveRows[x].lowerBound
    }

    /// Appends the outputs between two neighbouring inputs of the column.
    @inline(__always)
    private func append(_ group: BilinearAxis.Group, to runs: inout RunBuilder) {
        let upper = mixed[group.first]
        let lower = mixed[group.second]
        if !(upper > 0), !(lower > 0) {
            runs.append(inside: false, count: group.outputs.count)
        } else if Self.surelyPositive(upper), Self.surelyPositive(lower) {
            runs.append(inside: true, count: group.outputs.count)
        } else {
            for y in group.outputs {
                let value = BilinearAxis.mix(upper, vertical.firstWeight[y], lower, vertical.secondWeight[y])
                runs.append(inside: value > 0, count: 1)
            }
        }
    }

    /// Whether a weighted mean with another such value cannot round to zero nor meet an infinity times a weight of zero.
    @inline(__always)
    private static func surelyPositive(_ value: Float) -> Bool {
        value > 1e-30 && value < 1e30
    }
}
