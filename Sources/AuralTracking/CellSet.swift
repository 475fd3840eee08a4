import AuralCore

/// The cells of one part, a bit for each, rows beginning with a new word.
struct CellSet: Sendable {
    private var words: [UInt64] = []
    private var wordsPerRow = 0
    private var rows = 0
    /// The number of cells.
    private(set) var area = 0
    private var box = PixelRectangle(x: 0, y: 0, width: 0, height: 0)

    /// Becomes the cells of a part. Makes memory only where the picture's size is a new one.
    mutating func take(_ index: Int, of components: ConnectedComponents) {
        let perRow = (components.width + 63) / 64
        if wordsPerRow != perRow || rows != components.height {
            wordsPerRow = perRow
            rows = components.height
            words = [UInt64](repeating: 0, count: perRow * rows)
        } else {
            for y in box.y..<(box.y + box.height) {
                for word in (y * wordsPerRow)..<((y + 1) * wordsPerRow) { words[word] = 0 }
            }
        }
        let part = components.parts[index]
        let label = Int32(index + 1)
        area = part.area
        box = part.box
        for y in box.y..<(box.y + box.height) {
            for x in box.x..<(box.x + box.width) where components.labels[y * components.width + x] == label {
                words[y * wordsPerRow + x >> 6] |= 1 << UInt64(x & 63)
            }
        }
    }

    /// Cells that both have, divided by cells that either has; 0 for sets of pictures of different sizes.
    func intersectionOverUnion(_ other: CellSet) -> Double {
        guard wordsPerRow == other.wordsPerRow, rows == other.rows else { return 0 }
        let top = max(box.y, other.box.y)
        let bottom = min(box.y + box.height, other.box.y + other.box.height)
        let left = max(box.x, other.box.x)
        let right = min(box.x + box.width, other.box.x + other.box.width)
        guard top < bottom, left < right else { return 0 }
        var common = 0
        for y in top..<bottom {
            for word in (y * wordsPerRow + left >> 6)...(y * wordsPerRow + (right - 1) >> 6) {
                common += (words[word] & other.words[word]).nonzeroBitCount
            }
        }
        return Double(common) / Double(area + other.area - common)
    }
}
