import ArgumentParser

/// A number of bytes as people write it: 500M, 20G.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int64

    init(bytes: Int64) { self.bytes = bytes }

    init?(argument: String) {
        guard let value = Scaled.value(argument, units: ["": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]), value < 9e18 else { return nil }
        bytes = Int64(value)
    }

    var description: String { bytes % 1_000_000 == 0 ? "\(bytes / 1_000_000)M" : "\(bytes)" }
    var defaultValueDescription: String { description }
}

/// A time as people write it: 90s, 30m, 12h, 7d.
struct Period: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        guard let value = Scaled.value(argument, units: ["s": 1, "m": 60, "h": 3600, "d": 86_400]), value > 0 else { return nil }
        seconds = value
    }
}

/// Numbers with a unit behind them.
private enum Scaled {
    static func value(_ text: String, units: [String: Double]) -> Double? {
        let unit = String(text.reversed().prefix { $0.isLetter }.reversed())
        guard let factor = units[unit], let number = Double(text.dropLast(unit.count)), number.isFinite, number >= 0 else { return nil }
        return number * factor
    }
}
