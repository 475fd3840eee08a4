/// The two passes. Both use the same kernel, which makes sixteen bytes at once that have the same weights: in height those are
/// neighbours in a row, in width they are the same column of several rows, which are turned on their side for it.
extension BicubicResampler {
    /// Rows that are turned on their side at a time: four bytes a pixel, so that one pixel of all of them is four kernels wide.
    static var stripRows: Int { 16 }

    /// Resizes the rows `rows` of `source` in width; the result's rows are packed from `target` on.
    func resampleRows(
        _ source: UnsafePointer<UInt8>, rows: Range<Int>, _ coefficients: SplitCoefficients,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        let rowBytes = outputWidth &* 3
        var first = rows.lowerBound
        var place = target
        while first < rows.upperBound {
            let count = min(Self.stripRows, rows.upperBound &- first)
            fillStrip(source + (first &* inputWidth &* 3), rows: count)
            for column in 0..<outputWidth {
                let weights = coefficients.weights + column &* coefficients.stride
                let pixels = UnsafeRawPointer(strip + coefficients.starts[column] &* Self.stripRows)
                for part in 0..<Self.stripRows / 4 where part &* 4 < count {
                    let four = Self.weigh(
                        pixels + (part &* 16), 4 &* Self.stripRows, weights, coefficients.counts[column], three: true)
                    for row in part &* 4..<min(part &* 4 &+ 4, count) {
                        Self.store(
                            UInt32(bitPattern: four[row & 3]), place + (row &* rowBytes &+ column &* 3),
                            isLast: column == outputWidth &- 1)
                    }
                }
            }
            place += count &* rowBytes
            first &+= count
        }
    }

    /// Resizes in height. `source` has rows of `outputWidth` pixels, the first of which is row `firstRow` of the input.
    func resampleColumns(
        _ source: UnsafePointer<UInt8>, firstRow: Int, _ coefficients: SplitCoefficients, into target: UnsafeMutablePointer<UInt8>
    ) {
        let rowBytes = outputWidth &* 3
        for row in 0..<outputHeight {
            let weights = coefficients.weights + row &* coefficients.stride
            let taps = coefficients.counts[row]
            let first = UnsafeRawPointer(source + (coefficients.starts[row] &- firstRow) &* rowBytes)
            let place = UnsafeMutableRawPointer(target + row &* rowBytes)
            var column = 0
            while column &+ 16 <= rowBytes {
                let bytes = Self.weigh(first + column, rowBytes, weights, taps, three: false)
                place.storeBytes(of: bytes, toByteOffset: column, as: SIMD4<Int32>.self)
                column &+= 16
            }
            while column < rowBytes {
                var low: Int32 = 1 << (BicubicCoefficients.precision - 1)
                var high: Int32 = 0
                for tap in 0..<taps {
                    let pixel = Int32(first.load(fromByteOffset: tap &* rowBytes &+ column, as: UInt8.self))
                    low &+= pixel &* Int32(weights[tap].low)
                    high &+= pixel &* Int32(weights[tap].high)
                }
                let sum = (low &+ (high &<< SplitCoefficients.lowBits)) &>> BicubicCoefficients.precision
                place.storeBytes(of: UInt8(truncatingIfNeeded: min(max(sum, 0), 255)), toByteOffset: column, as: UInt8.self)
                column &+= 1
            }
        }
    }

    /// The weighted sums of the sixteen bytes at `first`, at `first + distance`, and so on for all weights; with `three`, of only
    /// the first three of every four bytes. A sum is kept as two, of the weights' low and high halves; together they begin with
    /// one half in fixed point, for rounding.
    ///
    /// Only plain arithmetic on whole vectors is used: conversions between vector types, `clamped` and `replacing` are compiled
    /// lane by lane, which takes ten times as long. Bytes 0, 1, 2 and 3 of the four lanes have a vector each.
    @inline(__always)
    private static func weigh(
        _ first: UnsafeRawPointer, _ distance: Int, _ weights: UnsafePointer<SplitCoefficients.Weight>, _ taps: Int, three: Bool
    ) -> SIMD4<Int32> {
        let half = SIMD4<Int32>(repeating: 1 << (BicubicCoefficients.precision - 1))
        let byte = SIMD4<Int32>(repeating: 255)
        var (low0, low1, low2, low3) = (half, half, half, half)
        var (high0, high1, high2, high3) = (SIMD4<Int32>.zero, SIMD4<Int32>.zero, SIMD4<Int32>.zero, SIMD4<Int32>.zero)
        var place = first
        var tap = 0
        while tap < taps {
            let low = SIMD4<Int32>(repeating: Int32(weights[tap].low))
            let high = SIMD4<Int32>(repeating: Int32(weights[tap].high))
            let four = place.loadUnaligned(as: SIMD4<Int32>.self)
            let byte0 = four & byte
            low0 = low0 &+ byte0 &* low
            high0 = high0 &+ byte0 &* high
            let byte1 = (four &>> SIMD4(repeating: 8)) & byte
            low1 = low1 &+ byte1 &* low
            high1 = high1 &+ byte1 &* high
            let byte2 = (four &>> SIMD4(repeating: 16)) & byte
            low2 = low2 &+ byte2 &* low
            high2 = high2 &+ byte2 &* high
            if !three {
                let byte3 = (four &>> SIMD4(repeating: 24)) & byte
                low3 = low3 &+ byte3 &* low
                high3 = high3 &+ byte3 &* high
            }
            place += distance
            tap &+= 1
        }
        let bytes01 = clip(low0, high0) | clip(low1, high1) &<< SIMD4(repeating: 8)
        let bytes012 = bytes01 | clip(low2, high2) &<< SIMD4(repeating: 16)
        return three ? bytes012 : bytes012 | clip(low3, high3) &<< SIMD4(repeating: 24)
    }

    /// Joins the two sums, drops the bits after the point and keeps the result within 0…255.
    @inline(__always)
    private static func clip(_ low: SIMD4<Int32>, _ high: SIMD4<Int32>) -> SIMD4<Int32> {
        let byte = SIMD4<Int32>(repeating: 255)
        let sign = SIMD4<Int32>(repeating: 31)
        let sum =
            (low &+ high &<< SIMD4(repeating: SplitCoefficients.lowBits)) &>> SIMD4(repeating: BicubicCoefficients.precision)
        // Shifting the sign over all bits makes a mask: of those below 0, and of those above 255.
        let positive = sum & ~(sum &>> sign)
        let above = (byte &- sum) &>> sign
        return (positive | above) & byte
    }

    /// Writes a pixel of three bytes with one store of four. The fourth byte falls on the next pixel of the row, which is written
    /// afterwards; the last one has no next.
    @inline(__always)
    private static func store(_ pixel: UInt32, _ place: UnsafeMutablePointer<UInt8>, isLast: Bool) {
        if isLast {
            place[0] = UInt8(truncatingIfNeeded: pixel)
            place[1] = UInt8(truncatingIfNeeded: pixel >> 8)
            place[2] = UInt8(truncatingIfNeeded: pixel >> 16)
        } else {
            UnsafeMutableRawPointer(place).storeBytes(of: pixel, as: UInt32.self)
        }
    }

    /// Turns up to sixteen rows on their side: pixel x of row r goes to `strip[x * 16 + r]`.
    private func fillStrip(_ rows: UnsafePointer<UInt8>, rows count: Int) {
        let raw = UnsafeRawPointer(rows)
        let rowBytes = inputWidth &* 3
        // Each load takes the next pixel's first byte along; the last pixel of a row may have no next.
        for column in 0..<inputWidth &- 1 {
            let pixels = strip + column &* Self.stripRows
            for row in 0..<count {
                pixels[row] = raw.loadUnaligned(fromByteOffset: row &* rowBytes &+ column &* 3, as: UInt32.self)
            }
        }
        let pixels = strip + (inputWidth &- 1) &* Self.stripRows
        for row in 0..<count {
            let last = rows + (row &* rowBytes &+ (inputWidth &- 1) &* 3)
            let red = UInt32(last[0])
            let green = UInt32(last[1]) << 8
            let blue = UInt32(last[2]) << 16
            pixels[row] = red | green | blue
        }
    }
}
