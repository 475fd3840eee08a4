/// How a fuser's weights are to be used; the modules and their names are the same.
package enum FuserVariant: String, Sendable, Codable, CaseIterable {
    /// As released: T frames and their sound at once, with upstream's fusion.
    case auralsam2
    /// One frame at a time with the sound of the last seconds, causal: for live streams.
    case online
}
