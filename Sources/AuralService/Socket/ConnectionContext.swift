import Logging

/// What all connections of a server share.
struct ConnectionContext: Sendable {
    let settings: SocketServer.Settings
    let limits: SocketLimits
    let identity: ServerIdentity
    let hub: Hub
    let handler: any RequestHandler
    let access: AccessControl
    let logger: Logger
    /// Where drops and requests are counted; nil where nobody scrapes.
    var metrics: DaemonMetrics?
}
