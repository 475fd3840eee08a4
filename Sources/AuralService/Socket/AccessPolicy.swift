import AuralWire
import Glibc
import Logging

/// Who may change what the daemon does: its own user, root, and the members of one group. Who else can connect may watch and ask for status.
package struct AccessPolicy: Sendable, Equatable {
    /// The daemon's own user.
    package let owner: UInt32
    /// The group whose members may; nil for none.
    package let group: ClientGroup?

    /// A policy; by default only the daemon's own user and root may.
    package init(owner: UInt32 = geteuid(), group: ClientGroup? = nil) {
        self.owner = owner
        self.group = group
    }

    /// The policy for a group's name, and one line in the log if this machine has no such group. An empty name is no group.
    package static func resolved(groupNamed name: String, owner: UInt32 = geteuid(), logger: Logger) -> AccessPolicy {
        guard !name.isEmpty else { return AccessPolicy(owner: owner) }
        let group = ClientGroup(named: name)
        if group.identifier == nil {
            logger.warning(
                "there is no such group; only root and the daemon's own user may prompt",
                metadata: ["group": "\(name)", "create_it_with": "systemd-sysusers, or groupadd --system \(name)"])
        }
        return AccessPolicy(owner: owner, group: group)
    }

    /// Whether a peer may change anything. One whom the kernel does not name may not.
    package func mayChange(_ peer: PeerCredentials?) -> Bool {
        guard let peer else { return false }
        if peer.user == 0 || peer.user == owner { return true }
        return group?.identifier.map { peer.isMember(of: $0) } ?? false
    }

    /// What a peer is told who may not.
    package func refusal(of verb: Request.Verb, to peer: PeerCredentials?, id: Int?) -> ErrorRecord {
        let user = peer.map { "user \($0.user)" } ?? "this client"
        let remedy =
            switch group {
            case .some(let group) where group.identifier != nil:
                "join the group \(group.name) (as root: usermod -aG \(group.name) USER, then log in again)"
            case .some(let group): "only root and user \(owner) may, since this machine has no group \(group.name)"
            case nil: "only root and user \(owner) may"
            }
        return ErrorRecord(.notPermitted, "\(verb.rawValue): \(user) may watch and ask for status, but change nothing; \(remedy)", id: id)
    }
}

extension Request {
    /// Whether it changes what all clients see; watching, asking and a client's own settings do not.
    var changesTracking: Bool {
        switch body {
        case .points, .mask, .removeObject, .reset, .setExpression: true
        case .status, .subscribe: false
        }
    }
}
