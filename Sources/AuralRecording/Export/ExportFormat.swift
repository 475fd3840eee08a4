/// As what a recording is written.
package enum ExportFormat: String, CaseIterable, Sendable {
    /// COCO's JSON with compressed run lengths, and the pictures (https://cocodataset.org/#format-data).
    case coco
    /// YouTube-VOS: pictures, palette PNGs and `meta.json` (Xu et al., arXiv:1809.03327).
    case ytvos
    /// Pictures and palette PNGs, as DAVIS has them (Perazzi et al., CVPR 2016).
    case png
    /// An MP4 file with the masks drawn in, and the sound.
    case video
}
