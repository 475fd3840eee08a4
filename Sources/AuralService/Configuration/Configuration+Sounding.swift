extension Configuration {
    /// What is told of the object that makes the sound.
    package struct Sounding: Sendable, Equatable {
        /// Whether its connected parts are sent as instances.
        package var hasInstances = false
        /// The least part of the frame that an instance covers, 0…1.
        package var instanceMinimumShare = 0.002
        /// Milliseconds that an instance may be missing before it ends.
        package var instanceGraceMilliseconds = 500
    }
}

extension Configuration.Sounding {
    /// The same for the publisher of instances; nil where there is to be none.
    package var instances: InstancePublisher.Settings? {
        guard hasInstances else { return nil }
        return InstancePublisher.Settings(
            minimumShare: instanceMinimumShare, graceNanoseconds: Int64(instanceGraceMilliseconds) * 1_000_000)
    }
}
