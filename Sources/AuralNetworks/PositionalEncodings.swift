import Glibc

/// The fixed positional codes of SAM 2, all folded into the graphs at import.
package enum PositionalEncodings {
    /// The sine code of a square grid, tokens in row-major order: [side², width], first half from the row, second from the column, sine
    /// and cosine alternating. Source: upstream `PositionEmbeddingSine` (normalised, temperature 10000).
    package static func sine(side: Int, width: Int) -> [Float] {
        let half = width / 2
        let period = (0..<half).map { Float(pow(10000, 2 * Float($0 / 2) / Float(half))) }
        let along = (0..<side).map { position -> [Float] in
            let angle = Float(position + 1) / (Float(side) + 1e-6) * (2 * Float.pi)
            return (0..<half).map { $0 % 2 == 0 ? sin(angle / period[$0]) : cos(angle / period[$0]) }
        }
        var result: [Float] = []
        result.reserveCapacity(side * side * width)
        for row in 0..<side {
            for column in 0..<side { result += along[row] + along[column] }
        }
        return result
    }

    /// The random Fourier code of the grid's cell centres: [side², width], sines then cosines. `gaussian` is [2, width/2].
    /// Source: upstream `PositionEmbeddingRandom`.
    package static func fourier(side: Int, gaussian: [Float]) -> [Float] {
        let half = gaussian.count / 2
        var result: [Float] = []
        result.reserveCapacity(side * side * half * 2)
        for row in 0..<side {
            for column in 0..<side {
                let x = 2 * ((Float(column) + 0.5) / Float(side)) - 1
                let y = 2 * ((Float(row) + 0.5) / Float(side)) - 1
                let angles = (0..<half).map { 2 * Float.pi * (x * gaussian[$0] + y * gaussian[half + $0]) }
                result += angles.map { sin($0) }
                result += angles.map { cos($0) }
            }
        }
        return result
    }

    /// Angles of the axial rotary code, [side², width/2]: the first half of the pairs turns with the column, the second with the row. A cell is
    /// `step` wide and begins at its number times that; its angle is that of its middle where cells of 1 have theirs at the beginning.
    /// Source: upstream `compute_axial_cis`.
    package static func rotaryAngles(side: Int, width: Int, theta: Float = 10000, step: Int = 1) -> [Float] {
        func place(_ cell: Int) -> Float { Float(cell * step) + Float(step - 1) / 2 }
        let frequencies = rotaryFrequencies(width: width, theta: theta)
        var result: [Float] = []
        result.reserveCapacity(side * side * frequencies.count * 2)
        for token in 0..<(side * side) {
            result += frequencies.map { place(token % side) * $0 }
            result += frequencies.map { place(token / side) * $0 }
        }
        return result
    }

    /// The same of one cell [width/2].
    static func rotaryAngles(row: Int, column: Int, width: Int, theta: Float = 10000) -> [Float] {
        let frequencies = rotaryFrequencies(width: width, theta: theta)
        return frequencies.map { Float(column) * $0 } + frequencies.map { Float(row) * $0 }
    }

    private static func rotaryFrequencies(width: Int, theta: Float) -> [Float] {
        (0..<(width / 4)).map { 1 / pow(theta, Float(4 * $0) / Float(width)) }
    }

    /// The sine code of a distance in time, [width]: sines then cosines. Source: upstream `get_1d_sine_pe`.
    package static func sine(position: Float, width: Int) -> [Float] {
        let half = width / 2
        let angles = (0..<half).map { position / pow(10000, 2 * Float($0 / 2) / Float(half)) }
        return angles.map { sin($0) } + angles.map { cos($0) }
    }

    /// The code of a sound segment's age in whole seconds, [width]: sine and cosine alternating, temperature 10000. Age 0 is AuralFuser's constant
    /// [0, 1, 0, 1, …]. Source: arXiv 1706.03762, section 3.5.
    package static func age(_ seconds: Int, width: Int) -> [Float] {
        (0..<width).map { channel in
            let angle = Double(seconds) * pow(10000, -Double(channel / 2 * 2) / Double(width))
            return Float(channel % 2 == 0 ? sin(angle) : cos(angle))
        }
    }
}
