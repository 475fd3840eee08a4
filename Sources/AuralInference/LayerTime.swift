/// How long one layer of a stage takes.
package struct LayerTime: Sendable, Equatable {
    /// Its name: that of the graph's node, or of one of those that the engine made one of.
    package var name: String
    /// What it computes, in the engine's words: `FullyConnected`, `Convolution` …
    package var type: String
    /// How: the engine's kernel with the arithmetic, `brgemm_avx512_bf16` for one.
    package var kernel: String
    /// Wall-clock microseconds, the mean of some runs.
    package var microseconds: Int64

    /// A time with all its fields.
    package init(name: String, type: String, kernel: String, microseconds: Int64) {
        self.name = name
        self.type = type
        self.kernel = kernel
        self.microseconds = microseconds
    }
}
