import AuralWire

/// The policy of the client that did not get a record (`policy`); `sample=N` without its N.
package enum PolicyLabel: Int, MetricLabel {
    case latest, disconnect, sample

    package static let label = "policy"

    package var value: String {
        switch self {
        case .latest: "latest"
        case .disconnect: "disconnect"
        case .sample: "sample"
        }
    }

    /// The label of a policy.
    package init(_ policy: DeliveryPolicy) {
        switch policy {
        case .latest: self = .latest
        case .disconnect: self = .disconnect
        case .sample: self = .sample
        }
    }
}

/// What a client asked to be changed (`verb`).
package enum PromptVerb: Int, MetricLabel {
    case addPoints, addBox, addMask, removeObject, reset, setExpression
    /// A line that is no request at all, or has a verb that this version does not know.
    case invalid

    package static let label = "verb"

    package var value: String { verb?.rawValue ?? "invalid" }

    private var verb: Request.Verb? {
        switch self {
        case .addPoints: .addPoints
        case .addBox: .addBox
        case .addMask: .addMask
        case .removeObject: .removeObject
        case .reset: .reset
        case .setExpression: .setExpression
        case .invalid: nil
        }
    }

    /// The label of a request; nil for those that change nothing (`status`, `subscribe`, `hello`).
    package init?(_ verb: Request.Verb) {
        guard let label = Self.allCases.first(where: { $0.verb == verb }) else { return nil }
        self = label
    }
}

/// How a request ended (`result`): `ok`, or the code of the error record.
package struct PromptResult: MetricLabel, Equatable {
    package let rawValue: Int

    package static let label = "result"
    package static let allCases = (0...ErrorRecord.Code.allCases.count).map { PromptResult(place: $0) }

    /// It was done.
    package static let ok = PromptResult(place: 0)

    package var value: String { rawValue == 0 ? "ok" : ErrorRecord.Code.allCases[rawValue - 1].rawValue }

    private init(place: Int) { rawValue = place }

    package init?(rawValue: Int) {
        guard (0...ErrorRecord.Code.allCases.count).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// The label of an error.
    package init(_ code: ErrorRecord.Code) {
        rawValue = (ErrorRecord.Code.allCases.firstIndex(of: code) ?? 0) + 1
    }
}
