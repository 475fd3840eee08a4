"""The loopback card's playing end, with the time at which each frame is heard."""

import array
import bisect
import time

import alsa
import faults

RATE = 48000


class Speaker:
    """Plays into the loopback card without ever blocking, and knows when which frame is heard."""

    def __init__(self, buffer_s=0.4):
        self.pcm = alsa.PCM(faults.SPEAKER, alsa.PLAYBACK, RATE, 2, buffer_s=buffer_s)
        self.written = 0
        self.log = []

    @property
    def room(self):
        return self.pcm.available

    def write(self, samples):
        """Takes interleaved 16-bit samples and returns the frames for which there was room."""
        self.written += (taken := self.pcm.write(self.converted(samples)))
        return taken

    def converted(self, samples):
        if self.pcm.format == "S16_LE":
            return samples.tobytes()
        if self.pcm.format == "S32_LE":
            return array.array("i", [sample << 16 for sample in samples]).tobytes()
        return array.array("f", [sample / 32768 for sample in samples]).tobytes()

    def note_position(self):
        """Remembers which frame is heard now, some 50 times a second. The card moves its position with the kernel's tick, every 4 ms."""
        before = time.monotonic_ns()
        if self.log and before - self.log[-1][0] < 20_000_000:
            return
        heard = self.written - self.pcm.delay()
        self.log.append(((before + time.monotonic_ns()) // 2, heard))

    def time_of(self, frame):
        """When a frame was or will be heard, in nanoseconds of CLOCK_MONOTONIC: on the line through the positions 2 s around it."""
        near = bisect.bisect_left(self.log, frame, key=lambda entry: entry[1])
        points = self.log[max(0, min(near, len(self.log)) - 100):near + 100]
        t0, f0 = points[0]
        mean_t = sum(t - t0 for t, _ in points) / len(points)
        mean_f = sum(f - f0 for _, f in points) / len(points)
        spread = sum((f - f0 - mean_f) ** 2 for _, f in points)
        # A line through few positions would be steep by chance.
        slope = sum((f - f0 - mean_f) * (t - t0 - mean_t) for t, f in points) / spread if len(points) >= 50 else 1e9 / RATE
        return round(t0 + mean_t + slope * (frame - f0 - mean_f))

    def frame_at(self, t_ns):
        """The frame that will be heard at a time soon."""
        guess = self.written + (t_ns - self.log[-1][0]) * RATE // 1_000_000_000
        return guess + round((t_ns - self.time_of(guess)) * RATE / 1e9)

    def close(self):
        self.pcm.close()


def known_frames(count=192_000):
    """Stereo frames of which no two neighbours are alike, made from their number: a lost, doubled or changed one is found."""
    samples = array.array("h")
    state = 1
    for _ in range(2 * count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        samples.append((state >> 15) - 32768)
    return samples


def play_exact(samples, silence_s=1.0):
    """Plays the frames once into the loopback card, then silence: without it the end of the sound is damaged."""
    speaker = Speaker(buffer_s=0.5)
    try:
        data = samples + array.array("h", bytes(4 * int(RATE * silence_s)))
        at = 0
        while at < len(data):
            taken = 2 * speaker.write(data[at:at + 9600])
            at += taken
            if not taken:
                time.sleep(0.02)
        speaker.pcm.drain()
    finally:
        speaker.close()
