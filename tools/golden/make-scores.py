#!/usr/bin/env python3
"""Writes Tests/AuralServiceTests/Golden/scores.json: mJ, F and S of made-up masks, to compare Swift's scores with.

Run from the root of the repository: tools/golden/make-scores.py (NumPy is needed). The formulas are those that docs/evaluation.md
states, computed here in the plainest way: one comparison of whole pictures for each of the 255 thresholds.

A frame has SIDE² logits: 8 u, where u are the numbers in [-1, 1) that splitmix64 makes from the FNV-1a hash of the name
"scores/CASE/FRAME" (see Tests/Golden/README.md). A pixel's label is 1 where the logit plus 4 v is above the frame's bias, with v from
"labels/CASE/FRAME"; a bias of null is an empty label.
"""
import json
import pathlib

import numpy as np

SIDE = 32
CASES = {
    "one clip": [0.0, 2.0, -3.0, 5.0, None],
    "faint": [9.0, 8.5, 9.5],
    "empty": [None, None],
    "large": [-9.0, -20.0],
    "four clips": [1.0, None, 3.0, -1.0, 4.0, 0.5, None, 2.5],
}
MASK = (1 << 64) - 1


def units(name, count):
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & MASK
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24 * 2 - 1


def frame(case, index, bias):
    logits = (8 * units(f"scores/{case}/{index}", SIDE * SIDE)).astype(np.float32)
    if bias is None:
        return logits, np.zeros(SIDE * SIDE, dtype=np.int64)
    return logits, (logits.astype(np.float64) + 4 * units(f"labels/{case}/{index}", SIDE * SIDE) > bias).astype(np.int64)


def thresholds():
    """255 steps from 0 to 1, counted from both ends in single precision."""
    step = np.float32(1) / np.float32(254)
    low = [np.float32(step * np.float32(i)) for i in range(127)]
    high = [np.float32(1.0 - float(step) * (254 - i)) for i in range(127, 255)]
    return np.array(low + high, dtype=np.float32)


def overlap(logits, label):
    inside = logits > 0
    if label.sum() == 0:
        return (~inside).sum() / (len(label) + 1e-7)
    return (inside & (label > 0)).sum() / ((inside | (label > 0)).sum() + 1e-7)


def curve(logits, label):
    probability = (1 / (1 + np.exp(-logits.astype(np.float64)))).astype(np.float32)
    scores = []
    for threshold in thresholds():
        chosen = probability >= threshold
        hit = (chosen & (label > 0)).sum()
        precision, recall = hit / (chosen.sum() + 1e-20), hit / (label.sum() + 1e-20)
        scores.append(0.0 if precision + recall == 0 else 1.3 * precision * recall / (0.3 * precision + recall))
    return np.array(scores), int((probability > 0.5).sum())


result = {"side": SIDE, "thresholds": [float(t) for t in thresholds()], "cases": []}
for case, biases in CASES.items():
    frames = [frame(case, index, bias) for index, bias in enumerate(biases)]
    curves = [curve(*f) for f in frames]
    shown = [c for (c, _), (_, label) in zip(curves, frames) if label.sum() > 0]
    result["cases"].append(
        {
            "name": case,
            "biases": biases,
            "ious": [float(overlap(*f)) for f in frames],
            "foreground": [count for _, count in curves],
            "maxima": [float(c.max()) for c in shown],
            "mj": float(np.mean([overlap(*f) for f in frames])),
            "f": float(np.mean(shown, axis=0).max()) if shown else 0.0,
        }
    )
path = pathlib.Path("Tests/AuralServiceTests/Golden/scores.json")
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(result, indent=1) + "\n")
for case in result["cases"]:
    print(f"{case['name']}: mJ {case['mj']:.6f} F {case['f']:.6f} ious {case['ious']}")
i = np.arange(255)
t = thresholds()
print("thresholds that differ from i/254 rounded once:", int((t != (i / 254).astype(np.float32)).sum()), t[127], t[254])
