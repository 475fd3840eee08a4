/// How a graph computes the Linear layers that were written to be quantized (`GraphBuilder.linearInput`).
package enum LinearArithmetic: Sendable {
    /// As the engine computes everything else.
    case float
    /// Likewise, and the graph has outputs besides that say what each channel's least and greatest value was
    /// (`GraphBuilder.leastOutput`, `greatestOutput`).
    case observed
    /// 8-bit integers, for what was observed before, by key; where nothing was, as `float`.
    case int8([String: ActivationRange])
}
