"""The faults that the guest can make: one function each. README.md says what each was seen to do."""

import contextlib
import os
import signal
import subprocess
import threading
import time

import v4l2

CAMERA = "/dev/video0"
LOOPBACK_CAMERA = "/dev/video10"
MICROPHONE = "hw:Loopback,1"
SPEAKER = "hw:Loopback,0"
VIVID_DRIVER = "/sys/bus/platform/drivers/vivid"
ALOOP_DRIVER = "/sys/bus/platform/drivers/snd_aloop"

# Numbers of vivid's error injection controls (drivers/media/test-drivers/vivid/vivid-ctrls.c).
DROPPED_BUFFERS = 0x00F0F040
DISCONNECT = 0x00F0F041
BUFFER_ERROR = 0x00F0F042
REQBUFS_ERROR = 0x00F0F043
QBUF_ERROR = 0x00F0F044
STREAMON_ERROR = 0x00F0F045
FATAL_ERROR = 0x00F0F046


def wait_until(condition, timeout, what):
    """Asks every 10 ms, and raises TimeoutError when the time is over."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {timeout} s")
        time.sleep(0.01)


# The camera, while it streams.

def corrupt_buffer():
    """The next frame has V4L2_BUF_FLAG_ERROR."""
    v4l2.set_control(CAMERA, BUFFER_ERROR, 1)


def fail_queueing():
    """The next QBUF fails with EINVAL. The buffer stays with the program."""
    v4l2.set_control(CAMERA, QBUF_ERROR, 1)


def fail_stream_on():
    """The next STREAMON fails with EINVAL. It is armed until then, so a dead stream has to follow for a running program to see it."""
    v4l2.set_control(CAMERA, STREAMON_ERROR, 1)


def fail_request_buffers():
    """The next REQBUFS fails with EINVAL; armed like fail_stream_on."""
    v4l2.set_control(CAMERA, REQBUFS_ERROR, 1)


def kill_stream():
    """POLLERR and DQBUF EIO until the program stops the stream."""
    v4l2.set_control(CAMERA, FATAL_ERROR, 1)


@contextlib.contextmanager
def lost_frames(percent=20):
    v4l2.set_control(CAMERA, DROPPED_BUFFERS, percent)
    try:
        yield
    finally:
        v4l2.set_control(CAMERA, DROPPED_BUFFERS, 0)


def disconnect_camera():
    """The device says ENODEV until the last program has closed it, and is then there again, like a plug that was loose for a moment."""
    v4l2.set_control(CAMERA, DISCONNECT, 1)


class _Unplugged:
    """A device whose driver has been unbound; plug() binds it again. As a context it is plugged in at the end in any case."""

    def __init__(self, driver, device, nodes, timeout):
        self.driver, self.device, self.nodes = driver, device, nodes
        # A driver's unbind may wait until every program has closed the device (ALSA's does), so it gets a thread of its own.
        self.thread = threading.Thread(target=self._write, args=("unbind",), daemon=True)
        self.thread.start()
        wait_until(lambda: not any(map(os.path.exists, nodes)), timeout, f"{nodes[0]} goes")

    def _write(self, what):
        with open(f"{self.driver}/{what}", "w", encoding="ascii") as file:
            file.write(self.device)

    @property
    def is_released(self):
        """Whether unbind has returned: for a sound card, whether every program has let go of it."""
        return not self.thread.is_alive()

    def plug(self, timeout=5):
        """Binds the driver and returns the time at which the device was there again, in seconds of CLOCK_MONOTONIC."""
        if self.driver:
            self.thread.join(timeout)
            if self.thread.is_alive():
                raise TimeoutError(f"a program has kept {self.nodes[0]} open for {timeout} s after it was unplugged")
            self._write("bind")
            wait_until(lambda: all(map(os.path.exists, self.nodes)), timeout, f"{self.nodes[0]} comes")
            self.driver = None
        return time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.plug()


def unplug_camera():
    """The node vanishes; who has it open gets ENODEV. Its number is taken until everybody has closed it, so a program that keeps its
    handle meets the camera under another number."""
    return _Unplugged(VIVID_DRIVER, "vivid.0", [CAMERA], timeout=5)


@contextlib.contextmanager
def camera_held(device=CAMERA):
    """A second program streams from the camera: S_FMT and REQBUFS of everyone else say EBUSY. Gives the program's process."""
    with _holder(["v4l2-ctl", "-d", device, "--stream-mmap", "--stream-to=/dev/null"]) as process:
        wait_until(lambda: _is_busy(process, lambda: v4l2.errno_of(_probe_camera, device) == "EBUSY"), 10, f"v4l2-ctl holds {device}")
        yield process


def _probe_camera(device):
    fd = os.open(device, os.O_RDWR)
    try:
        v4l2.set_format(fd, v4l2.CAPTURE, 320, 240, "YUYV")
    finally:
        os.close(fd)


# The microphone.

def pause(process, seconds):
    """Stops a whole program: its sound buffer runs over (EPIPE, state XRUN) if that holds less, as with a reader that stalls."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        os.kill(process.pid, signal.SIGCONT)


@contextlib.contextmanager
def slow_card(percent=1.0):
    """The card's clock is so much slower than nominal, for both ends of the cable, at once and while it runs."""
    set_card_rate(round(100_000 * (1 + percent / 100)))
    try:
        yield
    finally:
        set_card_rate(100_000)


def set_card_rate(shift):
    """100000 is nominal; 101000 lets a second of samples take 1.01 s."""
    control = "iface=PCM,name='PCM Rate Shift 100000',device=1,subdevice=0"
    subprocess.run(["amixer", "-q", "-c", "Loopback", "cset", control, str(shift)], check=True, timeout=20)


def unplug_microphone():
    """The card's nodes vanish; reads fail with ENODEV, the state is DISCONNECTED. The driver waits until everybody has closed it."""
    return _Unplugged(ALOOP_DRIVER, "snd_aloop.0", ["/dev/snd/pcmC0D1c", "/dev/snd/controlC0"], timeout=5)


@contextlib.contextmanager
def microphone_held():
    """A second program records: open says EBUSY."""
    with _holder(["arecord", "-q", "-D", MICROPHONE, "-f", "S16_LE", "-r", "48000", "-c", "2", "/dev/null"]) as process:
        wait_until(lambda: _is_busy(process, microphone_runs), 10, "arecord holds the microphone")
        yield process


def microphone_runs():
    with open("/proc/asound/Loopback/pcm1c/sub0/status", encoding="ascii") as file:
        return "RUNNING" in file.read()


def _is_busy(process, condition):
    if process.poll() is not None:
        raise RuntimeError(f"{process.args[0]} ended with {process.returncode}: the device is in use already")
    return condition()


@contextlib.contextmanager
def _holder(command):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
