"""What the loopback devices show and play: pictures and sound of one clock. Run as a program, with the producer's name and settings."""

import array
import json
import math
import os
import select
import sys
import time

import faults
import v4l2
from speaker import RATE, Speaker

SIDE = (320, 240)
FPS = 30
MEDIA = "/run/repository/.vm/media"


def load(name, media=MEDIA):
    with open(os.path.join(media, name), "rb") as file:
        return file.read()


def load_pictures(name, media=MEDIA):
    """The pictures of a file that is nothing but JPEGs one after the other. Inside a JPEG FF D9 FF D8 cannot occur."""
    data = load(name, media)
    parts = data.split(b"\xff\xd9\xff\xd8")
    return [(b"" if i == 0 else b"\xff\xd8") + part + (b"" if i == len(parts) - 1 else b"\xff\xd9") for i, part in enumerate(parts)]


class Producer:
    """Writes a picture every 1/30 s into the loopback camera, and keeps the loopback card's buffer filled, in one loop on one clock.

    Subclasses say what is shown and played. It runs in a process of its own (production.py starts it), so that nothing else that the tests
    do in Python holds it up, and before all others.
    """

    def __init__(self):
        self.camera = v4l2.LoopbackOutput(faults.LOOPBACK_CAMERA, *SIDE, FPS)
        self.speaker = Speaker()
        self.number = 0
        self.base_ns = 0
        self.late_ns = 0
        # While it is set no pictures are written; the sound goes on.
        self.is_holding = False

    def picture(self, number):
        raise NotImplementedError

    def sound(self, first, count):
        """`count` frames from the frame `first` on, as interleaved 16-bit samples."""
        raise NotImplementedError

    def shown(self, number, t_ns):
        """Is told when a picture was written."""

    events = ()

    def picture_time(self, number):
        return self.base_ns + number * 1_000_000_000 // FPS

    def run(self):
        """Until standard input ends or says stop. Each line there is a command, and is answered by a line of JSON."""
        while self.speaker.room > 2400:
            self._play()
        self.base_ns = time.monotonic_ns() + 100_000_000
        reply({})
        while not self._is_told_to_stop():
            self._step()

    def _is_told_to_stop(self):
        if not select.select([sys.stdin], [], [], 0)[0]:
            return False
        command = sys.stdin.readline().strip()
        if command in ("hold", "resume"):
            self.is_holding = command == "hold"
        if command not in ("", "stop"):
            reply({"events": list(self.events), "late_ms": self.late_ns / 1e6})
        return command in ("", "stop")

    def _step(self):
        self.speaker.note_position()
        if self.speaker.room >= 960:
            self._play()
        now = time.monotonic_ns()
        due = self.picture_time(self.number)
        if now >= due:
            if not self.is_holding:
                self.camera.write(self.picture(self.number))
                self.shown(self.number, time.monotonic_ns())
            self.late_ns = max(self.late_ns, now - due)
            self.number += 1
        else:
            time.sleep(min(0.02, (due - now) / 1e9))

    def _play(self):
        self.speaker.write(self.sound(self.speaker.written, 960))


class FlashesAndClicks(Producer):
    """Black pictures and silence; every `period` s a white picture for 3 frames, and a tone of 50 ms that begins at the same moment.

    `events` has for each the time at which the white picture was written, and the one at which its click was heard.
    """

    BURST = RATE // 20

    def __init__(self, period=2.0):
        super().__init__()
        self.black, self.white = load("black.jpg"), load("white.jpg")
        self.every = round(period * FPS)
        self.clicks = []
        self.flashes = []
        self.burst = array.array("h")
        for i in range(self.BURST):
            self.burst.extend([round(20000 * math.sin(2 * math.pi * 1000 * i / RATE))] * 2)

    def picture(self, number):
        return self.white if number >= self.every and number % self.every < 3 else self.black

    def shown(self, number, t_ns):
        if number >= self.every and number % self.every == 0:
            self.flashes.append(t_ns)

    def sound(self, first, count):
        samples = array.array("h", bytes(4 * count))
        # The next flash that has no click yet gets its place as soon as that lies within what is written now.
        if self.base_ns:
            flash = self.picture_time((len(self.clicks) + 1) * self.every)
            # Far ahead there is nothing to compute: what is written now is heard in 0.4 s.
            if flash - time.monotonic_ns() < 700_000_000:
                place = self.speaker.frame_at(flash)
                if place < first + count:
                    self.clicks.append(max(place, first))
        for click in self.clicks[-2:]:
            start, end = max(click, first), min(click + self.BURST, first + count)
            if start < end:
                samples[2 * (start - first):2 * (end - first)] = self.burst[2 * (start - click):2 * (end - click)]
        return samples

    @property
    def events(self):
        return [(flash, self.speaker.time_of(click)) for flash, click in zip(self.flashes, self.clicks)]


class Clip(Producer):
    """A clip and its sound, `clip.mjpeg` and `clip.s16` of a folder, again and again.

    `events` has one: when the first picture was shown, and how many there are.
    """

    def __init__(self, media=MEDIA):
        super().__init__()
        self.pictures = load_pictures("clip.mjpeg", media)
        sound = load("clip.s16", media)
        self.length = len(sound) // 4
        # Twice, so that any stretch is one slice.
        self.samples = array.array("h", sound * 2)
        self.start_frame = None

    @property
    def events(self):
        return [(self.base_ns, len(self.pictures))]

    def picture(self, number):
        return self.pictures[number % len(self.pictures)]

    def sound(self, first, count):
        if self.start_frame is None and self.base_ns:
            place = self.speaker.frame_at(self.base_ns)
            # The card has been filled ahead: where the clip's beginning lies before this piece, its sound begins in its middle.
            if place < first + count:
                self.start_frame = place
        if self.start_frame is None:
            return array.array("h", bytes(4 * count))
        lead = max(0, self.start_frame - first)
        at = (first + lead - self.start_frame) % self.length
        return array.array("h", bytes(4 * lead)) + self.samples[2 * at:2 * (at + count - lead)]


def reply(record):
    print(json.dumps(record), flush=True)


def main():
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    kinds = {kind.__name__: kind for kind in (FlashesAndClicks, Clip)}
    try:
        kinds[sys.argv[1]](**json.loads(sys.argv[2])).run()
    except OSError as error:
        dry = " (the sound ran dry: the machine is too busy for this test)" if error.errno == 32 else ""
        reply({"error": f"{error}{dry}"})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
