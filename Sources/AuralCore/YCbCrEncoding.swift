/// How red, green and blue are weighted in YCbCr values. The names are the recommendations' own (ITU-R); V4L2 calls it the Y'CbCr encoding.
package enum YCbCrEncoding: Sendable, CaseIterable {
    /// Standard definition, JPEG, and most webcams at any size.
    case bt601
    /// High definition.
    case bt709
    /// Ultra high definition, non-constant luminance.
    case bt2020

    /// The weights of red and blue in the luma; green has the rest.
    package var weights: (red: Double, blue: Double) {
        switch self {
        case .bt601: (0.299, 0.114)
        case .bt709: (0.2126, 0.0722)
        case .bt2020: (0.2627, 0.0593)
        }
    }
}
