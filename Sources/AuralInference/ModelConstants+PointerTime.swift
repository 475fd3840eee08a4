import AuralNetworks

extension ModelConstants {
    /// The code that is added to the tokens of a pointer `distance` frames back, [m]. `limit` is min(number of frames, 16).
    ///
    /// Source: upstream `obj_ptr_tpos_proj(get_1d_sine_pe(distance / (limit − 1)))`.
    package func pointerTimeCode(distance: Int, limit: Int, recipe: NetworkRecipe) -> [Float] {
        let sine = PositionalEncodings.sine(position: Float(distance) / Float(max(limit - 1, 1)), width: recipe.modelWidth)
        return (0..<recipe.memoryWidth).map { row in
            var sum = pointerTimeBias[row]
            for column in sine.indices { sum += pointerTimeMatrix[row * sine.count + column] * sine[column] }
            return sum
        }
    }
}
