/// The program's version.
enum Version {
    /// Semantic version; the CHANGELOG says what each brought.
    static let text = "0.1.0"
}
