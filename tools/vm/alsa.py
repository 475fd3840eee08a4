"""ALSA PCMs through libasound and ctypes, as far as the guest's tests need them."""

import ctypes
import os

PLAYBACK, CAPTURE = 0, 1
NONBLOCK = 1
RW_INTERLEAVED = 3
FORMATS = {"S16_LE": 2, "S32_LE": 10, "FLOAT_LE": 14}
BYTES = {"S16_LE": 2, "S32_LE": 4, "FLOAT_LE": 4}
STATES = ["OPEN", "SETUP", "PREPARED", "RUNNING", "XRUN", "DRAINING", "PAUSED", "SUSPENDED", "DISCONNECTED"]

_library = ctypes.CDLL("libasound.so.2")
_frames, _unsigned_frames = ctypes.c_long, ctypes.c_ulong
for _name, _result, _arguments in [
    ("snd_pcm_open", ctypes.c_int, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]),
    ("snd_pcm_close", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_pcm_set_params", ctypes.c_int, [ctypes.c_void_p] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 2 + [ctypes.c_int, ctypes.c_uint]),
    ("snd_pcm_nonblock", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int]),
    ("snd_pcm_get_params", ctypes.c_int, [ctypes.c_void_p] * 3),
    ("snd_pcm_writei", _frames, [ctypes.c_void_p, ctypes.c_char_p, _unsigned_frames]),
    ("snd_pcm_readi", _frames, [ctypes.c_void_p, ctypes.c_void_p, _unsigned_frames]),
    ("snd_pcm_avail", _frames, [ctypes.c_void_p]),
    ("snd_pcm_delay", ctypes.c_int, [ctypes.c_void_p, ctypes.c_void_p]),
    ("snd_pcm_state", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_pcm_prepare", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_pcm_start", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_pcm_drop", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_pcm_drain", ctypes.c_int, [ctypes.c_void_p]),
    ("snd_config_update_free_global", ctypes.c_int, []),
]:
    _function = getattr(_library, _name)
    _function.restype, _function.argtypes = _result, _arguments
# libasound tells its errors to stderr as well; they are exceptions here.
_handler = ctypes.CFUNCTYPE(None)(lambda: None)
_library.snd_lib_error_set_handler(_handler)


def _check(result, what):
    if result < 0:
        raise OSError(-result, f"{what}: {os.strerror(-result)}")
    return result


class PCM:
    """One open PCM. Every call that fails raises OSError with the driver's own number.

    The first of `formats` that the device takes is used: an aloop cable has one format, and the end that was opened first has chosen it.
    """

    def __init__(self, device, direction, rate=48000, channels=2, formats=("S16_LE", "S32_LE", "FLOAT_LE"), buffer_s=0.1):
        # A free-standing configuration would keep a card's old number for ever after it was unplugged.
        _library.snd_config_update_free_global()
        self.rate, self.channels = rate, channels
        handle = ctypes.c_void_p()
        # Non-blocking, because a plain open waits for as long as another program has the device.
        _check(_library.snd_pcm_open(ctypes.byref(handle), device.encode(), direction, NONBLOCK), f"open {device}")
        self.handle = handle
        try:
            result = -22
            for self.format in formats:
                result = _library.snd_pcm_set_params(handle, FORMATS[self.format], RW_INTERLEAVED, channels, rate, 0, int(buffer_s * 1e6))
                if result >= 0:
                    break
            _check(result, f"set parameters of {device}")
            self.frame_bytes = BYTES[self.format] * channels
            size, period = _unsigned_frames(), _unsigned_frames()
            _check(_library.snd_pcm_get_params(handle, ctypes.byref(size), ctypes.byref(period)), "get parameters")
            self.buffer_frames, self.period_frames = size.value, period.value
        except OSError:
            self.close()
            raise

    def block(self):
        _check(_library.snd_pcm_nonblock(self.handle, 0), "block")

    def write(self, data):
        """Writes whole frames and returns how many were taken; 0 where there is no room."""
        result = _library.snd_pcm_writei(self.handle, data, len(data) // self.frame_bytes)
        return 0 if result == -11 else _check(result, "write")

    def read(self, frames):
        buffer = ctypes.create_string_buffer(frames * self.frame_bytes)
        result = _library.snd_pcm_readi(self.handle, buffer, frames)
        return b"" if result == -11 else buffer.raw[:_check(result, "read") * self.frame_bytes]

    def delay(self):
        """Frames between the one that is written next and the one that is heard now."""
        value = _frames()
        _check(_library.snd_pcm_delay(self.handle, ctypes.byref(value)), "delay")
        return value.value

    @property
    def available(self):
        return _check(_library.snd_pcm_avail(self.handle), "avail")

    @property
    def state(self):
        return STATES[_library.snd_pcm_state(self.handle)]

    def prepare(self):
        _check(_library.snd_pcm_prepare(self.handle), "prepare")

    def start(self):
        _check(_library.snd_pcm_start(self.handle), "start")

    def drain(self):
        self.block()
        _check(_library.snd_pcm_drain(self.handle), "drain")

    def close(self):
        if self.handle:
            _library.snd_pcm_close(self.handle)
            self.handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
