/// Everything that a person can set. The keys, their texts and ranges are in `ConfigurationKey.all`, the defaults are the ones in
/// the sections' structures.
package struct Configuration: Sendable, Equatable {
    /// `[source]`
    package var source = Source()
    /// `[camera]`
    package var camera = Camera()
    /// `[microphone]`
    package var microphone = Microphone()
    /// `[hearing]`
    package var hearing = Hearing()
    /// `[model]`
    package var model = Model()
    /// `[fuser]`
    package var fuser = Fuser()
    /// `[sounding]`
    package var sounding = Sounding()
    /// `[socket]`
    package var socket = Socket()
    /// `[metrics]`
    package var metrics = Metrics()
    /// `[log]`
    package var log = Log()
    /// `[[prompt]]`, in the order of the file.
    package var prompts: [InitialPrompt] = []

    /// The defaults.
    package init() {}
}
