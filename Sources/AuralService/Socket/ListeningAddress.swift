/// How a server of the daemon comes to its socket.
package enum ListeningAddress: Sendable, Equatable {
    /// It binds one at a path, with these permission bits. The file's group becomes `group`, where the daemon may do that and it is not nil.
    case path(String, mode: UInt32 = 0o660, group: UInt32? = nil)
    /// The service manager opened it and passed it on as this descriptor (see `ListenDescriptors`). The server closes it.
    case inherited(Int32)
}
