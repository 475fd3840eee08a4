import COpenVINO
import Synchronization

extension OpenVINOStage {
    func layerProfile() throws(EngineError) -> LayerProfile {
        guard isProfiled else { return LayerProfile() }
        var list = ov_profiling_info_list_t()
        try OpenVINOStatus.check(ov_infer_request_get_profiling_info(request, &list), "tell the layers of stage \(name)")
        defer { ov_profiling_info_list_free(&list) }
        // SAFETY: the list has `size` entries until it is freed; their strings are copied.
        let layers = UnsafeBufferPointer(start: list.profiling_infos, count: list.size).compactMap { info -> LayerTime? in
            // Status 2 is EXECUTED, whose name Swift does not see: the others took no time.
            guard info.status.rawValue == 2, info.real_time > 0 else { return nil }
            func text(_ characters: UnsafePointer<CChar>?) -> String { characters.map { String(cString: $0) } ?? "" }
            return LayerTime(
                name: text(info.node_name), type: text(info.node_type), kernel: text(info.exec_type), microseconds: info.real_time)
        }
        return LayerProfile(runs: runs.load(ordering: .relaxed), layers: layers)
    }
}
