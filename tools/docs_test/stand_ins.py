"""Files that stand in for downloads and recordings: checkpoints of the right shapes that are all zeros, a clip, a tone, small data sets."""

from __future__ import annotations

import json
import math
import shutil
import struct
import wave
import zlib
from pathlib import Path

WIDTH, HEIGHT, FRAMES, RATE = 64, 48, 20, 10
_SOUND_RATE = 16000
_SECONDS = 3


def checkpoint(path: Path, shapes: dict[str, list[int]]) -> None:
    """A safetensors file of zeros, which takes next to no room on disk. aurald knows what a file is by its bytes, not by its name."""
    header: dict[str, object] = {}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)


def text_encoder(folder: Path, tokenizer: Path) -> None:
    """A folder like that of distilroberta-base, with one layer and a small vocabulary."""
    width, hidden = 768, 3072
    shapes = {
        "roberta.embeddings.word_embeddings.weight": [1500, width], "roberta.embeddings.position_embeddings.weight": [40, width],
        "roberta.embeddings.token_type_embeddings.weight": [1, width],
    }
    layer = "roberta.encoder.layer.0"
    matrices = {f"{layer}.attention.self.{role}": [width, width] for role in ("query", "key", "value")} | {
        f"{layer}.attention.output.dense": [width, width], f"{layer}.intermediate.dense": [hidden, width], f"{layer}.output.dense": [width, hidden],
        "roberta.embeddings.LayerNorm": [width], f"{layer}.attention.output.LayerNorm": [width], f"{layer}.output.LayerNorm": [width],
    }
    for name, shape in matrices.items():
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = shape, shape[:1]
    checkpoint(folder / "model.safetensors", shapes)
    for name in ("vocab.json", "merges.txt"):
        shutil.copyfile(tokenizer / name, folder / name)
    config = {"model_type": "roberta", "num_hidden_layers": 1, "num_attention_heads": 12, "hidden_size": width}
    (folder / "config.json").write_text(json.dumps(config))


def bright_box(index: int) -> tuple[int, int, int, int]:
    """Where frame `index` of the clip is bright: left, top, right, bottom. It goes there and back."""
    left = 8 + 2 * abs(8 - index % 16)
    return left, 12, left + 20, 36


def clip(path: Path) -> None:
    """A dark Y4M of two seconds in which a bright box moves."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for index in range(FRAMES):
            luma = bytearray([16]) * (WIDTH * HEIGHT)
            left, top, right, bottom = bright_box(index)
            for row in range(top, bottom):
                luma[row * WIDTH + left : row * WIDTH + right] = bytes([235]) * (right - left)
            file.write(b"FRAME\n" + luma + bytes([128]) * (WIDTH * HEIGHT // 2))


def tone(path: Path) -> None:
    """A WAV that sounds all the time."""
    samples = [int(16000 * math.sin(index * 2 * math.pi * 440 / _SOUND_RATE)) for index in range(_SECONDS * _SOUND_RATE)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_SOUND_RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def png(path: Path, index: int, bright: int, dark: int) -> None:
    """Frame `index` of the clip as a grey PNG (RFC 2083)."""
    left, top, right, bottom = bright_box(index)
    rows = b"".join(
        b"\0" + bytes(bright if left <= x < right and top <= y < bottom else dark for x in range(WIDTH)) for y in range(HEIGHT))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b""))


def avsbench(root: Path, uid: str) -> None:
    """AVSBench with one clip of each subset; `uid` is that of v1m."""
    rows = ["uid,split,label"]
    for label, name in (("v1s", "one"), ("v1m", uid), ("v2", "two")):
        folder = root / label / name
        for index in range(2):
            png(folder / "frames" / f"{name}_{index}.png", index, 235, 16)
            png(folder / "labels_rgb" / f"{name}_{index}.png", index, 200, 0)
        tone(folder / "audio.wav")
        rows.append(f"{name},test,{label}")
    (root / "metadata.csv").write_text("\n".join(rows) + "\n")


def refavs(root: Path) -> None:
    """Ref-AVS with one expression of each split."""
    for name in ("dogs", "band"):
        for index in range(2):
            png(root / "media" / name / "frames" / f"{index}.jpg", index, 235, 16)
            png(root / "gt_mask" / name / "fid_1" / f"0000{index}.png", index, 255, 0)
        tone(root / "media" / name / "audio.wav")
    rows = ["vid,uid,fid,exp,split", "dogs,dogs_0_1,1,the dog,test_s", "band,band_0_1,1,the guitar,test_u", "-,dogs_9_9,-,the silent cat,test_n"]
    (root / "metadata.csv").write_text("\n".join(rows) + "\n")
