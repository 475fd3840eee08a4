import Testing

/// Prometheus' text format as a reader sees it: strict, so that what is wrong with ours is found.
struct MetricsExposition {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Family {
        var name: String
        var type: String
        var help: String
        var samples: [Sample] = []
    }

    private(set) var families: [Family] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(description: "the last line must end with a line feed") }
        var names: Set<String> = []
        var series: Set<String> = []
        var help: (name: String, text: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                help = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ").map(String.init)
                guard parts.count == 2, let text = help, text.name == parts[0] else { throw Failure(description: "HELP before \(line)") }
                guard ["counter", "gauge", "histogram"].contains(parts[1]) else { throw Failure(description: "type of \(line)") }
                guard names.insert(parts[0]).inserted else { throw Failure(description: "a family twice: \(line)") }
                families.append(Family(name: parts[0], type: parts[1], help: text.text))
            } else {
                let sample = try Self.sample(line)
                guard let family = families.last else { throw Failure(description: "a sample without TYPE: \(line)") }
                let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { family.name + $0 == sample.name }) else { throw Failure(description: "not of its family: \(line)") }
                let key = "\(sample.name) \(sample.labels.sorted { $0.key < $1.key })"
                guard series.insert(key).inserted else { throw Failure(description: "a series twice: \(line)") }
                families[families.count - 1].samples.append(sample)
            }
        }
        for family in families where family.type == "histogram" { try Self.check(family) }
    }

    subscript(_ name: String) -> Family? { families.first { $0.name == name } }

    /// The value of the only series whose labels contain `labels`.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let matches = families.flatMap(\.samples).filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0] == $1 } }
        return matches.count == 1 ? matches[0].value : nil
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/) else {
            throw Failure(description: "no sample: \(line)")
        }
        let text = String(match.3)
        guard let value = ["+Inf": .infinity, "-Inf": -.infinity, "NaN": .nan][text] ?? Double(text) else {
            throw Failure(description: "no number: \(line)")
        }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/) else {
                throw Failure(description: "no labels: \(line)")
            }
            let value = label.2.replacing(/\\(.)/) { $0.1 == "n" ? "\n" : String($0.1) }
            guard labels.updateValue(String(value), forKey: String(label.1)) == nil else { throw Failure(description: "a label twice: \(line)") }
            rest = rest[label.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    /// Buckets grow, the last has no bound and is the count; a sum is there.
    private static func check(_ family: Family) throws {
        let groups = Dictionary(grouping: family.samples) { sample in
            sample.labels.filter { $0.key != "le" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        }
        for (labels, samples) in groups {
            let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
            let bounds = buckets.compactMap { $0.labels["le"] }.compactMap { $0 == "+Inf" ? .infinity : Double($0) }
            let count = samples.filter { $0.name.hasSuffix("_count") }.map(\.value)
            guard bounds.count == buckets.count, bounds == bounds.sorted(), Set(bounds).count == bounds.count, bounds.last == .infinity else {
                throw Failure(description: "bounds of \(family.name) \(labels): \(bounds)")
            }
            guard buckets.map(\.value) == buckets.map(\.value).sorted(), count == [buckets.last?.value ?? -1] else {
                throw Failure(description: "counts of \(family.name) \(labels)")
            }
            guard samples.filter({ $0.name.hasSuffix("_sum") }).count == 1 else { throw Failure(description: "sum of \(family.name) \(labels)") }
        }
    }
}
