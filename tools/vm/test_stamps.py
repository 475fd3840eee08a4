"""The main job: what the loopback camera sees and the loopback sound card hears, through the real networks, with the model that comes with
aurald. A picture takes the guest some ten seconds."""

import os
import sys

import faults
import producers
from production import Production
from registry import expect, expect_equal, test

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "stamps_data"))
from stamps.run_lengths import runs  # noqa: E402

BUNDLE = "/run/repository/.vm/stamps/bundle"
MEDIA = "/run/repository/.vm/stamps/clip"
PICTURES = 10
GOOD = 0.5  # overlap


def pixels(counts):
    """COCO's compressed run lengths as bytes, column after column: 1 inside, 0 outside."""
    return b"".join(bytes([place % 2]) * length for place, length in enumerate(runs(counts)))


def overlap(found, truth):
    """Intersection over union of two masks as bytes of 0 and 1."""
    # As numbers, so that Python compares all pixels at once: a byte is 0 or 1, and so is the only bit of it that counts.
    left, right = int.from_bytes(found, "big"), int.from_bytes(truth, "big")
    either = (left | right).bit_count()
    return (left & right).bit_count() / either if either else 1.0


def truths():
    """What sounds, for each picture of the clip, column after column. The file has rows of bytes, 0 or 255."""
    width, height = producers.SIDE
    data = producers.load("truth.gray", MEDIA).translate(bytes(1 if value > 127 else 0 for value in range(256)))
    size = width * height
    frames = [data[at:at + size] for at in range(0, len(data), size)]
    return [b"".join(frame[column::width] for column in range(width)) for frame in frames]


@test("stamps/what sounds is followed", "daemon")
def what_sounds(daemon):
    truth = truths()
    with Production("Clip", media=MEDIA) as producer:
        client = daemon.start(camera=faults.LOOPBACK_CAMERA, engine="openvino", bundle=BUNDLE, timeout=300)
        values, mark = [], 0
        while len(values) < PICTURES:
            _, frame, place = client.wait_frame(300, mark, lambda record: record.get("audio", {}).get("sounding"))
            mark = place + 1
            begun, count = producer.events[0]
            number = (frame["t_ns"] - begun) * producers.FPS // 1_000_000_000
            # The clip's first pictures have no truth, as nothing has been heard then; in later passes it has.
            if 1 not in truth[number % count]:
                continue
            sounding = [each for each in frame["objects"] if each["object_id"] == 0]
            expect_equal(len(sounding), 1, "number of sounding objects")
            expect_equal(sounding[0]["size"], [producers.SIDE[1], producers.SIDE[0]], "size of the mask")
            values.append(overlap(pixels(sounding[0]["counts"]), truth[number % count]))
    daemon.stop()
    good = sum(value > GOOD for value in values)
    note = f"overlap with what sounds: {' '.join(f'{value:.2f}' for value in values)}; a picture takes {frame['latency_ms'] / 1000:.0f} s"
    expect(2 * good >= PICTURES, f"only {good} of {PICTURES} masks are right; {note}")
    return note
