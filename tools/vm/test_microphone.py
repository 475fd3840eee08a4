"""The daemon and its microphone: snd-aloop's faults while it streams, and sound that is exact."""

import array
import json
import os
import struct
import time

import faults
import speaker
from recovery import Watch
from registry import expect, expect_equal, expect_within, test


def read_float_wav(path):
    """(rate, channels, samples) of a float32 WAV file."""
    with open(path, "rb") as file:
        data = file.read()
    expect(data[:4] == b"RIFF" and data[8:12] == b"WAVE", f"{path} is no WAV file")
    at, layout, samples = 12, None, None
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            layout = struct.unpack_from("<HHIIHH", data, at + 8)
        if name == b"data":
            samples = array.array("f", data[at + 8:at + 8 + size - size % 4])
        at += 8 + size + size % 2
    expect(layout and samples is not None, f"{path} has no fmt or data chunk")
    expect(layout[0] in (3, 0xFFFE) and layout[5] == 32, f"{path} is not float32: {layout}")
    return layout[2], layout[1], samples


def exact_place(heard, wanted):
    """Where all of `wanted` is in `heard`, in samples; -1 where it is not. Where the beginning is there, raises with the first difference."""
    heard_bytes, wanted_bytes = heard.tobytes(), wanted.tobytes()
    place = heard_bytes.find(wanted_bytes)
    if place >= 0:
        return place // 4
    begin = heard_bytes.find(wanted_bytes[:256])
    if begin < 0:
        return -1
    end = next((i for i in range(len(wanted)) if begin // 4 + i >= len(heard) or heard[begin // 4 + i] != wanted[i]), 0)
    expect(False, f"frames 0 to {end // 2 - 1} are the same, frame {end // 2} is not")
    return -1


@test("microphone/sound is captured bit for bit", "daemon")
def bit_exact(daemon):
    samples = speaker.known_frames()
    process, folder = daemon.capture(9)
    try:
        faults.wait_until(lambda: faults.microphone_runs() or process.poll() is not None, 15, "the microphone runs")
        speaker.play_exact(samples)
        expect_equal(process.wait(30), 0, "exit status of aurald capture")
    finally:
        process.kill()
    rate, channels, heard = read_float_wav(os.path.join(folder, "audio.wav"))
    expect_equal((rate, channels), (48000, 2), "rate and channels")
    place = exact_place(heard, array.array("f", [sample / 32768 for sample in samples]))
    expect(place >= 0, "the sound was not heard")
    with open(os.path.join(folder, "frames.ndjson"), encoding="utf-8") as file:
        frames = [json.loads(line) for line in file]
    expect_within(len(frames), 9 * 20, 9 * 33, "frames of 9 s")
    expect(all(a["t_ns"] < b["t_ns"] and a["seq"] < b["seq"] for a, b in zip(frames, frames[1:])), "frames are not in order")
    return f"{len(samples) // 2} of {len(samples) // 2} frames, {place // 2} frames after the start; {len(frames)} pictures"


@test("microphone/overrun", "daemon")
def overrun(daemon):
    client, _ = daemon.streaming()
    before = client.source_status("audio")
    # Longer than any buffer that a daemon would ask for.
    faults.pause(daemon.process, 2.5)
    resumed = time.monotonic()
    t, _, _ = client.wait_frame(5, client.mark() + 3, lambda record: "audio" in record)
    faults.wait_until(lambda: client.source_status("audio")["overruns"] > before["overruns"], 3, "an overrun is counted")
    time.sleep(1)
    after = client.source_status("audio")
    expect_equal(daemon.state("audio"), "streaming", "state of the microphone")
    expect(after["missing_samples"] > before["missing_samples"], "no missing samples are counted")
    seconds = (after["asked_ns"] - before["asked_ns"]) / 1e9
    counted = (after["samples"] + after["missing_samples"] - before["samples"] - before["missing_samples"]) / 48000
    expect_within(counted, seconds - 0.25, seconds + 0.25, f"seconds of sound, had and missing, in {seconds:.2f} s")
    missing = (after["missing_samples"] - before["missing_samples"]) / 48000
    return f"sound again {t / 1e9 - resumed:.2f} s after the pause, {missing:.2f} s missing"


@test("microphone/reader stalls", "daemon")
def reader_stalls(daemon):
    client, _ = daemon.streaming()
    before = client.source_status("audio")
    for _ in range(3):
        faults.pause(daemon.process, 0.3)
        client.wait_frame(2, client.mark(), lambda record: "audio" in record)
    time.sleep(1)
    after = client.source_status("audio")
    expect_equal(daemon.state("audio"), "streaming", "state of the microphone")
    seconds = (after["asked_ns"] - before["asked_ns"]) / 1e9
    counted = (after["samples"] + after["missing_samples"] - before["samples"] - before["missing_samples"]) / 48000
    expect_within(counted, seconds - 0.25, seconds + 0.25, f"seconds of sound, had and missing, in {seconds:.2f} s")
    return f"{after['missing_samples'] - before['missing_samples']} samples missing after three pauses of 0.3 s"


@test("microphone/unplug and replug", "daemon")
def unplug(daemon):
    notes = []
    for _ in range(2):
        client, _ = daemon.streaming()
        watch = Watch(client, "audio")
        with faults.unplug_microphone() as unplugged:
            watch.told("absent")
            time.sleep(3)
            expect(daemon.state("audio") != "streaming", "audio streams without a card")
            plugged = unplugged.plug()
        notes.append(f"{watch.back(plugged):.2f} s")
    return f"back after {' and '.join(notes)}"


@test("microphone/busy at the start names the holder", "daemon")
def busy(daemon):
    daemon.stop()
    with faults.microphone_held() as holder:
        client = daemon.start()
        _, record, _ = client.wait_state("audio", "busy", 5)
        expect("arecord" in record.get("detail", "") and str(holder.pid) in record["detail"], f"detail names no arecord with its number: {record}")
        client.wait_state("video", "streaming", 5)
        watch = Watch(client, "audio")
        released = time.monotonic()
    return f"streaming {watch.back(released):.2f} s after it was free"


@test("microphone/absent at the start", "daemon")
def absent(daemon):
    daemon.stop()
    with faults.unplug_microphone() as unplugged:
        client = daemon.start()
        client.wait_state("audio", "absent", 5)
        client.wait_state("video", "streaming", 5)
        watch = Watch(client, "audio")
        plugged = unplugged.plug()
    return f"streaming {watch.back(plugged):.2f} s after it was plugged in"
