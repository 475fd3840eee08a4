"""The guest itself, without the daemon: every fault and every producer does what README.md says, seen through plain system calls."""

import array
import os
import threading
import time

import alsa
import faults
import producers
import speaker
import v4l2
from production import Production
from registry import expect, expect_equal, expect_within, test


def gaps(frames):
    return [b.sequence - a.sequence - 1 for a, b in zip(frames, frames[1:])]


@test("guest/camera streams")
def camera_streams():
    with v4l2.Camera(faults.CAMERA) as camera:
        expect_equal(camera.format, (320, 180, "YUYV", 115200), "what became of 320x240")
        began = time.monotonic()
        frames = camera.read_many(31)
        rate = 30 / (time.monotonic() - began)
    expect_equal(sum(gaps(frames)), 0, "missing frames")
    expect(all(frame.is_monotonic for frame in frames), "a time stamp is not of CLOCK_MONOTONIC")
    expect_within(rate, 25, 33, "rate")
    ages = sorted((frame.arrived_ns - frame.t_ns) / 1e6 for frame in frames)
    # vivid stamps a frame with the nominal end of its exposure, and hands it out up to a frame before that.
    expect_within(ages[0], -40, 100, "age of a frame in ms")
    return f"{rate:.1f} fps, a frame is {ages[15]:.1f} ms old when it is read"


@test("guest/camera has no MJPG")
def camera_has_no_mjpg():
    fd = os.open(faults.CAMERA, os.O_RDWR)
    try:
        expect_equal(v4l2.set_format(fd, v4l2.CAPTURE, 320, 240, "MJPG")[2], "YUYV", "what S_FMT MJPG became")
    finally:
        os.close(fd)


@test("guest/corrupt buffer")
def corrupt_buffer():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        faults.corrupt_buffer()
        broken = [frame.is_broken for frame in camera.read_many(15)]
    expect_equal(sum(broken), 1, "corrupt frames")
    expect(not broken[-1], "the stream does not go on")


@test("guest/failing QBUF")
def failing_qbuf():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        faults.fail_queueing()
        camera.wait()
        _, index = camera.dequeue()
        expect_equal(v4l2.errno_of(camera.queue, index), "EINVAL", "first QBUF")
        camera.queue(index)
        camera.read_many(5)


@test("guest/failing STREAMON and REQBUFS")
def failing_start():
    for arm in (faults.fail_stream_on, faults.fail_request_buffers):
        arm()
        expect_equal(v4l2.errno_of(lambda: v4l2.Camera(faults.CAMERA).close()), "EINVAL", arm.__name__)
        with v4l2.Camera(faults.CAMERA) as camera:
            camera.read_many(3)


@test("guest/dead stream")
def dead_stream():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        faults.kill_stream()
        faults.wait_until(lambda: v4l2.errno_of(camera.dequeue) == "EIO", 2, "DQBUF says EIO")
        expect("err" in camera.wait(), "poll does not say POLLERR")
        expect_equal(v4l2.errno_of(camera.dequeue), "EIO", "DQBUF again")
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)


@test("guest/lost frames")
def lost_frames():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        with faults.lost_frames(20):
            missing = sum(gaps(camera.read_many(45)))
        frames = camera.read_many(15)
    expect(missing > 0, "no frame is missing")
    expect_equal(sum(gaps(frames[5:])), 0, "missing frames afterwards")
    return f"{missing} of {45 + missing} frames missing"


@test("guest/camera disconnects")
def camera_disconnects():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        faults.disconnect_camera()
        faults.wait_until(lambda: {"err", "hup"} <= camera.wait(), 2, "poll says POLLERR and POLLHUP")
        expect_equal(v4l2.errno_of(camera.dequeue), "ENODEV", "DQBUF")
        expect_equal(v4l2.errno_of(camera.stop), "ENODEV", "STREAMOFF")
        expect(os.path.exists(faults.CAMERA), "the node vanished")
        expect_equal(v4l2.errno_of(os.open, faults.CAMERA, os.O_RDWR), "ENODEV", "open of a second program")
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)


@test("guest/camera is unplugged")
def camera_is_unplugged():
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)
        with faults.unplug_camera() as unplugged:
            expect("hup" in camera.wait(), "poll does not say POLLHUP")
            expect_equal(v4l2.errno_of(camera.dequeue), "ENODEV", "DQBUF")
            camera.close()
            unplugged.plug()
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)


@test("guest/camera is busy")
def camera_is_busy():
    with faults.camera_held():
        expect_equal(v4l2.errno_of(lambda: v4l2.Camera(faults.CAMERA).close()), "EBUSY", "S_FMT")
    with v4l2.Camera(faults.CAMERA) as camera:
        camera.read_many(3)


class Recorder(threading.Thread):
    """Reads the microphone until stopped; how far it came and what it heard."""

    def __init__(self):
        super().__init__(daemon=True)
        self.pcm = alsa.PCM(faults.MICROPHONE, alsa.CAPTURE, formats=("S16_LE",), buffer_s=0.4)
        self.pcm.start()
        self.chunks = []
        self.frames = 0
        self.log = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            data = self.pcm.read(960)
            if not data:
                time.sleep(0.005)
                continue
            self.chunks.append(data)
            self.frames += len(data) // 4
            self.log.append((time.monotonic_ns(), self.frames + self.pcm.available))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()
        self.pcm.close()

    @property
    def samples(self):
        return array.array("h", b"".join(self.chunks))

    def ppm(self):
        (t0, f0), (t1, f1) = self.log[0], self.log[-1]
        return ((f1 - f0) / (t1 - t0) * 1e9 / speaker.RATE - 1) * 1e6


@test("guest/sound is exact")
def sound_is_exact():
    samples = speaker.known_frames()
    with Recorder() as recorder:
        speaker.play_exact(samples)
    heard = recorder.samples.tobytes()
    wanted = samples.tobytes()
    place = heard.find(wanted[:64])
    expect(place >= 0, "the sound was not heard")
    expect(heard[place:place + len(wanted)] == wanted, "frames are not the same")
    return f"{len(samples) // 2} of {len(samples) // 2} frames, {place // 4} frames after the start"


@test("guest/overrun")
def overrun():
    with alsa.PCM(faults.MICROPHONE, alsa.CAPTURE, buffer_s=0.1) as pcm:
        pcm.start()
        faults.wait_until(lambda: pcm.available > 480, 2, "sound comes")
        time.sleep(0.3)
        expect_equal(v4l2.errno_of(pcm.read, 480), "EPIPE", "read")
        expect_equal(pcm.state, "XRUN", "state")
        pcm.prepare()
        expect_equal(pcm.state, "PREPARED", "state after prepare alone")
        pcm.start()
        faults.wait_until(lambda: len(pcm.read(480)) > 0, 2, "sound comes again")


@test("guest/slow card")
def slow_card():
    with Recorder() as recorder:
        time.sleep(2)
    nominal = recorder.ppm()
    with faults.slow_card(1.0), Recorder() as recorder:
        time.sleep(3)
    slow = recorder.ppm()
    expect_within(nominal, -4000, 4000, "ppm at its nominal rate")
    expect_within(slow, -13000, -7000, "ppm of the slow card")
    return f"{nominal:+.0f} ppm, and {slow:+.0f} ppm when slow"


@test("guest/microphone is unplugged")
def microphone_is_unplugged():
    with alsa.PCM(faults.MICROPHONE, alsa.CAPTURE, buffer_s=0.1) as pcm:
        pcm.start()
        faults.wait_until(lambda: len(pcm.read(480)) > 0, 2, "sound comes")
        with faults.unplug_microphone() as unplugged:
            faults.wait_until(lambda: v4l2.errno_of(pcm.read, 480) == "ENODEV", 2, "read says ENODEV")
            expect_equal(pcm.state, "DISCONNECTED", "state")
            expect(not unplugged.is_released, "unbind does not wait for the program")
            pcm.close()
            unplugged.plug()
    with alsa.PCM(faults.MICROPHONE, alsa.CAPTURE, buffer_s=0.1) as pcm:
        pcm.start()
        faults.wait_until(lambda: len(pcm.read(480)) > 0, 2, "sound comes again")


@test("guest/microphone is busy")
def microphone_is_busy():
    with faults.microphone_held():
        expect_equal(v4l2.errno_of(alsa.PCM, faults.MICROPHONE, alsa.CAPTURE), "EBUSY", "open")
    alsa.PCM(faults.MICROPHONE, alsa.CAPTURE).close()


@test("guest/loopback camera is none without a producer")
def loopback_without_producer():
    expect_equal(v4l2.errno_of(lambda: v4l2.Camera(faults.LOOPBACK_CAMERA, pixels="MJPG").close()), "EBUSY", "S_FMT")


@test("guest/clip plays")
def clip_plays():
    with Production("Clip") as clip:
        time.sleep(0.5)
        with v4l2.Camera(faults.LOOPBACK_CAMERA, pixels="MJPG") as camera:
            expect_equal(camera.format[:3], (320, 240, "MJPG"), "format")
            frames = camera.read_many(45)
        late = clip.late_ms
    # The device overwrites what a reader has not taken in time, and this one is a slow program on a slow processor.
    missing = sum(gaps(frames[1:]))
    expect(missing <= 4, f"{missing} of 45 frames are missing")
    expect(all(frame.first[:2] == b"\xff\xd8" for frame in frames), "a picture is no JPEG")
    stamps = "marked" if frames[-1].is_monotonic else "not marked"
    return f"{missing} of 45 missing, time stamps are {stamps} monotonic, a picture came at most {late:.1f} ms late"


@test("guest/flashes and clicks coincide")
def flashes_and_clicks():
    with Production("FlashesAndClicks", period=1.0) as producer:
        time.sleep(0.3)
        with Recorder() as recorder, v4l2.Camera(faults.LOOPBACK_CAMERA, pixels="MJPG") as camera:
            frames = camera.read_many(130)
        skews = [(click - flash) / 1e6 for flash, click in producer.events]
    expect(len(skews) >= 3, f"only {len(skews)} flashes")
    # The same, by what came out: white JPEGs differ in size from black ones, and the recorder knows when it had read how much.
    samples = recorder.samples[::2]
    starts = [i for i in range(1, len(samples)) if abs(samples[i]) > 1000 and not any(samples[max(0, i - 4800):i])]
    shown = [b.t_ns for a, b in zip(frames, frames[1:]) if b.size != a.size and b.size == len(producers.load("white.jpg"))]
    t0, f0 = recorder.log[-1]
    heard = [t0 + (start - f0) * 1e9 / speaker.RATE for start in starts]
    seen = [min((h - s) / 1e6 for h in heard if abs(h - s) < 3e8) for s in shown if any(abs(h - s) < 3e8 for h in heard)]
    expect(len(seen) >= 2, f"only {len(seen)} flashes came out with a click")
    # On a busy machine a picture may be late; what comes out has to show just that.
    expect(all(abs(skew) < 40 for skew in skews), f"clicks after flashes at the source: {skews} ms")
    expect(all(min(abs(s - skew) for skew in skews) < 10 for s in seen), f"clicks after flashes: {skews} ms at the source, {seen} ms at the end")
    return f"clicks after flashes: at the source {', '.join(f'{s:+.1f}' for s in skews)} ms; come out {', '.join(f'{s:+.1f}' for s in seen)} ms"
