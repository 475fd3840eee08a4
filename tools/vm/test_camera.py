"""The daemon and its camera: vivid's faults while it streams."""

import os
import time

import faults
from recovery import Watch, still_streams
from registry import expect, expect_equal, expect_within, test


@test("camera/streams", "daemon")
def streams(daemon):
    client, mark = daemon.streaming(fresh=True)
    time.sleep(2)
    frames = [record for _, record in client.since(mark, "frame")]
    expect_within(len(frames) / 2, 20, 33, "frames a second")
    # vivid has no 320x240: the nearest webcam size is 320x180.
    expect_equal(frames[0]["size"], [180, 320], "size")
    expect(all("ts_src" not in frame for frame in frames), "ts_src is given, though the device's time stamps are monotonic")
    steps = [b["t_ns"] - a["t_ns"] for a, b in zip(frames, frames[1:]) if b["seq"] == a["seq"] + 1]
    steps.sort()
    expect_within(steps[len(steps) // 2] / 1e6, 30, 42, "median of the time between frames in ms")
    expect(all("audio" in frame for frame in frames), "a frame has no sound")
    return f"{len(frames) / 2:.1f} fps, latency {sorted(f['latency_ms'] for f in frames)[len(frames) // 2]:.0f} ms"


@test("camera/corrupt buffer is dropped and counted", "daemon")
def corrupt_buffer(daemon):
    client, mark = daemon.streaming()
    before = client.source_status("video")["corrupt"]
    faults.corrupt_buffer()
    still_streams(client, "video", mark)
    expect_equal(client.source_status("video")["corrupt"] - before, 1, "corrupt frames counted")


@test("camera/failing QBUF loses no buffer", "daemon")
def failing_qbuf(daemon):
    client, mark = daemon.streaming()
    # More often than there are buffers: if each failure cost one, the stream would stand.
    for _ in range(10):
        faults.fail_queueing()
        client.wait_frame(4, client.mark())
    if any(record["kind"] == "video" for _, record in client.since(mark, "source")):
        client.wait_state("video", "streaming", 2, client.mark() - 1)
    for _ in range(20):
        client.wait_frame(2, client.mark())


@test("camera/lost frames are counted", "daemon")
def lost_frames(daemon):
    client, mark = daemon.streaming()
    before = client.source_status("video")["lost"]
    with faults.lost_frames(20):
        still_streams(client, "video", mark, 60)
    lost = client.source_status("video")["lost"] - before
    expect(lost > 0, "no lost frame was counted")
    return f"{lost} lost"


@test("camera/dead stream", "daemon")
def dead_stream(daemon):
    client, _ = daemon.streaming()
    watch = Watch(client, "video")
    faults.kill_stream()
    watch.told()
    return f"back after {watch.back():.2f} s"


@test("camera/failing STREAMON and REQBUFS", "daemon")
def failing_start(daemon):
    notes = []
    for arm in (faults.fail_stream_on, faults.fail_request_buffers):
        client, _ = daemon.streaming()
        # A stream that has lasted a second is opened again at once; one that fails sooner waits longer each time.
        time.sleep(1.2)
        watch = Watch(client, "video")
        arm()
        faults.kill_stream()
        watch.told()
        notes.append(f"{watch.back():.2f} s")
    return f"back after {' and '.join(notes)}"


@test("camera/disconnect", "daemon")
def disconnect(daemon):
    client, _ = daemon.streaming()
    watch = Watch(client, "video")
    faults.disconnect_camera()
    watch.told()
    return f"back after {watch.back():.2f} s"


@test("camera/unplug and replug", "daemon")
def unplug(daemon):
    notes = []
    for _ in range(2):
        client, _ = daemon.streaming()
        watch = Watch(client, "video")
        with faults.unplug_camera() as unplugged:
            watch.told("absent")
            time.sleep(3)
            expect(daemon.state("video") != "streaming", "video streams without a camera")
            plugged = unplugged.plug()
        notes.append(f"{watch.back(plugged):.2f} s")
    return f"back after {' and '.join(notes)}"


@test("camera/busy at the start names the holder", "daemon")
def busy(daemon):
    daemon.stop()
    with faults.camera_held() as holder:
        client = daemon.start()
        _, record, _ = client.wait_state("video", "busy", 5)
        expect("v4l2-ctl" in record.get("detail", "") and str(holder.pid) in record["detail"], f"detail names no v4l2-ctl with its number: {record}")
        client.wait_state("audio", "streaming", 5)
        watch = Watch(client, "video")
        released = time.monotonic()
    return f"streaming {watch.back(released):.2f} s after it was free"


@test("camera/denied names the group", "daemon")
def denied(daemon):
    daemon.stop()
    before = os.stat(faults.CAMERA)
    # Root without the capability that lets it into everything; the device belongs to somebody else and to group video.
    os.chown(faults.CAMERA, 65534, 44)
    os.chmod(faults.CAMERA, 0o660)
    try:
        client = daemon.start(prefix=["setpriv", "--bounding-set", "-dac_override,-dac_read_search"])
        _, record, _ = client.wait_state("video", "denied", 5)
        expect("video" in record.get("detail", ""), f"detail does not name the group: {record}")
        client.wait_state("audio", "streaming", 5)
        watch = Watch(client, "video")
    finally:
        os.chown(faults.CAMERA, before.st_uid, before.st_gid)
        os.chmod(faults.CAMERA, before.st_mode & 0o777)
    return f"streaming {watch.back(time.monotonic()):.2f} s after it was allowed"


@test("camera/absent at the start", "daemon")
def absent(daemon):
    daemon.stop()
    with faults.unplug_camera() as unplugged:
        client = daemon.start()
        client.wait_state("video", "absent", 5)
        client.wait_state("audio", "streaming", 5)
        watch = Watch(client, "video")
        plugged = unplugged.plug()
    return f"streaming {watch.back(plugged):.2f} s after it was plugged in"


@test("camera/by name", "daemon")
def by_name(daemon):
    client, _ = daemon.streaming(camera="name:vivid")
    watch = Watch(client, "video")
    with faults.unplug_camera() as unplugged:
        watch.told("absent")
        plugged = unplugged.plug()
    return f"back after {watch.back(plugged):.2f} s"
