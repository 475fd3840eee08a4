import AuralCore

/// Says that a request was not done, or that a line was not understood.
public struct ErrorRecord: WireRecord, ReportableError {
    public static let type = "error"

    /// Why. A closed set: clients may switch over it.
    public enum Code: String, Codable, Sendable, CaseIterable {
        /// The line is no request, or a field of it is wrong; the message names the field.
        case badRequest = "bad_request"
        /// The verb is not one of this version.
        case unknownVerb = "unknown_verb"
        /// The frame that the request names is no longer (or not yet) at hand.
        case frameExpired = "frame_expired"
        /// There is no object with this number.
        case noSuchObject = "no_such_object"
        /// Too many clients or requests at the moment; try again.
        case busy = "busy"
        /// The client may not do this.
        case notPermitted = "not_permitted"
        /// The daemon is about to end.
        case shuttingDown = "shutting_down"
        /// The model that runs cannot do it.
        case unsupported
        /// A fault of the daemon.
        case `internal` = "internal"
    }

    /// Why.
    public var code: Code
    /// One line for a person.
    public var message: String
    /// The request's `id`, where it could be read.
    public var id: Int?

    /// An error with all its fields.
    public init(_ code: Code, _ message: String, id: Int? = nil) {
        self.code = code
        self.message = message
        self.id = id
    }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("code", code.rawValue)
        writer.json.field("message", message)
        if let id { writer.json.field("id", id) }
    }

    public var description: String { "\(code.rawValue): \(message)" }

    public var exitStatus: ExitStatus {
        switch code {
        case .badRequest, .unknownVerb, .noSuchObject, .frameExpired, .unsupported: .usage
        case .busy: .temporaryFailure
        case .notPermitted: .noPermission
        case .shuttingDown: .unavailable
        case .internal: .software
        }
    }
}
