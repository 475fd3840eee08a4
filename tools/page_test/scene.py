"""A clip that is drawn here: a white owl that flies over hills at night, and its calls. Only the owl is bright, so that the engine for
rehearsals finds it and nothing else."""

import math
import random
import struct
import wave

WIDTH, HEIGHT, RATE, FRAMES = 320, 240, 10, 40
SOUND_RATE = 16000


def owl(index):
    """Where its middle is on a frame, across the sky and back, and how its wings stand."""
    share = 0.5 - 0.5 * math.cos(2 * math.pi * index / FRAMES)
    return 75 + 170 * share, 95 - 22 * math.sin(math.pi * share), 0.35 * math.sin(2 * math.pi * index / 8)


def _night(scale):
    """The rows without the owl: luma, a byte a pixel."""
    rows = []
    near = [HEIGHT - 34 - 16 * math.sin(x / 47) - 6 * math.sin(x / 13) for x in (column / scale for column in range(WIDTH * scale))]
    far = [HEIGHT - 66 - 22 * math.sin(1 + column / scale / 71) for column in range(WIDTH * scale)]
    for y in range(HEIGHT * scale):
        sky = 26 + 36 * y // (HEIGHT * scale)
        rows.append(bytearray(20 if y > scale * low else 44 if y > scale * high else sky for low, high in zip(near, far)))
    stars = random.Random(3)
    for _ in range(70):
        rows[stars.randrange(150 * scale)][stars.randrange(WIDTH * scale)] = stars.randrange(70, 110)
    return rows


def _ellipse(rows, scale, middle, axes, angle, luma):
    """Fills an ellipse row by row, between the roots of its equation."""
    (x, y), (a, b) = middle, axes
    cosine, sine = math.cos(angle), math.sin(angle)
    square, mixed, rest = (cosine / a) ** 2 + (sine / b) ** 2, sine * cosine * (1 / a**2 - 1 / b**2), (sine / a) ** 2 + (cosine / b) ** 2
    for row in range(max(0, int((y - max(axes)) * scale)), min(len(rows), int((y + max(axes)) * scale) + 1)):
        down = row / scale - y
        root = (mixed * down) ** 2 - square * (rest * down**2 - 1)
        if root > 0:
            ends = [x + (-mixed * down + sign * math.sqrt(root)) / square for sign in (-1, 1)]
            left, right = (min(WIDTH * scale, max(0, round(end * scale))) for end in ends)
            rows[row][left:right] = bytes([luma]) * (right - left)


def _draw_owl(rows, scale, x, y, flap):
    for side in (-1, 1):
        _ellipse(rows, scale, (x + side * 27, y - 4 + 30 * flap), (31, 11), side * (2.2 * flap - 0.15), 206)
    _ellipse(rows, scale, (x, y + 6), (13, 23), 0, 228)
    _ellipse(rows, scale, (x, y - 16), (14, 13), 0, 240)
    for side in (-1, 1):
        _ellipse(rows, scale, (x + side * 5, y - 17), (2.6, 2.6), 0, 24)
    _ellipse(rows, scale, (x, y - 12), (1.2, 2.4), 0, 130)


def write_clip(path, scale=1):
    """The pictures as Y4M, `scale` times as large."""
    night = _night(scale)
    colours = b"".join(bytes([value]) * (WIDTH * HEIGHT * scale * scale // 4) for value in (140, 122))
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH * scale} H{HEIGHT * scale} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for index in range(FRAMES):
            rows = [bytearray(row) for row in night]
            _draw_owl(rows, scale, *owl(index))
            file.write(b"FRAME\n" + b"".join(rows) + colours)


def write_sound(path):
    """Two seconds in which it calls, then two of silence."""
    samples = []
    for place in range(FRAMES * SOUND_RATE // RATE):
        time = place / SOUND_RATE
        call = math.sin(math.pi * (time % 0.5) / 0.5) if time < 2 else 0
        pitch = 2 * math.pi * (420 * time + 14 * math.sin(2 * math.pi * 2 * time))
        samples.append(int(9000 * call * (math.sin(pitch) + 0.35 * math.sin(3 * pitch) + 0.2 * math.sin(7 * pitch)) / 1.55))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
