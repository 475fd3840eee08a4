extension SyntheticWeights {
    /// How a number in [−1, 1) becomes a weight of one tensor; the first line that fits the name wins.
    struct Rule {
        private enum Kind {
            case scaled(Double)
            case around(Double, Double)
            case variance(Double)
        }
        private let kind: Kind

        init(name: String, shape: [Int]) {
            func contains(_ parts: String...) -> Bool { parts.contains { name.containsText($0) } }
            if contains("gaussian_matrix") {
                kind = .scaled(1)
            } else if name.hasSuffix("running_mean") {
                kind = .scaled(0.02)
            } else if name.hasSuffix("running_var") {
                kind = .variance(contains(".W_z.1.") ? 0.001 : contains(".W_z2.1.") ? 100 : 1)
            } else if contains(
                "pos_embed", "maskmem_tpos_enc", "no_mem_embed", "no_mem_pos_enc", "no_obj_ptr", "no_obj_embed_spatial", "point_embeddings",
                "not_a_point_embed", "no_mask_embed", "iou_token", "mask_tokens", "obj_score_token", "gamma")
            {
                kind = .scaled(0.5)
            } else if shape.count >= 2 {
                let fan = shape.dropFirst().reduce(1, *)
                kind = .scaled((3 / Double(fan)).squareRoot() * Self.gain(name))
            } else if name.hasSuffix("weight") {
                kind = .around(1, 0.1)
            } else if contains("pred_obj_score_head.layers.2") {
                kind = .around(2, 0.05)
            } else {
                kind = .scaled(0.05)
            }
        }

        /// Gains of matrices; the first that fits wins.
        private static func gain(_ name: String) -> Double {
            let gains: [(String, Double)] = [
                ("vgg.", 1.4), ("qkv.weight", 1.5), ("q_proj.weight", 2), ("k_proj.weight", 2), (".attn.q.weight", 2), (".attn.kv.weight", 1.5),
                ("neck.convs", 0.5), ("hypernetworks_mlps", 1.8), ("iou_prediction_head", 1.5),
            ]
            return gains.first { name.containsText($0.0) }?.1 ?? 1
        }

        /// The weight, computed in double precision and rounded once.
        func value(_ unit: Double) -> Float {
            switch kind {
            case .scaled(let scale): Float(unit * scale)
            case .around(let centre, let scale): Float(centre + scale * unit)
            case .variance(let scale): Float((1 + 0.5 * abs(unit)) * scale)
            }
        }
    }
}

extension String {
    /// Whether `text` occurs in the string, byte by byte.
    func containsText(_ text: String) -> Bool {
        let (own, other) = (Array(utf8), Array(text.utf8))
        guard !other.isEmpty, own.count >= other.count else { return other.isEmpty }
        return (0...(own.count - other.count)).contains { start in own[start..<(start + other.count)].elementsEqual(other) }
    }
}
