extension SoundingClipTracker.Summary {
    /// What a reader of the records should know, one line each: how many frames there are, and what was padded or left out.
    package func notes(of clip: SoundingClip) -> [String] {
        func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
        var notes = [count(frames, "frame")]
        if clip.isSoundCut { notes.append("\(clip.audio): cut off, its header promises more sound than there is") }
        if paddedFrames > 0 { notes.append("\(count(paddedFrames, "frame")) too few for the model: the last one was repeated for it") }
        if paddedAudioRows > 0 { notes.append("\(count(paddedAudioRows, "second")) of sound too few for the model: the last one was repeated") }
        if clip.isCut { notes.append("the clip is longer than the model takes: the rest was left out") }
        return notes
    }
}
