import AuralInference
import AuralNetworks

/// Adds the times of layers up over many runs of the stages. Pure.
package struct LayerLedger: Sendable {
    /// A layer, or all layers of a type, of one stage.
    package struct Entry: Sendable, Codable, Equatable {
        /// The stage.
        package var stage: String
        /// The layer's name, or the type's.
        package var name: String
        /// What it computes and how; of a type the number of layers.
        package var detail: String
        /// Milliseconds of an average run of the stage.
        package var milliseconds: Double
        /// Its part of the stage, 0…1.
        package var share: Double

        private enum CodingKeys: String, CodingKey {
            case stage, name, detail, share
            case milliseconds = "ms"
        }
    }

    private struct Key: Hashable {
        var stage: StageName
        var name: String
    }

    private var runs: [StageName: Int] = [:]
    private var totals: [StageName: Int64] = [:]
    private var layers: [Key: (time: LayerTime, sum: Int64)] = [:]
    /// Layers and microseconds of each type.
    private var types: [Key: (layers: Set<String>, sum: Int64)] = [:]

    /// An empty ledger.
    package init() {}

    /// Notes runs of a stage.
    package mutating func note(_ stage: StageName, _ profile: LayerProfile) {
        guard profile.runs > 0, !profile.layers.isEmpty else { return }
        runs[stage, default: 0] += profile.runs
        for time in profile.layers {
            let sum = time.microseconds * Int64(profile.runs)
            totals[stage, default: 0] += sum
            layers[Key(stage: stage, name: time.name), default: (time, 0)].sum += sum
            types[Key(stage: stage, name: time.type), default: ([], 0)].sum += sum
            types[Key(stage: stage, name: time.type), default: ([], 0)].layers.insert(time.name)
        }
    }

    /// The types of all stages, the longest of each stage first.
    package var byType: [Entry] {
        sorted(types.map { key, value in entry(key, "\(value.layers.count) layers", value.sum) })
    }

    /// The longest layers of each stage, so many of them.
    package func longest(_ count: Int) -> [Entry] {
        let all = sorted(layers.map { key, value in entry(key, "\(value.time.type), \(value.time.kernel)", value.sum) })
        var seen: [String: Int] = [:]
        return all.filter { entry in
            seen[entry.stage, default: 0] += 1
            return seen[entry.stage, default: 0] <= count
        }
    }

    private func entry(_ key: Key, _ detail: String, _ sum: Int64) -> Entry {
        let average = Double(sum) / 1000 / Double(max(runs[key.stage] ?? 1, 1))
        return Entry(
            stage: key.stage.rawValue, name: key.name, detail: detail, milliseconds: average,
            share: Double(sum) / Double(max(totals[key.stage] ?? 1, 1)))
    }

    private func sorted(_ entries: [Entry]) -> [Entry] {
        let order = StageName.allCases.map(\.rawValue)
        func place(_ entry: Entry) -> Int { order.firstIndex(of: entry.stage) ?? order.count }
        return entries.sorted { (place($0), -$0.milliseconds, $0.name) < (place($1), -$1.milliseconds, $1.name) }
    }
}
