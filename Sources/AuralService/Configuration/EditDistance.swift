/// Finds the word that was probably meant.
enum EditDistance {
    /// The candidate that needs the fewest changes, if that is less than half of the word's length, rounded up, plus one.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let rated = candidates.map { ($0, between(word, $0)) }
        guard let best = rated.min(by: { $0.1 < $1.1 }), best.1 <= (word.count + 1) / 2 else { return nil }
        return best.0
    }

    /// Levenshtein's distance: insertions, deletions and replacements of single characters.
    static func between(_ first: String, _ second: String) -> Int {
        let second = Array(second)
        var previous = Array(0...second.count)
        for (row, character) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                current.append(
                    min(previous[column] + (character == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[second.count]
    }
}
