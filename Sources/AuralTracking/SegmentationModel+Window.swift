import AuralInference

extension SegmentationModel {
    /// A memory of the present picture without any object, which is the same for all of them; made once a picture.
    func emptyMemory(_ features: WindowFeatures) throws(EngineError) -> Tensor {
        if features.hasEmptyMemory { return features.emptyMemory }
        try run(
            .memoryEncoder,
            [
                ("image_embedding", embedding), ("mask_logits", features.nothing), ("is_prompted", features.isPrompted),
                ("object_score", features.isPresent),
            ],
            [("memory", features.emptyMemory.view([1] + features.emptyMemory.shape))])
        features.hasEmptyMemory = true
        return features.emptyMemory
    }
}
