/// The arithmetic in which an engine runs a stage. Inputs and outputs are float32 in either.
package enum Precision: String, Sendable, Codable, CaseIterable {
    /// IEEE single precision: the reference.
    case float32 = "f32"
    /// bfloat16 products with float32 sums, on processors that have them.
    case bfloat16 = "bf16"
}
