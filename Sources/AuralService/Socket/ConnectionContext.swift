import Logging

/// What all connections of a server share.
struct ConnectionContext: Sendable {
    let settings: SocketServer.Settings
    let identity: ServerIdentity
    let hub: Hub
    let handler: any RequestHandler
    let logger: Logger
}
