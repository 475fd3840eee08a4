extension FuserRecipe {
    /// Rows that an expression becomes, padding included; fixed by the trained fuser.
    package static let textTokens = 25

    /// Rows of the audio matrix [N, width] of a run: T of sound, then words; for `online` at most.
    package var audioTokens: Int { variant == .online ? history : frames + (hasText ? Self.textTokens : 0) }

    /// The released plan made causal: one frame at a time, with the sound of the last eight seconds.
    package static let officialOnline: FuserRecipe = {
        var recipe = official
        (recipe.variant, recipe.frames) = (.online, 1)
        return recipe
    }()
}
