import AuralWire

/// Does what clients ask. The server calls it for one request of a client at a time, and for several clients at once.
package protocol RequestHandler: Sendable {
    /// Does one request; `hello` and `subscribe` never come here, the server does these itself. The task
    /// is cancelled when the server ends, which then waits for the return.
    func handle(_ request: Request, from client: ClientID) async -> Reply
}

/// The answer to one request. The server puts the request's id into it.
package enum Reply: Sendable, Equatable {
    /// It was done.
    case done(ReplyRecord)
    /// It was not done.
    case failed(ErrorRecord)
}
