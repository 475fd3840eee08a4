import AuralCore

/// The connected parts of a mask, the largest first: cells above zero that touch at a side or a corner (8-connectivity).
///
/// Two passes with a union-find over provisional labels (A. Rosenfeld, J. L. Pfaltz, "Sequential Operations in Digital Picture
/// Processing", J. ACM 13, 1966). Keep one value per stream: its memory is made for a size and reused.
package struct ConnectedComponents: Sendable {
    /// One part.
    package struct Part: Sendable, Equatable {
        /// Its cells.
        package var area: Int
        /// The smallest rectangle around it, in cells.
        package var box: PixelRectangle

        /// A part with its fields.
        package init(area: Int, box: PixelRectangle) {
            self.area = area
            self.box = box
        }
    }

    /// The parts, by area and then in the order of their first cells, row by row.
    package private(set) var parts: [Part] = []
    /// For each cell, row by row: 0 outside of all parts, else the part's place in `parts` plus one.
    package private(set) var labels: [Int32] = []
    /// Cells in a row.
    package private(set) var width = 0
    /// Rows.
    package private(set) var height = 0

    private var unions = LabelUnions()
    /// For each place in `parts` its provisional label.
    private var chosen: [Int32] = []

    /// No parts, and no memory yet.
    package init() {}

    /// Finds the parts of a mask.
    ///
    /// - Parameters:
    ///   - logits: `height` rows of `width` values; above zero means inside, NaN does not. Another number of values has no parts.
    ///   - minimumArea: smaller parts are left out.
    ///   - maximumParts: as many of the largest are kept.
    package mutating func find(
        _ logits: UnsafeBufferPointer<Float>, width: Int, height: Int, minimumArea: Int = 1, maximumParts: Int = .max
    ) {
        parts.removeAll(keepingCapacity: true)
        chosen.removeAll(keepingCapacity: true)
        guard prepare(logits.count, width: width, height: height) else { return }
        label(logits)
        unions.merge()
        for label in unions.roots where unions.extents[label].area >= minimumArea { keep(label, maximumParts) }
        unions.rename(chosen)
        for index in labels.indices where labels[index] != 0 { labels[index] = unions.names[Int(labels[index])] }
    }

    /// Whether there is anything to look at; makes memory where the size is a new one.
    private mutating func prepare(_ count: Int, width: Int, height: Int) -> Bool {
        let (cells, overflow) = width.multipliedReportingOverflow(by: height)
        let isValid = width > 0 && height > 0 && !overflow && cells == count && count < Int(Int32.max)
        self.width = isValid ? width : 0
        self.height = isValid ? height : 0
        if labels.count != (isValid ? count : 0) { labels = [Int32](repeating: 0, count: isValid ? count : 0) }
        unions.prepare(width: self.width, height: self.height)
        return isValid
    }

    /// First pass: a provisional label for each cell inside, the least one of its neighbours that have been visited.
    private mutating func label(_ logits: UnsafeBufferPointer<Float>) {
        for y in 0..<height {
            let row = y * width
            for x in 0..<width {
                guard logits[row + x] > 0 else {
                    labels[row + x] = 0
                    continue
                }
                let label = label(x: x, y: y)
                labels[row + x] = label
                unions.extents[Int(label)].add(x: x, y: y)
            }
        }
    }

    /// The cell above touches all other visited neighbours, so where it is inside nothing else need be looked at.
    private mutating func label(x: Int, y: Int) -> Int32 {
        let above = (y - 1) * width + x
        if y > 0, labels[above] != 0 { return labels[above] }
        let left = x > 0 ? (y > 0 && labels[above - 1] != 0 ? labels[above - 1] : labels[above + width - 1]) : 0
        let right = y > 0 && x + 1 < width ? labels[above + 1] : 0
        if left != 0, right != 0 { return unions.join(left, right) }
        return left != 0 ? left : right != 0 ? right : unions.add()
    }

    /// Puts a part into its place among the largest.
    private mutating func keep(_ label: Int, _ maximumParts: Int) {
        let extent = unions.extents[label]
        let place = parts.firstIndex { $0.area < extent.area } ?? parts.count
        guard place < maximumParts else { return }
        if parts.count == maximumParts {
            parts.removeLast()
            chosen.removeLast()
        }
        parts.insert(Part(area: extent.area, box: extent.box), at: place)
        chosen.insert(Int32(label), at: place)
    }
}
