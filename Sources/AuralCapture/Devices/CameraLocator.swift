/// Finds cameras by their configured names.
package struct CameraLocator: DeviceLocator {
    private let tree: any DeviceTree
    private let probe: any CameraProbe
    private let catalogue: CameraCatalogue
    private let holders: HolderFinder
    private let advice: GroupAdvice

    /// A locator in a tree.
    package init(_ tree: any DeviceTree, probe: any CameraProbe, holders: HolderFinder, advice: GroupAdvice) {
        self.tree = tree
        self.probe = probe
        self.holders = holders
        self.advice = advice
        catalogue = CameraCatalogue(tree, probe: probe, holders: holders, advice: advice)
    }

    package func locate(_ name: String) throws(DeviceError) -> LocatedDevice {
        switch try CameraName(name) {
        case .automatic:
            guard let entry = first(of: catalogue.nodes().map(catalogue.outline)) else {
                throw DeviceError(.absent, device: "camera auto", "no /dev/video* gives pictures; plug a camera in")
            }
            return located(entry)
        case .none: throw DeviceError(.absent, device: "camera", "camera.device is \"none\"")
        case .path(let path): return try atPath(path)
        case .usb(let identity):
            return try first(name, "is not plugged in") { $0.usb.map(identity.means) ?? false }
        case .card(let card):
            let all = catalogue.nodes().map(catalogue.outline)
            if let entry = first(of: all.filter { $0.name == card }) { return located(entry) }
            // Nodes of one camera have one name.
            let beginning = all.filter { $0.name.hasPrefix(card) }
            let names = Set(beginning.map(\.name))
            guard names.count < 2 else {
                let list = names.sorted().joined(separator: ", ")
                throw DeviceError(.unsupported, device: name, "more than one camera's name begins so: \(list); write more of it")
            }
            return try first(name, "no camera has this name; aurald devices lists them") { beginning.contains($0) }
        }
    }

    package func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError {
        let node = tree.resolved(device.path) ?? device.path
        switch error.code {
        case .busy:
            return DeviceError(.busy, device: error.device, "\(error.message); \(HolderFinder.text(holders.holders(of: node), node: node))")
        case .denied:
            let text = advice.text(node, tree.status(of: node), deviceClass: "char-video4linux")
            return DeviceError(.denied, device: error.device, "\(error.message); \(text)")
        default: return error
        }
    }

    private func atPath(_ path: String) throws(DeviceError) -> LocatedDevice {
        guard let node = tree.resolved(path), let status = tree.status(of: node) else {
            throw DeviceError(.absent, device: path, "there is no such device now; plug it in, or see aurald devices")
        }
        guard case .device = status.kind else {
            throw DeviceError(.unsupported, device: path, "is not a device node; camera.device takes one of those that aurald devices lists")
        }
        let entry = catalogue.outline(node)
        var device = LocatedDevice(path: node, label: entry.title)
        guard node == path, path.hasPrefix("/dev/video") else { return device }
        let stable = entry.stableName(among: catalogue.nodes().map(catalogue.outline))
        let remedy = stable == node ? "" : "; write \"\(stable)\" instead"
        device.warning = "the number in \(path) changes when cameras are plugged in otherwise\(remedy)"
        return device
    }

    private func first(_ name: String, _ message: String, _ isMeant: (CameraEntry) -> Bool) throws(DeviceError) -> LocatedDevice {
        guard let entry = first(of: catalogue.nodes().map(catalogue.outline).filter(isMeant)) else {
            throw DeviceError(.absent, device: name, message)
        }
        return located(entry)
    }

    /// The first that captures. A node that cannot be asked stands back behind those that can; where there is no other it is taken, so that
    /// opening it says what is wrong.
    private func first(of entries: [CameraEntry]) -> CameraEntry? {
        var unknown: CameraEntry?
        for entry in entries {
            do throws(DeviceError) {
                if try probe.identity(of: entry.node).isCapture { return entry }
            } catch {
                switch error.code {
                case .absent, .gone, .unsupported: continue
                case .busy, .denied, .failed, .badName: unknown = unknown ?? entry
                }
            }
        }
        return unknown
    }

    private func located(_ entry: CameraEntry) -> LocatedDevice {
        LocatedDevice(path: entry.node, label: entry.title)
    }
}
