/// One row of samples: where each kind begins and how far it is to the next of its kind.
struct YCbCrRow {
    // SAFETY: the maker of a row has checked that the samples of all its pixels are there.
    var luma: UnsafePointer<UInt8>
    var lumaStep: Int
    var cb: UnsafePointer<UInt8>
    var cr: UnsafePointer<UInt8>
    var chromaStep: Int
}

extension YCbCrMatrix {
    /// Converts a row of `width` pixels of which each two share their chroma.
    @inline(__always)
    func convertPairs(_ row: YCbCrRow, width: Int, into target: UnsafeMutablePointer<UInt8>) {
        var luma = row.luma
        var cb = row.cb
        var cr = row.cr
        var pixel = target
        for _ in 0..<width / 2 {
            let chroma = chroma(cb.pointee, cr.pointee)
            store(luma.pointee, chroma, at: pixel)
            store(luma[row.lumaStep], chroma, at: pixel + 3)
            luma += 2 &* row.lumaStep
            cb += row.chromaStep
            cr += row.chromaStep
            pixel += 6
        }
        if width % 2 == 1 { store(luma.pointee, chroma(cb.pointee, cr.pointee), at: pixel) }
    }

    /// Converts a row of `width` pixels with chroma of their own.
    @inline(__always)
    func convertSingles(_ row: YCbCrRow, width: Int, into target: UnsafeMutablePointer<UInt8>) {
        for x in 0..<width {
            let chroma = chroma(row.cb[x &* row.chromaStep], row.cr[x &* row.chromaStep])
            store(row.luma[x &* row.lumaStep], chroma, at: target + 3 &* x)
        }
    }

    /// Converts a row of `width` pixels without colour.
    @inline(__always)
    func convertGrey(_ luma: UnsafePointer<UInt8>, width: Int, into target: UnsafeMutablePointer<UInt8>) {
        let none = Chroma(red: 0, green: 0, blue: 0)
        for x in 0..<width { store(luma[x], none, at: target + 3 &* x) }
    }
}
