extension SoundingClipTracker.Summary {
    /// What a reader of the records should know, one line each: how many frames there are, and what was padded or left out.
    package func notes(isCut: Bool) -> [String] {
        var notes = ["\(frames) frames"]
        if paddedFrames > 0 { notes.append("\(paddedFrames) frames too few for the model: the last one was repeated for it") }
        if paddedAudioRows > 0 { notes.append("\(paddedAudioRows) seconds of sound too few for the model: the last one was repeated") }
        if isCut { notes.append("the clip is longer than the model takes: the rest was left out") }
        return notes
    }
}
