import AuralGraph
import AuralInference
import AuralNetworks

/// The present picture's features within a window, and what is computed of them; for one object after the other.
final class WindowFeatures {
    /// Cells of the whole grid's side.
    let grid: Int
    /// The sine code of all cells of a memory [grid², m].
    let memoryCode: Tensor
    /// What turns pointers back to the window's origin [1, d] (`GridWindow.turn`).
    let originCosine: Tensor
    let originSine: Tensor
    /// As `ImageEncoder` writes it [1, HW, d]; HW are the window's cells in all of these.
    let embedding: Tensor
    /// After the first self attention [1, HW, d].
    let attended: Tensor
    /// As `ImageEncoder` writes them, [1, HW, 16, d/8] and [1, HW, 4, d/4].
    let highResolution0: Tensor
    let highResolution1: Tensor
    /// After memory attention [1, HW, d].
    let conditioned: Tensor
    /// The window's cells, as numbers of cells of the whole grid, int64 [1, HW].
    let cells: Tensor
    /// The decoder's four masks [4, 4·side, 4·side].
    let masks: Tensor
    /// What the memory encoder makes of one of them [HW, m].
    let memory: Tensor
    /// A memory of the present picture without any object [grid², m], valid where `hasEmptyMemory`.
    let emptyMemory: Tensor
    var hasEmptyMemory = false
    /// What the memory encoder reads for that: a mask without anything [1, 1, 4·grid, 4·grid], that nobody prompted, of an object that is there.
    let nothing: Tensor
    let isPrompted = Tensor([1, 1, 1, 1], [0])
    let isPresent = Tensor([1, 1], [1])
    /// What the features are of; nil where they are of no window of the present picture.
    private var window: GridWindow?

    /// Makes room for the windows of a network for square images of `imageSize` pixels.
    init(_ recipe: NetworkRecipe, imageSize: Int) {
        grid = imageSize / 16
        let side = GridWindow.side(grid: grid)
        let (count, width) = (side * side, recipe.modelWidth)
        memoryCode = Tensor([grid * grid, recipe.memoryWidth], PositionalEncodings.sine(side: grid, width: recipe.memoryWidth))
        originCosine = Tensor(.float32, [1, width])
        originSine = Tensor(.float32, [1, width])
        embedding = Tensor(.float32, [1, count, width])
        attended = Tensor(.float32, [1, count, width])
        highResolution0 = Tensor(.float32, [1, count, 16, width / 8])
        highResolution1 = Tensor(.float32, [1, count, 4, width / 4])
        conditioned = Tensor(.float32, [1, count, width])
        cells = Tensor(.int64, [1, count])
        masks = Tensor(.float32, [4, side * 4, side * 4])
        memory = Tensor(.float32, [count, recipe.memoryWidth])
        emptyMemory = Tensor(.float32, memoryCode.shape)
        nothing = Tensor(.float32, [1, 1, grid * 4, grid * 4])
        nothing.floats.update(repeating: -10)
    }

    /// Another picture comes.
    func forget() {
        window = nil
        hasEmptyMemory = false
    }

    /// Mask `row` [1, 1, 4·side, 4·side].
    func mask(_ row: Int) -> Tensor {
        let side = masks.shape[1]
        return masks.view([1, 1, side, side], offset: row * side * side)
    }

    /// Cuts the picture's features out, where that has not been done.
    func place(_ window: GridWindow, of model: SegmentationModel, attended whole: Tensor) {
        guard window != self.window else { return }
        self.window = window
        let turn = window.turn(width: originCosine.count)
        originCosine.write(turn.cosine, at: 0)
        originSine.write(turn.sine, at: 0)
        embedding.copy(window, of: model.embedding, grid: grid)
        attended.copy(window, of: whole, grid: grid)
        highResolution0.copy(window, of: model.highResolution0, grid: grid)
        highResolution1.copy(window, of: model.highResolution1, grid: grid)
        for (row, start) in window.rowStarts(grid: grid).enumerated() {
            for column in 0..<window.side { cells.integers[row * window.side + column] = Int64(start + column) }
        }
    }
}
