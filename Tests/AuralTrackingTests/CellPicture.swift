import AuralCore
import AuralTracking

/// A mask that is drawn in characters, one a cell: a point is outside, anything else inside.
struct CellPicture {
    let width: Int
    let height: Int
    let logits: [Float]

    init(_ rows: String...) {
        width = rows.first?.count ?? 0
        height = rows.count
        logits = rows.joined().map { $0 == "." ? -0.5 : 2 }
    }

    init(width: Int, height: Int, logits: [Float]) {
        self.width = width
        self.height = height
        self.logits = logits
    }

    /// A picture with these rectangles in it.
    init(width: Int, height: Int, _ boxes: [PixelRectangle]) {
        self.init(
            width: width, height: height,
            logits: (0..<(width * height)).map { index in
                let (x, y) = (index % width, index / width)
                return boxes.contains { (0..<$0.width).contains(x - $0.x) && (0..<$0.height).contains(y - $0.y) } ? 1 : -1
            })
    }

    func find(_ components: inout ConnectedComponents, minimumArea: Int = 1, maximumParts: Int = .max) {
        logits.withUnsafeBufferPointer {
            components.find($0, width: width, height: height, minimumArea: minimumArea, maximumParts: maximumParts)
        }
    }

    /// The parts as a search from cell to cell finds them: in the order of their first cells, each as its cells.
    var floods: [Set<Int>] {
        var rest = Set(logits.indices.filter { logits[$0] > 0 })
        var result: [Set<Int>] = []
        while let first = rest.min() {
            var part: Set<Int> = []
            var open = [first]
            rest.remove(first)
            while let cell = open.popLast() {
                part.insert(cell)
                let (x, y) = (cell % width, cell / width)
                for (column, row) in (-1...1).flatMap({ dy in (-1...1).map { dx in (x + dx, y + dy) } })
                where (0..<width).contains(column) && (0..<height).contains(row) {
                    if rest.remove(row * width + column) != nil { open.append(row * width + column) }
                }
            }
            result.append(part)
        }
        return result
    }
}
