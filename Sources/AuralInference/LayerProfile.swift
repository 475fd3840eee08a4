/// The layers of a stage over a number of runs.
package struct LayerProfile: Sendable, Equatable {
    /// Runs that the times are the mean of.
    package var runs: Int
    /// The layers in order, each with its mean time.
    package var layers: [LayerTime]

    /// Describes `runs` runs; none by default.
    package init(runs: Int = 0, layers: [LayerTime] = []) {
        self.runs = runs
        self.layers = layers
    }

    /// The same of the runs after an earlier profile of the stage.
    ///
    /// OpenVINO tells each layer's mean over all runs since the graph was compiled, in whole microseconds: a slow first run would stay in it
    /// for ever. The mean of the later runs is within (runs + earlier runs) / (runs - earlier runs) microseconds.
    package func since(_ earlier: LayerProfile) -> LayerProfile {
        let later = runs - earlier.runs
        guard later > 0 else { return LayerProfile() }
        let before = Dictionary(earlier.layers.map { ($0.name, $0.microseconds * Int64(earlier.runs)) }) { $0 + $1 }
        return LayerProfile(
            runs: later,
            layers: layers.map { layer in
                var layer = layer
                layer.microseconds = max((layer.microseconds * Int64(runs) - before[layer.name, default: 0]) / Int64(later), 0)
                return layer
            })
    }
}
