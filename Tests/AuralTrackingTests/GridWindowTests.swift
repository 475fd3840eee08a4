import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@testable import AuralTracking

@Suite struct GridWindowTests {
    private let grid = 16

    /// The window for a mask that is a rectangle, in mask pixels: four of a cell.
    private func window(_ x: Int, _ y: Int, _ width: Int, _ height: Int, former: GridWindow? = nil) -> GridWindow? {
        let side = grid * 4
        var logits = [Float](repeating: -1, count: side * side)
        for row in y..<(y + height) { for column in x..<(x + width) { logits[row * side + column] = 1 } }
        return logits.withUnsafeBufferPointer { GridWindow.following($0, grid: grid, former: former) }
    }

    @Test("windows have half the grid's side, and an even number of cells", arguments: [(16, 8), (18, 8), (20, 10), (32, 16), (64, 32)])
    func sides(grid: Int, side: Int) { #expect(GridWindow.side(grid: grid) == side) }

    @Test("an object is in the middle of its window, or where the picture ends")
    func middle() {
        #expect(window(28, 32, 8, 8) == GridWindow(row: 5, column: 4, side: 8))
        #expect(window(0, 0, 8, 8) == GridWindow(row: 0, column: 0, side: 8))
        #expect(window(60, 60, 4, 4) == GridWindow(row: 8, column: 8, side: 8))
        #expect(window(0, 30, 3, 3) == GridWindow(row: 4, column: 0, side: 8))
    }

    @Test("what leaves less than a cell on both sides of it, and what is nowhere, is looked for in the whole picture")
    func whole() {
        #expect(window(20, 20, 24, 24) == GridWindow(row: 4, column: 4, side: 8))
        #expect(window(19, 20, 24, 24) == nil)
        #expect(window(20, 20, 4, 25) == nil)
        #expect(window(20, 20, 0, 0) == nil)
    }

    @Test("a window stays while the object keeps two cells from its edges, follows it then, and where one was reached the whole picture is next")
    func following() {
        let former = GridWindow(row: 4, column: 4, side: 8)
        #expect(window(24, 24, 4, 4, former: former) == former)
        #expect(window(36, 24, 4, 4, former: former) == former)
        #expect(window(40, 24, 4, 4, former: former) == GridWindow(row: 2, column: 6, side: 8))
        #expect(window(44, 24, 4, 4, former: former) == nil)
        #expect(window(24, 16, 4, 4, former: former) == nil)
        // The picture's edge is not the window's.
        let corner = GridWindow(row: 0, column: 8, side: 8)
        #expect(window(60, 0, 4, 4, former: corner) == corner)
        #expect(window(60, 28, 4, 4, former: corner) == nil)
    }

    @Test("a window's part of a map is its cells, row by row")
    func part() {
        let map = Tensor([16, 2], (0..<32).map(Float.init))
        let part = Tensor(.float32, [4, 2])
        part.copy(GridWindow(row: 1, column: 2, side: 2), of: map, grid: 4)
        #expect(part.values == [12, 13, 14, 15, 20, 21, 22, 23])
        let back = Tensor(.float32, [16, 2])
        back.put(part, GridWindow(row: 1, column: 2, side: 2), grid: 4)
        #expect(back.values == (0..<32).map { [12, 13, 14, 15, 20, 21, 22, 23].contains($0) ? Float($0) : 0 })
    }

    @Test("what turns pointers back undoes the rotary code of the window's first cell")
    func turning() {
        let angles = PositionalEncodings.rotaryAngles(side: 16, width: 32)
        let turn = GridWindow(row: 3, column: 5, side: 8).turn(width: 32)
        let code = angles[((3 * 16 + 5) * 16)..<((3 * 16 + 6) * 16)].map(Double.init)
        #expect(turn.cosine.count == 32 && turn.sine.count == 32 && code.contains { $0 > 1 })
        for (index, angle) in (code + code).enumerated() {
            #expect(abs(Double(turn.cosine[index]) - cos(angle)) < 1e-6 && abs(Double(turn.sine[index]) + sin(angle)) < 1e-6)
        }
    }

    @Test("masks of a window stand in its place in the whole ones, with nothing around them")
    func pasting() {
        let masks = Tensor([2, 4, 4], (0..<32).map(Float.init))
        let whole = Tensor(.float32, [1, 2, 12, 12])
        whole.paste(masks, of: GridWindow(row: 1, column: 2, side: 1), side: 12)
        for mask in 0..<2 {
            for y in 0..<12 {
                for x in 0..<12 {
                    let isInside = (4..<8).contains(y) && (8..<12).contains(x)
                    #expect(whole.values[(mask * 12 + y) * 12 + x] == (isInside ? Float(mask * 16 + (y - 4) * 4 + x - 8) : -10))
                }
            }
        }
    }
}
