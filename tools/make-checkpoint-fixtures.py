#!/usr/bin/env python3
"""Makes the small checkpoints in Tests/AuralGraphTests/Golden that the tests of the weight readers read.

Needs torch, numpy and safetensors. Run it from the root of the repository; it writes the files and `expected.json`, which has
the shape, the element type and the values of every tensor as PyTorch itself sees them.
"""

import collections
import json
import os
import pathlib
import pickle
import struct
import sys
import zipfile

import numpy
import safetensors.torch
import torch

GOLDEN = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Tests/AuralGraphTests/Golden")
expected = {}

DTYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
    "int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8,
    "bool": torch.bool,
}


def describe(tensor):
    tensor = tensor.detach()
    values = tensor.to(torch.float32).contiguous().flatten().numpy()
    return {
        "shape": list(tensor.shape),
        "type": str(tensor.dtype).removeprefix("torch."),
        # The bits, because JSON's decimal numbers have neither infinities nor an exact rounding rule.
        "bits": values.view(numpy.uint32).tolist(),
    }


def note(name, tensors):
    expected[name] = {key: describe(value) for key, value in tensors.items()}


def save(name, value, tensors, **options):
    torch.save(value, GOLDEN / name, **options)
    note(name, tensors)


def ramp(*shape, dtype=torch.float32):
    count = int(numpy.prod(shape)) if shape else 1
    return (torch.arange(count, dtype=torch.float64) * 0.75 - 2).reshape(shape).to(dtype)


def all_types():
    tensors = {name: (ramp(2, 3) * 3).to(dtype) for name, dtype in DTYPES.items() if name not in ("bool", "uint8")}
    tensors["uint8"] = torch.tensor([0, 1, 127, 128, 255], dtype=torch.uint8)
    tensors["bool"] = torch.tensor([[True, False], [False, True]])
    tensors["extremes16"] = torch.tensor([65504.0, -6e-8, float("inf"), 0.0], dtype=torch.float16)
    tensors["extremesb16"] = torch.tensor([3.3895e38, -1e-40, float("-inf"), 0.0], dtype=torch.bfloat16)
    tensors["extremes64"] = torch.tensor([2**62 + 1, -(2**63), 16777217, 2**63 - 1], dtype=torch.int64)
    tensors["roundedto32"] = torch.tensor([0.1, 1e300, -1e-300, 16777217.0], dtype=torch.float64)
    return tensors


def repack(source, target, **options):
    """Writes the entries of a checkpoint again with Python's zipfile."""
    with zipfile.ZipFile(GOLDEN / source) as old, zipfile.ZipFile(GOLDEN / target, "w") as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename)
            entry.compress_type = options.get("compression", zipfile.ZIP_STORED)
            with new.open(entry, "w", force_zip64=options.get("zip64", False)) as stream:
                stream.write(old.read(info.filename))


def widen(name):
    """Turns an archive into a full zip64 one, as a file beyond 4 GiB has it: 0xFFFFFFFF in every 32-bit field of the central
    directory, the values in extra fields, and a zip64 end record with its locator."""
    raw = (GOLDEN / name).read_bytes()
    end = raw.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", raw, end + 10)
    directory, position = b"", offset
    for _ in range(count):
        fields = list(struct.unpack_from("<IHHHHHHIIIHHHHHII", raw, position))
        text = raw[position + 46:position + 46 + fields[10]]
        extra = struct.pack("<HHQQQ", 1, 24, fields[9], fields[8], fields[16])
        position += 46 + fields[10] + fields[11] + fields[12]
        fields[8] = fields[9] = fields[16] = 0xFFFFFFFF
        fields[11], fields[12] = len(extra), 0
        directory += struct.pack("<IHHHHHHIIIHHHHHII", *fields) + text + extra
    wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(directory), offset)
    locator = struct.pack("<IIQI", 0x07064B50, 0, offset + len(directory), 1)
    short = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (GOLDEN / name).write_bytes(raw[:offset] + directory + wide + locator + short)
    torch.load(GOLDEN / name)


class Hostile:
    def __reduce__(self):
        return (os.system, ("echo this must never run",))


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)

    flat = {"encoder.weight": ramp(2, 3), "encoder.bias": ramp(2), "épaule": ramp(1)}
    save("flat.pt", flat, flat)
    save("flat-protocol4.pt", flat, flat, pickle_protocol=4)

    network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    training = {
        "model": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.25, "name": "tiny",
        "best": None, "steps": [1, 2, (3, 2**70)], "size": torch.Size([2, 3]), "dtype": torch.float32,
        "device": torch.device("cpu"),
    }
    save("model.pt", training, network.state_dict())
    save("state-dict.pt", {"state_dict": network.state_dict(), "lr": 1e-4}, network.state_dict())

    base = ramp(4, 6)
    views = collections.OrderedDict(
        whole=base, transposed=base.t(), columns=base[:, 1::2], row=base[2], inner=base[1:3, 2:5],
        turned=base.reshape(2, 2, 6).permute(2, 0, 1), expanded=base[0, :3].expand(4, 3), single=base[3:4, 5:6],
    )
    save("views.pt", views, views)

    types = all_types()
    save("types.pt", types, types)

    odd = {
        "empty": torch.zeros(0), "empty2": torch.zeros(3, 0, 2), "scalar": torch.tensor(1.5),
        "counter": torch.tensor(7, dtype=torch.int64), "parameter": torch.nn.Parameter(ramp(2, 2)),
    }
    save("odd.pt", odd, odd)

    save("zip64.pt", flat, flat)
    repack("flat.pt", "zip64.pt", zip64=True)
    widen("zip64.pt")

    torch.save({"a": ramp(2), "run": Hostile()}, GOLDEN / "hostile.pt")
    torch.save({"a": ramp(2), "mean": numpy.float64(0.5)}, GOLDEN / "numpy.pt")
    torch.save({"a": ramp(2).to(torch.float8_e4m3fn)}, GOLDEN / "float8.pt")
    torch.save({"epoch": 3, "optimizer": {}}, GOLDEN / "no-tensors.pt")
    torch.save([ramp(2)], GOLDEN / "list.pt")
    torch.save(flat, GOLDEN / "legacy.pt", _use_new_zipfile_serialization=False)
    (GOLDEN / "bare.pkl").write_bytes(pickle.dumps({"a": 1}, protocol=2))
    repack("flat.pt", "deflated.pt", compression=zipfile.ZIP_DEFLATED)
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), GOLDEN / "torchscript.pt")

    safe = {**types, "scalar": torch.tensor(1.5), "empty": torch.zeros(3, 0)}
    safetensors.torch.save_file(safe, GOLDEN / "types.safetensors", metadata={"format": "pt", "licence": "none \"at all\""})
    note("types.safetensors", safe)
    plain = {"a": ramp(2, 3), "b.c": ramp(2)}
    safetensors.torch.save_file(plain, GOLDEN / "plain.safetensors")
    note("plain.safetensors", plain)

    for path in GOLDEN.iterdir():
        path.chmod(0o644)
    (GOLDEN / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=None, sort_keys=True) + "\n")


main()
