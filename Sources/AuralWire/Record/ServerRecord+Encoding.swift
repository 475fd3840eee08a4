extension ServerRecord {
    /// The record itself; nil for one of a type that this version does not know.
    public var known: (any WireRecord)? {
        switch self {
        case .hello(let record): record
        case .frame(let record): record
        case .instance(let record): record
        case .dropped(let record): record
        case .picture(let record): record
        case .sound(let record): record
        case .spectrogram(let record): record
        case .request(let record): record
        case .source(let record): record
        case .error(let record): record
        case .reply(let record): record
        case .unknown: nil
        }
    }

    /// The record as one line of JSON with its line feed; empty for one of a type that this version does not know.
    public func encoded() -> [UInt8] { known?.encoded() ?? [] }
}
