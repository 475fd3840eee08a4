"""Makes the fixtures of Tests/AuralCaptureTests/Golden (all but the two clip_00 pictures). Needs Pillow, NumPy and ffmpeg.

    python make_fixtures.py Tests/AuralCaptureTests/Golden
"""
import io
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)


def path(name):
    full = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def scene(n, w=64, h=48):
    """Gradients, a disc that moves, and a little noise: something for every part of a codec."""
    y, x = np.mgrid[0:h, 0:w]
    r = np.stack([x * 255 // (w - 1), y * 255 // (h - 1), (x * 3 + y * 5 + 20 * n) % 256], -1)
    disc = (x - 12 - 7 * n) ** 2 + (y - 24) ** 2 < 90
    r[disc] = [230, 40, 60]
    r = r + np.random.default_rng(n).integers(-6, 7, r.shape)
    return Image.fromarray(r.clip(0, 255).astype(np.uint8))


def raw(image):
    return image.convert("RGB").tobytes()


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def ffmpeg(*args):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *args], check=True)


# Pictures: the file, and beside it what Pillow decodes, as .rgb (width and height as two little-endian 32-bit numbers first).
def picture(name, image, **options):
    image.save(path("pictures/" + name), **options)
    decoded = Image.open(path("pictures/" + name))
    decoded.load()
    rgb = decoded.convert("RGB")
    write("pictures/" + name + ".rgb", struct.pack("<II", *rgb.size) + raw(rgb))


rgb = scene(0)
odd = scene(1, 37, 29)
picture("yuv420.jpg", rgb, quality=85, subsampling="4:2:0")
picture("yuv420_odd.jpg", odd, quality=70, subsampling="4:2:0")
picture("yuv422.jpg", rgb, quality=85, subsampling="4:2:2")
picture("yuv444.jpg", rgb, quality=92, subsampling="4:4:4")
picture("progressive.jpg", odd, quality=80, progressive=True)
picture("grey.jpg", rgb.convert("L"), quality=85)
picture("rgb.png", odd)
picture("grey.png", odd.convert("L"))
picture("palette.png", odd.quantize(32))
picture("palette4.png", odd.quantize(7), bits=4)
transparent = odd.quantize(16)
picture("palette_transparent.png", transparent, transparency=3)
picture("bilevel.png", odd.convert("1"))
alpha = odd.copy()
alpha.putalpha(Image.fromarray((np.arange(37 * 29) % 256).reshape(29, 37).astype(np.uint8)))
picture("rgba.png", alpha)
picture("grey_alpha.png", alpha.convert("LA"))
# A gamma chunk, which Pillow does not apply. Pillow has no option for it, so it is put in by hand after IHDR.
import zlib
buffer = io.BytesIO()
odd.save(buffer, "PNG")
data = buffer.getvalue()
chunk = b"gAMA" + struct.pack(">I", 100000)
data = data[:33] + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
write("pictures/gamma.png", data)
write("pictures/gamma.png.rgb", struct.pack("<II", 37, 29) + raw(Image.open(io.BytesIO(data))))
# Sixteen bits a channel, which Pillow reads but does not write.
values = np.random.default_rng(9).integers(0, 65536, (7, 9, 3)).astype(">u2")


def png_chunk(code, data):
    return struct.pack(">I", len(data)) + code + data + struct.pack(">I", zlib.crc32(code + data))


lines = b"".join(b"\0" + row.tobytes() for row in values)
data = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 7, 16, 2, 0, 0, 0))
data += png_chunk(b"IDAT", zlib.compress(lines)) + png_chunk(b"IEND", b"")
write("pictures/deep.png", data)
write("pictures/deep.png.rgb", struct.pack("<II", 9, 7) + raw(Image.open(io.BytesIO(data))))
rgb.convert("CMYK").save(path("broken/cmyk.jpg"))

# Resampling: input size, output size; inputs are noise (so that clipping happens) by the generator that the tests have too.
cases = [(1, 1, 5, 3), (5, 3, 1, 1), (64, 48, 64, 20), (64, 48, 33, 48), (64, 48, 64, 48), (37, 29, 64, 64), (61, 7, 16, 31),
         (7, 61, 31, 16), (100, 80, 13, 11), (13, 11, 50, 47), (3, 40, 90, 2), (128, 1, 9, 1), (1, 77, 1, 20), (90, 67, 48, 48)]


def splitmix(seed, count):
    out = np.empty(count, np.uint64)
    mask = (1 << 64) - 1
    for i in range(count):
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        out[i] = z ^ (z >> 31)
    return out


blob = b""
for w, h, ow, oh in cases:
    # Half the values are anything, half black or white for overshoot.
    z = splitmix(w * 1000 + h, w * h * 3)
    values = (z >> np.uint64(56)).astype(np.uint8)
    hard = (z & np.uint64(1)).astype(bool)
    values[hard] = np.where(values[hard] < 128, 0, 255)
    image = Image.fromarray(values.reshape(h, w, 3))
    # In two steps: Pillow 13 turns the passes round where the height shrinks more than the width.
    result = raw(image.resize((ow, h)).resize((ow, oh)))
    blob += struct.pack("<IIII", w, h, ow, oh) + result
write("resampled.bin", blob)

# Y4M, and what ffmpeg's own arithmetic is not needed for: the converter is checked against BT.601 in floating point by the test.
rng = np.random.default_rng(5)


def y4m(name, header, planes):
    data = header + b"\n"
    for frame in planes:
        data += b"FRAME\n" + frame
    write("video/" + name, data)


def noise(n):
    return rng.integers(0, 256, n).astype(np.uint8).tobytes()


y4m("c420jpeg.y4m", b"YUV4MPEG2 W16 H10 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED", [noise(240) for _ in range(3)])
y4m("c420_odd_full.y4m", b"YUV4MPEG2 W7 H5 F25:1 Ip A0:0 C420mpeg2 XCOLORRANGE=FULL", [noise(35 + 24) for _ in range(2)])
y4m("c422.y4m", b"YUV4MPEG2 W7 H4 F24:1 C422", [noise(28 + 32) for _ in range(2)])
y4m("c444.y4m", b"YUV4MPEG2 W5 H4 F10:1 C444", [noise(60) for _ in range(2)])
y4m("mono.y4m", b"YUV4MPEG2 W6 H4 F10:1 Cmono", [noise(24) for _ in range(2)])

# A folder whose order by number is not the order by bytes.
scene(0).save(path("clip/2.png"))
scene(1).save(path("clip/10.jpg"), quality=90)
scene(2).save(path("clip/9.jpg"), quality=90)

# Motion-JPEG AVI as ffmpeg writes it (standard Huffman tables), with sound beside it.
for n in range(4):
    scene(n).save(path(f"tmp/{n}.png"))
ffmpeg("-framerate", "15", "-i", path("tmp/%d.png"), "-f", "lavfi", "-i", "sine=f=440:r=8000:d=0.2",
       "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-huffman", "default", "-q:v", "4", "-c:a", "pcm_s16le", "-bitexact",
       path("video/mjpeg.avi"))
ffmpeg("-framerate", "15", "-i", path("tmp/%d.png"), "-c:v", "mpeg4", "-q:v", "3", "-bitexact", path("video/mpeg4.avi"))
ffmpeg("-framerate", "15", "-i", path("tmp/%d.png"), "-c:v", "ffv1", "-pix_fmt", "bgr0", "-bitexact", path("video/lossless.mkv"))
ffmpeg("-f", "lavfi", "-i", "sine=f=440:r=8000:d=0.1", "-bitexact", path("video/sound.mka"))
for n in range(4):
    os.remove(path(f"tmp/{n}.png"))
os.rmdir(path("tmp"))
# What Pillow makes of the AVI's frames.
data = open(path("video/mjpeg.avi"), "rb").read()
movi = data.index(b"movi")
frames = b""
offset = movi + 4
while offset + 8 <= len(data) and data[offset:offset + 4] != b"idx1":
    size = struct.unpack("<I", data[offset + 4:offset + 8])[0]
    if data[offset:offset + 4] == b"00dc" and size:
        frames += raw(Image.open(io.BytesIO(data[offset + 8:offset + 8 + size])))
    offset += 8 + size + (size & 1)
write("video/mjpeg.avi.rgb", frames)
