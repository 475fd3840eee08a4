import AuralCore
import AuralInference

/// A stage of `RecordingEngine`.
final class RecordingStage: EngineStage {
    let name: String
    private let engine: RecordingEngine

    init(_ name: String, engine: RecordingEngine) {
        self.name = name
        self.engine = engine
    }

    func run(inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) throws(EngineError) {
        let (number, score) = try engine.note(name, inputs, outputs)
        for (output, tensor) in outputs { fill(output, tensor, number, score) }
    }

    private func fill(_ output: String, _ tensor: Tensor, _ number: Int, _ score: Float) {
        let values = tensor.floats
        switch output {
        case "masks": if let mask = engine.mask(of: name) { fill(values, tensor.shape[3], mask) } else { fillMasks(values) }
        case "ious": _ = values.update(fromContentsOf: [0.5, 0.9, 0.7, 0.6])
        case "object_score": values.update(repeating: score)
        default: values.update(repeating: Float(number))
        }
    }

    private func fill(_ masks: UnsafeMutableBufferPointer<Float>, _ side: Int, _ box: PixelRectangle) {
        for (index, place) in masks.indices.enumerated() {
            let (x, y) = (index % side, index / side % side)
            let isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height
            masks[place] = isInside ? 3 : -3
        }
    }

    private func fillMasks(_ masks: UnsafeMutableBufferPointer<Float>) {
        let size = masks.count / 4
        for mask in 0..<4 {
            let edge = mask * size + size * (mask + 1) / 8
            masks[(mask * size)..<edge].update(repeating: 3)
            masks[edge..<((mask + 1) * size)].update(repeating: -3)
        }
    }
}
