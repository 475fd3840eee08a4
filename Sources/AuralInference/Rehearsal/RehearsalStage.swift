import AuralCore
import Glibc

/// A stage of `RehearsalEngine`.
///
/// The image encoder writes brightness into the first channel of `high_res_0`, in the order of its cells (see `ImageEncoder`); the mask decoder
/// puts it in order again, as logits. All else is zeros.
final class RehearsalStage: EngineStage {
    let name: String
    private let nanoseconds: Int64
    private let clock = SystemTimeSource()

    init(_ name: String, nanoseconds: Int64) {
        self.name = name
        self.nanoseconds = nanoseconds
    }

    func run(inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) throws(EngineError) {
        let end = clock.now().advanced(byNanoseconds: nanoseconds)
        let input = { (name: String) in inputs.first { $0.name == name }?.tensor }
        for (output, tensor) in outputs {
            switch (output, input("image"), input("high_res_0")) {
            case ("high_res_0", .some(let image), _): Self.brightness(of: image, into: tensor)
            case ("masks", _, .some(let features)): Self.masks(from: features, into: tensor)
            case ("ious", _, _): tensor.floats.update(repeating: 0.9)
            case ("object_score", _, _): tensor.floats.update(repeating: 6)
            default: tensor.floats.update(repeating: 0)
            }
        }
        guard nanoseconds > 0 else { return }
        var request = timespec(tv_sec: Int(end.nanoseconds / 1_000_000_000), tv_nsec: Int(end.nanoseconds % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &request, nil) == EINTR {}
    }

    /// The place of a quarter-size pixel within the [cells, 16] order of `high_res_0`.
    private static func place(row: Int, column: Int, grid: Int) -> Int {
        let cell = (row / 4) * grid + column / 4
        let halves = (row % 4 / 2) * 2 + column % 4 / 2
        return cell * 16 + halves * 4 + (row % 2) * 2 + column % 2
    }

    /// Mean luma of every 4x4 pixels of `image` [1, S, S, 3], as (luma − 127.5) / 16.
    private static func brightness(of image: Tensor, into features: Tensor) {
        guard image.shape.count == 4, features.shape.count == 4 else { return }
        let (side, channels) = (image.shape[1], features.shape[3])
        let (pixels, values) = (image.bytes, features.floats)
        guard pixels.count == side * side * 3, values.count == (side / 16) * (side / 16) * 16 * channels else { return }
        values.update(repeating: 0)
        for row in 0..<(side / 4) {
            for column in 0..<(side / 4) {
                var sum: Int32 = 0
                for y in 0..<4 {
                    let start = ((row * 4 + y) * side + column * 4) * 3
                    for x in 0..<4 {
                        let pixel = start + 3 * x
                        sum &+= 77 &* Int32(pixels[pixel]) &+ 150 &* Int32(pixels[pixel + 1]) &+ 29 &* Int32(pixels[pixel + 2])
                    }
                }
                values[place(row: row, column: column, grid: side / 16) * channels] = (Float(sum) / 4096 - 127.5) / 16
            }
        }
    }

    /// All four masks [1, 4, side, side].
    private static func masks(from features: Tensor, into masks: Tensor) {
        guard features.shape.count == 4, masks.shape.count == 4 else { return }
        let (side, channels) = (masks.shape[2], features.shape[3])
        let (source, target) = (features.floats, masks.floats)
        guard source.count == side * side * channels, target.count == masks.shape[0] * masks.shape[1] * side * side else { return }
        for row in 0..<side {
            for column in 0..<side {
                let logit = source[place(row: row, column: column, grid: side / 4) * channels]
                for plane in 0..<(masks.shape[0] * masks.shape[1]) { target[(plane * side + row) * side + column] = logit }
            }
        }
    }
}
