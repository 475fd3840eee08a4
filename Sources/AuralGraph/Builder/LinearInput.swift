/// What one or several Linear layers read, ready for them: as it is, or in 8-bit integers.
package struct LinearInput {
    /// The tokens: of any shape [..., channels], or quantized [tokens, channels].
    let value: Value
    /// The shape before it was quantized.
    let shape: [Dimension]
    /// By what each channel was divided before it was quantized, which the layers' columns are multiplied by; nil where nothing was quantized.
    let smoothing: [Float]?
}
