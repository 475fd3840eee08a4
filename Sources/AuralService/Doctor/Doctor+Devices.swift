import AuralCapture
import AuralCore

extension Doctor {
    /// The camera: found, open to us, free, with formats.
    static func camera(_ facts: DoctorFacts.Device<CameraEntry>) -> DoctorFinding {
        let check = "camera"
        let device: LocatedDevice
        switch located(check, facts) {
        case .success(let found): device = found
        case .failure(let unfound): return unfound.finding
        }
        let title = "\(device.label) at \(device.path)"
        guard let entry = facts.entries.first(where: { $0.node == device.path }) else {
            return .failed(check, "\(title) gives no pictures", "set camera.device to one that aurald devices lists")
        }
        if let finding = access(check, title, entry.access, node: entry.node) { return finding }
        guard !entry.formats.isEmpty else {
            return .warning(
                check, "\(title) has no formats now", "a loopback device gets them from the program that plays into it: start that first")
        }
        guard let mode = entry.recommendedMode else {
            let codes = entry.formats.prefix(8).map(\.code).joined(separator: " ")
            return .warning(check, "\(title) has only formats that libv4l2 must convert: \(codes)", "expect a higher load; see aurald devices")
        }
        if let warning = device.warning { return .warning(check, title, warning) }
        let rate = DevicesReport.text(mode.rate)
        return .ok(check, "\(title), free, for one \(mode.format.rawValue) \(mode.width)x\(mode.height) at \(rate) fps")
    }

    /// The microphone: found, open to us, free.
    static func microphone(_ facts: DoctorFacts.Device<SoundEntry>, pcm: Result<Void, DeviceError>?) -> DoctorFinding {
        let check = "microphone"
        let device: LocatedDevice
        switch located(check, facts) {
        case .success(let found): device = found
        case .failure(let unfound): return unfound.finding
        }
        if let pcm {
            switch pcm {
            case .success: return .ok(check, "the ALSA PCM \(device.path) can be opened")
            case .failure(let error):
                return .failed(
                    check, error.description,
                    "see aurald devices; a sound server's PCM works only as the user whose session it is, with its XDG_RUNTIME_DIR")
            }
        }
        let title = "\(device.label) at \(device.path)"
        guard let entry = facts.entries.first(where: { $0.answers(to: device.path) }) else {
            return .failed(check, "\(title) cannot capture", "set microphone.device to one that aurald devices lists")
        }
        if let finding = access(check, title, entry.access, node: entry.node) { return finding }
        if let warning = device.warning { return .warning(check, title, warning) }
        guard !entry.isLoopback || facts.name != "auto" else {
            return .warning(check, "\(title) is a loopback card, which hears only what is played into it", "plug a microphone in, or name this card")
        }
        return .ok(check, "\(title), free")
    }

    /// A device that was not found, or is not wanted.
    private struct Unfound: Error { let finding: DoctorFinding }

    private static func located<Entry>(_ check: String, _ facts: DoctorFacts.Device<Entry>) -> Result<LocatedDevice, Unfound> {
        guard facts.name != "none" else { return .failure(Unfound(finding: .ok(check, "switched off: \(check).device = \"none\""))) }
        return facts.located.mapError { error in
            guard error.code == .absent || error.code == .gone, facts.entries.isEmpty else {
                return Unfound(finding: .failed(check, error.description, "set \(check).device to one that aurald devices lists"))
            }
            return Unfound(finding: .failed(check, facts.absence, "or set \(check).device to \"none\"; the daemon waits for one meanwhile"))
        }
    }

    /// What is wrong with opening a device; nil where nothing is.
    private static func access(_ check: String, _ title: String, _ access: DeviceAccess, node: String) -> DoctorFinding? {
        switch access {
        case .free: return nil
        case .busy(let holders) where holders.contains { $0.name == "aurald" }:
            return .ok(check, "\(title): \(HolderFinder.text(holders, node: node))")
        case .busy(let holders):
            return .failed(
                check, "\(title) is in use, \(HolderFinder.text(holders, node: node))",
                "end that program; the daemon then takes the device by itself")
        case .denied(let text): return .failed(check, "\(title): permission denied", text)
        case .failed(let text): return .failed(check, "\(title): \(text)", "unplug it and plug it in again, and see journalctl -k")
        }
    }
}
