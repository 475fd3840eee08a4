"""V4L2 as far as the guest's tests need it: controls, a producer for v4l2loopback, and a plain mmap reader. Struct layouts and request
numbers are those of linux/videodev2.h on x86_64."""

import ctypes
import errno
import fcntl
import mmap
import os
import select
import struct
import time

CAPTURE, OUTPUT = 1, 2
MEMORY_MMAP = 1
FLAG_ERROR = 0x40
TIMESTAMP_MASK, TIMESTAMP_MONOTONIC = 0xE000, 0x2000

VIDIOC_S_FMT = 0xC0D05605
VIDIOC_REQBUFS = 0xC0145608
VIDIOC_QUERYBUF = 0xC0585609
VIDIOC_QBUF = 0xC058560F
VIDIOC_DQBUF = 0xC0585611
VIDIOC_STREAMON = 0x40045612
VIDIOC_STREAMOFF = 0x40045613
VIDIOC_S_PARM = 0xC0CC5616
VIDIOC_S_CTRL = 0xC008561C

BUFFER = struct.Struct("<5I4xqq16x2IQ3I4x")


def fourcc(name):
    return struct.unpack("<I", name.encode("ascii").ljust(4))[0]


def set_format(fd, kind, width, height, pixels, size=0):
    """Sets the format and returns what the driver made of it: (width, height, fourcc's text, bytes of a picture)."""
    data = bytearray(208)
    struct.pack_into("<I4x6I", data, 0, kind, width, height, fourcc(pixels), 1, 0, size)
    fcntl.ioctl(fd, VIDIOC_S_FMT, data)
    got = struct.unpack_from("<3I", data, 8)
    return got[0], got[1], struct.pack("<I", got[2]).decode("ascii"), struct.unpack_from("<I", data, 28)[0]


def set_rate(fd, kind, rate):
    data = bytearray(204)
    struct.pack_into("<5I", data, 0, kind, 0, 0, 1000, round(rate * 1000))
    fcntl.ioctl(fd, VIDIOC_S_PARM, data)
    numerator, denominator = struct.unpack_from("<2I", data, 12)
    return denominator / numerator if numerator else 0


def set_control(device, control, value):
    """Sets a control through a handle of its own: that disturbs nobody who streams."""
    fd = os.open(device, os.O_RDWR)
    try:
        fcntl.ioctl(fd, VIDIOC_S_CTRL, struct.pack("<Ii", control, value))
    finally:
        os.close(fd)


class Frame:
    def __init__(self, sequence, flags, t_ns, arrived_ns, size, first):
        self.sequence, self.flags, self.t_ns, self.arrived_ns, self.size, self.first = sequence, flags, t_ns, arrived_ns, size, first

    @property
    def is_broken(self):
        return bool(self.flags & FLAG_ERROR)

    @property
    def is_monotonic(self):
        return self.flags & TIMESTAMP_MASK == TIMESTAMP_MONOTONIC


class Camera:
    """A reader that does no more than the kernel's document says, so that what it sees is what the driver did."""

    def __init__(self, device, width=320, height=240, pixels="YUYV", rate=30, buffers=4):
        self.fd = os.open(device, os.O_RDWR | os.O_NONBLOCK)
        self.maps = []
        try:
            self.format = set_format(self.fd, CAPTURE, width, height, pixels)
            self.rate = set_rate(self.fd, CAPTURE, rate)
            self.request_buffers(buffers)
            for index in range(len(self.maps)):
                self.queue(index)
            fcntl.ioctl(self.fd, VIDIOC_STREAMON, struct.pack("<I", CAPTURE))
        except OSError:
            self.close()
            raise

    def request_buffers(self, count):
        data = bytearray(struct.pack("<3I8x", count, CAPTURE, MEMORY_MMAP))
        fcntl.ioctl(self.fd, VIDIOC_REQBUFS, data)
        for index in range(struct.unpack_from("<I", data)[0]):
            buffer = self.buffer(index)
            fcntl.ioctl(self.fd, VIDIOC_QUERYBUF, buffer)
            fields = BUFFER.unpack(buffer)
            self.maps.append(mmap.mmap(self.fd, fields[10], mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, offset=fields[9]))

    @staticmethod
    def buffer(index=0):
        return bytearray(BUFFER.pack(index, CAPTURE, 0, 0, 0, 0, 0, 0, MEMORY_MMAP, 0, 0, 0, 0))

    def queue(self, index):
        fcntl.ioctl(self.fd, VIDIOC_QBUF, self.buffer(index))

    def wait(self, timeout=1.0):
        """What poll says: an empty set after the time is over, otherwise names of "in", "err", "hup"."""
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        events = poll.poll(timeout * 1000)
        bits = events[0][1] if events else 0
        return {name for name, bit in (("in", select.POLLIN), ("err", select.POLLERR), ("hup", select.POLLHUP)) if bits & bit}

    def dequeue(self):
        buffer = self.buffer()
        fcntl.ioctl(self.fd, VIDIOC_DQBUF, buffer)
        index, _, size, flags, _, seconds, micros, sequence, _, _, _, _, _ = BUFFER.unpack(buffer)
        frame = Frame(sequence, flags, (seconds * 1_000_000 + micros) * 1000, time.monotonic_ns(), size, bytes(self.maps[index][:4]))
        return frame, index

    def read(self, timeout=1.0):
        """The next frame; its buffer is queued again."""
        if not self.wait(timeout):
            raise TimeoutError(f"no frame in {timeout} s")
        frame, index = self.dequeue()
        self.queue(index)
        return frame

    def read_many(self, count, timeout=1.0):
        return [self.read(timeout) for _ in range(count)]

    def stop(self):
        fcntl.ioctl(self.fd, VIDIOC_STREAMOFF, struct.pack("<I", CAPTURE))

    def close(self):
        for each in self.maps:
            each.close()
        self.maps = []
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class LoopbackOutput:
    """The producer's end of a v4l2loopback device: JPEG pictures by write()."""

    def __init__(self, device, width, height, rate):
        self.fd = os.open(device, os.O_RDWR)
        set_format(self.fd, OUTPUT, width, height, "MJPG", width * height * 2)
        set_rate(self.fd, OUTPUT, rate)
        # Who only writes is no writer to v4l2loopback 0.12: it would never take another producer after this one.
        fcntl.ioctl(self.fd, VIDIOC_STREAMON, struct.pack("<I", OUTPUT))

    def write(self, picture):
        os.write(self.fd, picture)

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def errno_of(action, *arguments):
    """The name of the error that the call fails with, or "" where it does not."""
    try:
        action(*arguments)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return ""


assert BUFFER.size == 88 and ctypes.sizeof(ctypes.c_long) == 8
