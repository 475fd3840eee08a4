/// Words as a text encoder takes them: `TextTokenizer.length` numbers, `<s>` first, `</s>` after the last, padding after that.
package struct TextTokens: Sendable, Equatable {
    /// Numbers of the tokens, for the input `token_ids` int64 [1, 25].
    package let ids: [Int64]
    /// 1 for a token, 0 for padding, for the input `token_mask` float32 [1, 25].
    package let mask: [Float]
    /// The words were more than fit: the last of them are not in it.
    package let isTruncated: Bool
}
