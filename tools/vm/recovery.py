"""What is asked of every fault: the clients are told, the source is back by itself, and the other source does not notice."""

import time

from registry import Failure, expect, expect_within

WITHIN_S = 2.0
DOWN = ["absent", "opening", "stalled", "busy", "denied", "backoff"]
OTHER = {"video": "audio", "audio": "video"}


class Watch:
    """Begins before the fault. Use: watch = Watch(client, "video"); make the fault; watch.told(); plug in; watch.back(since)."""

    def __init__(self, client, kind):
        self.client, self.kind = client, kind
        self.mark = client.mark()
        self.began_ns = time.monotonic_ns()
        self.told_ns, self.place = self.began_ns, self.mark
        self.heard = self.samples() if kind == "video" else None

    def samples(self):
        status = self.client.source_status("audio")
        return status["asked_ns"], status["samples"] + status["missing_samples"]

    def told(self, states=None, timeout=3.0):
        """Waits for a record that says that the source is down, and returns it."""
        self.told_ns, record, self.place = self.client.wait_state(self.kind, states or DOWN, timeout, self.mark)
        return record

    def back(self, since_s=None):
        """Waits until the source streams again, with data; returns the seconds since the device was there (`since_s`, of CLOCK_MONOTONIC)
        or since the clients were told. Then looks at the other source."""
        since_ns = round(since_s * 1e9) if since_s else self.told_ns
        t, _, place = self.client.wait_state(self.kind, "streaming", WITHIN_S + 5, self.place)
        if self.kind == "video":
            t = max(t, self.client.wait_frame(WITHIN_S + 5, place)[0])
        else:
            t = max(t, self.client.wait_frame(WITHIN_S + 5, place, lambda record: "audio" in record)[0])
        seconds = (t - since_ns) / 1e9
        expect(seconds <= WITHIN_S, f"{self.kind} was back after {seconds:.2f} s, not within {WITHIN_S} s")
        self.other_went_on()
        return seconds

    def other_went_on(self):
        other = OTHER[self.kind]
        down = [record for _, record in self.client.since(self.mark, "source") if record["kind"] == other and record["state"] != "streaming"]
        expect(not down, f"{other} was stopped as well: {down}")
        if self.kind == "video":
            before, after = self.heard, self.samples()
            seconds = (after[0] - before[0]) / 1e9
            heard = (after[1] - before[1]) / 48000
            expect_within(heard, seconds * 0.9 - 0.2, seconds * 1.1 + 0.2, f"seconds of sound in {seconds:.2f} s without video")
        else:
            frames = [t for t, _ in self.client.since(self.mark, "frame")]
            expect(len(frames) > 1, "no frames while there was no sound")
            longest = max(b - a for a, b in zip(frames, frames[1:])) / 1e9
            expect(longest < 0.7, f"no frame for {longest:.2f} s while there was no sound")


def still_streams(client, kind, mark, frames=20):
    """Waits for more frames and expects that the clients were told of no interruption since the mark."""
    for _ in range(frames):
        client.wait_frame(2, client.mark())
    down = [record for _, record in client.since(mark, "source") if record["kind"] == kind and record["state"] != "streaming"]
    if down:
        raise Failure(f"{kind} was interrupted: {down}")
