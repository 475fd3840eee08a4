extension Doctor {
    /// The socket's path.
    static func socket(_ socket: DoctorFacts.Socket, path: String) -> DoctorFinding {
        let check = "socket"
        switch socket {
        case .vacant: return .ok(check, "\(path) can be made; no daemon runs there")
        case .daemon(let version): return .ok(check, "\(path): aurald \(version) answers")
        case .stale: return .ok(check, "\(path) was left by a daemon that ended; the next one replaces it")
        case .folderIsReadOnly(let folder):
            return .warning(
                check, "\(path): this user cannot make files in \(folder)",
                "let systemd make the socket (systemctl enable --now aurald.socket), or choose another socket.path")
        case .noFolder(let folder):
            return .failed(check, "\(path): the folder \(folder) does not exist", "make it, or choose another socket.path")
        case .denied:
            return .failed(
                check, "\(path): this user must not connect",
                "become a member of the socket's group (see ls -l \(path); usermod -aG GROUP USER), and log in again")
        case .occupied:
            return .failed(check, "\(path) exists and is no socket", "remove it, or choose another socket.path")
        case .strange(let reason):
            return .failed(check, "\(path): \(reason)", "see what listens there (ss -xlp), end it, or choose another socket.path")
        case .impossible(let reason): return .failed(check, reason, "choose another socket.path")
        }
    }
}
