/// Lists the video nodes, and finds what names and links they have.
package struct CameraCatalogue: Sendable {
    private let tree: any DeviceTree
    private let probe: any CameraProbe
    private let holders: HolderFinder
    private let advice: GroupAdvice

    /// A catalogue of a tree.
    package init(_ tree: any DeviceTree, probe: any CameraProbe, holders: HolderFinder, advice: GroupAdvice) {
        self.tree = tree
        self.probe = probe
        self.holders = holders
        self.advice = advice
    }

    /// All nodes in the order of their numbers, each opened and asked; those that are known to give no pictures are left out.
    package func entries() -> [CameraEntry] {
        nodes().map(entry).filter { $0.isCapture != false }
    }

    /// All video nodes in /dev, by number.
    func nodes() -> [String] {
        tree.numbered("video", in: "/dev").map { "/dev/\($0.name)" }
    }

    /// What is known of a node without opening it: names and links.
    func outline(_ node: String) -> CameraEntry {
        let folder = Self.folder(of: node)
        return CameraEntry(
            node: node, name: tree.line("\(folder)/name") ?? "", card: "", driver: "", bus: "", byID: link(to: node, in: "/dev/v4l/by-id"),
            byPath: link(to: node, in: "/dev/v4l/by-path"), usb: USBIdentity.of("\(folder)/device", in: tree), isCapture: nil, formats: [],
            access: .free)
    }

    private func entry(_ node: String) -> CameraEntry {
        var entry = outline(node)
        do throws(DeviceError) {
            let survey = try probe.survey(of: node)
            entry.card = survey.identity.card
            entry.driver = survey.identity.driver
            entry.bus = survey.identity.bus
            entry.isCapture = survey.identity.isCapture
            entry.formats = survey.formats
            if survey.isBusy { entry.access = .busy(holders.holders(of: node)) }
        } catch {
            switch error.code {
            case .denied:
                // The second and later nodes of a device are its metadata, on UVC cameras; without permission no more can be known.
                if let index = tree.line("\(Self.folder(of: node))/index").flatMap({ Int($0) }), index > 0 { entry.isCapture = false }
                entry.access = .denied(advice.text(node, tree.status(of: node), deviceClass: "char-video4linux"))
            case .busy: entry.access = .busy(holders.holders(of: node))
            case .absent, .gone, .unsupported: entry.isCapture = false
            case .failed, .badName: entry.access = .failed(error.message)
            }
        }
        return entry
    }

    private func link(to node: String, in folder: String) -> String? {
        (tree.names(in: folder) ?? []).sorted().map { "\(folder)/\($0)" }.first { tree.resolved($0) == node }
    }

    private static func folder(of node: String) -> String {
        "/sys/class/video4linux/\(node.split(separator: "/").last ?? "")"
    }
}
