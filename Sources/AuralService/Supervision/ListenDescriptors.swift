import AuralClient

/// Sockets that the service manager opened and passed on: sd_listen_fds_with_names(3).
package struct ListenDescriptors: Sendable, Equatable {
    /// What the sockets are for; `FileDescriptorName=` of their units.
    package enum Name: String, Sendable, CaseIterable {
        /// Clients of the protocol.
        case client
        /// The metrics' readers.
        case metrics
    }

    /// The first descriptor that is passed (`SD_LISTEN_FDS_START`).
    static let first: Int32 = 3

    private let descriptors: [Name: Int32]

    /// Reads the variables. Nothing is inherited where they are missing or meant for another process.
    ///
    /// Strict: a socket that nobody serves would let clients connect and wait for ever. Throws `activation` for variables that are malformed,
    /// and for names that are unknown or there twice.
    package init(environment: [String: String], process: Int32) throws(SocketError) {
        guard let owner = environment["LISTEN_PID"] else {
            descriptors = [:]
            return
        }
        guard let owner = Int32(owner), owner > 0 else { throw Self.failure("LISTEN_PID is \(owner), which is no process") }
        guard owner == process else {
            descriptors = [:]
            return
        }
        let text = environment["LISTEN_FDS"] ?? ""
        guard let count = Int32(text), (0...Int32(Name.allCases.count)).contains(count) else {
            throw Self.failure("LISTEN_FDS is \"\(text)\"; aurald takes at most \(Name.allCases.count) sockets")
        }
        var names = environment["LISTEN_FDNAMES"].map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        // Without names there is no telling two sockets apart; a single one is the clients'.
        if names == nil, count <= 1 { names = [String](repeating: Name.client.rawValue, count: Int(count)) }
        if count == 0, names == [""] { names = [] }
        guard let names, names.count == Int(count) else {
            throw Self.failure("LISTEN_FDNAMES does not name \(count) socket(s); set FileDescriptorName= in each socket unit")
        }
        var descriptors: [Name: Int32] = [:]
        for (offset, text) in names.enumerated() {
            guard let name = Name(rawValue: text) else {
                throw Self.failure("LISTEN_FDNAMES has \"\(text)\"; set FileDescriptorName= in the socket unit to client or metrics")
            }
            guard descriptors.updateValue(Self.first + Int32(offset), forKey: name) == nil else {
                throw Self.failure("LISTEN_FDNAMES has \(name.rawValue) twice; one ListenStream= for each name")
            }
        }
        self.descriptors = descriptors
    }

    /// Reads the variables, marks what was passed as not to be inherited by children (a daemon's `ffmpeg` must not hold its socket open), and
    /// checks that each is a listening Unix stream socket.
    package static func inherit(environment: [String: String], process: Int32) throws(SocketError) -> ListenDescriptors {
        let inherited = try ListenDescriptors(environment: environment, process: process)
        for descriptor in inherited.descriptors.values.sorted() { _ = try ListeningSocket(inherited: descriptor) }
        return inherited
    }

    /// The descriptor for a purpose; nil where none was passed. Whoever takes it closes it.
    package subscript(_ name: Name) -> Int32? { descriptors[name] }

    private static func failure(_ reason: String) -> SocketError {
        SocketError(.activation, "socket activation: \(reason)")
    }
}
