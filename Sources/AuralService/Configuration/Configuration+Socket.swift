extension Configuration {
    /// The daemon's socket.
    package struct Socket: Sendable, Equatable {
        /// At which size masks are sent.
        package enum MaskSize: String, Sendable, CaseIterable {
            /// At the frame's size.
            case frame
            /// At the size that the network makes.
            case native
        }

        /// The socket's path.
        package var path = "/run/aurald.sock"
        /// The socket file's permission bits, as chmod(2) takes them.
        package var mode: UInt32 = 0o660
        /// The group whose members may prompt.
        package var group = "aurald-clients"
        /// The most clients at a time.
        package var maximumClients = 64
        /// The most bytes that wait for one client.
        package var clientBytes = 262_144
        /// At which size masks are sent.
        package var maskSize = MaskSize.frame
    }
}
