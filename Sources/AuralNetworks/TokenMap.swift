import AuralGraph

/// A map of tokens in one of two orders: row by row, [1, H, W, C], or window by window, [n, w, w, C].
///
/// What works token by token minds neither, and a 2×2 pooling keeps windows windows (of half the side). So a trunk turns its maps around only
/// where the side of the windows changes: Hiera's first blocks go 8 → 4 → 2 by pooling alone, and no map is turned between them.
struct TokenMap {
    /// The tokens.
    let value: Value
    /// Rows of the whole map.
    let rows: Int
    /// Columns of the whole map.
    let columns: Int
    /// Side of the windows that the tokens are ordered in; nil for row by row.
    let window: Int?

    /// The same map with other tokens in the same order.
    func with(_ value: Value) -> TokenMap { TokenMap(value: value, rows: rows, columns: columns, window: window) }

    /// The map after a 2×2 pooling: `value` are the tokens that are left.
    func pooled(_ value: Value) -> TokenMap { TokenMap(value: value, rows: rows / 2, columns: columns / 2, window: window.map { $0 / 2 }) }

    /// Whether windows of this side fill the map without padding.
    func divides(into side: Int) -> Bool { rows % side == 0 && columns % side == 0 }

    /// The same tokens in windows of another side, which must fill the map; nil for row by row.
    func arranged(_ graph: GraphBuilder, window side: Int?) -> TokenMap {
        let target = side == rows && side == columns ? nil : side
        if target == window { return self }
        guard let target else {
            return TokenMap(value: Self.joined(graph, value, rows: rows, columns: columns), rows: rows, columns: columns, window: nil)
        }
        let whole = arranged(graph, window: nil)
        return TokenMap(value: Self.cut(graph, whole.value, target), rows: rows, columns: columns, window: target)
    }

    /// [1, H, W, C] to windows [n, w, w, C], filled up with zeros at the ends to whole windows.
    static func cut(_ graph: GraphBuilder, _ x: Value, _ window: Int) -> Value {
        let (rows, columns, width) = (x.size(1), x.size(2), x.size(3))
        if rows == window && columns == window { return x }
        let down = (rows + window - 1) / window
        let across = (columns + window - 1) / window
        let isWhole = down * window == rows && across * window == columns
        let padded = isWhole ? x : graph.padEnds(x, [0, down * window - rows, across * window - columns, 0])
        let side = Dimension.fixed(window)
        let cells = graph.reshape(padded, [.fixed(down), side, .fixed(across), side, .fixed(width)])
        return graph.reshape(graph.transpose(cells, [0, 2, 1, 3, 4]), [.fixed(down * across), side, side, .fixed(width)])
    }

    /// Windows [n, w, w, C] back to [1, H, W, C], without what they were filled up with.
    static func joined(_ graph: GraphBuilder, _ x: Value, rows: Int, columns: Int) -> Value {
        let (window, width) = (x.size(1), x.size(3))
        if rows == window && columns == window { return graph.reshape(x, [1, .fixed(rows), .fixed(columns), .fixed(width)]) }
        let down = (rows + window - 1) / window
        let across = (columns + window - 1) / window
        let cells = graph.reshape(x, [.fixed(down), .fixed(across), .fixed(window), .fixed(window), .fixed(width)])
        var map = graph.reshape(graph.transpose(cells, [0, 2, 1, 3, 4]), [1, .fixed(down * window), .fixed(across * window), .fixed(width)])
        if down * window != rows { map = graph.slice(map, axis: 1, 0..<rows) }
        if across * window != columns { map = graph.slice(map, axis: 2, 0..<columns) }
        return map
    }
}
