"""All figures of a model's card, through aurald's binary: `tools/stamps trial`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import dataset
from .aurald import Aurald
from .dataset import Format, Shape
from .library import Library
from .records import Followed, follow
from .score import figures, grey

SIDE = 256
"""Pixels, the model's own: masks are compared at it."""
LIVE_RATE, PROMPT_RATE = 10, 5
"""Pictures a second."""
ABLATIONS = {"no sparse prompts": ("--no-sparse",), "no dense prompts": ("--no-dense",), "neither": ("--no-sparse", "--no-dense")}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How many clips of each kind, and from which seed on."""

    seed: int
    splits: dict[str, int]
    ablation: int
    live: int
    prompts: int


def plan(seed: int, clips: int) -> Plan:
    """A plan around a number of clips of the split `seen`."""
    half = max(2, clips // 2 // 2 * 2)
    return Plan(seed, {"seen": clips, "two": half, "swap": 2 * half, "silent": half, "unseen": half}, half, min(clips, 20), max(4, half))


class Trial:
    """One model on clips of its own."""

    def __init__(self, library: Library, aurald: Aurald, folder: Path, say: Say) -> None:
        self.library, self.aurald, self.folder, self.say = library, aurald, folder, say

    def run(self, plan: Plan) -> dict[str, Any]:
        """All figures, as ratios."""
        result: dict[str, Any] = {"plan": {"seed": plan.seed, "side": SIDE}, "splits": {}}
        for split, count in plan.splits.items():
            root = self._clips(split, count, plan.seed)
            rows = {"memory": self._evaluate(root, split), "no memory": self._evaluate(root, split, "--no-memory")}
            result["splits"][split] = rows
            self.say(f"{split}: {_text(rows['memory'])}")
        root = self._clips("seen", plan.ablation, plan.seed, "ablation")
        result["ablations"] = {
            name: self._evaluate(root, "seen", *options) for name, options in ({"all": ()} | ABLATIONS).items()}
        result["live"] = self._live(plan)
        result["prompts"] = self._prompts(plan)
        return result

    def _clips(self, split: str, count: int, seed: int, name: str = "") -> Path:
        root = self.folder / (name or split)
        dataset.make(self.library, split, count, seed, root, Format.AVSBENCH, Shape(SIDE, SIDE, 5, 1, 25), self.say)
        return root

    def _replays(self, split: str, count: int, seed: int, rate: int) -> list[Path]:
        root = self.folder / f"{split}-{rate}"
        dataset.make(self.library, split, count, seed, root, Format.REPLAY, Shape(SIDE, SIDE, 5, 1, rate), self.say)
        return [root / "replay" / dataset.uid_of(split, number) for number in range(seed, seed + count)]

    def _evaluate(self, root: Path, split: str, *options: str) -> dict[str, float]:
        masks = self.folder / "masks"
        scores = self.aurald.evaluate(root, split, masks, *options)
        return {key: value for key, value in scores.items() if value is not None} | figures(root, masks)[split]

    def _live(self, plan: Plan) -> dict[str, float]:
        """The same clips in real time, and picture by picture."""
        records = self.folder / "records.ndjson"
        live: list[Followed] = []
        offline: list[Followed] = []
        for clip in self._replays("seen", plan.live, plan.seed, LIVE_RATE):
            self.aurald.live(clip, records)
            live.append(follow(clip, records))
            self.aurald.track(clip, records, True, [])
            offline.append(follow(clip, records))
        return {
            "clips": plan.live, "live": _mean(live), "offline": _mean(offline),
            "computed": sum(each.computed for each in live) / sum(each.pictures for each in live)}

    def _prompts(self, plan: Plan) -> dict[str, float]:
        """What a click, one second in, the sound, and both together find from then on."""
        records = self.folder / "records.ndjson"
        rows: dict[str, list[Followed]] = {"point": [], "sound": [], "both": []}
        for clip in self._replays("seen", plan.prompts * 2, plan.seed + 500_000, PROMPT_RATE):
            point = _click(clip)
            if point is None or len(rows["sound"]) == plan.prompts:
                continue
            prompt = {"frame": PROMPT_RATE, "points": [point], "labels": [1]}
            self.aurald.track(clip, records, False, [prompt | {"object_id": 1}])
            rows["point"].append(follow(clip, records, 1, PROMPT_RATE))
            self.aurald.track(clip, records, True, [])
            rows["sound"].append(follow(clip, records, 0, PROMPT_RATE))
            self.aurald.track(clip, records, True, [prompt | {"object_id": 0}])
            rows["both"].append(follow(clip, records, 0, PROMPT_RATE))
        return {"clips": len(rows["sound"])} | {name: _mean(those) for name, those in rows.items()}


def _mean(those: list[Followed]) -> float:
    return float(np.nanmean([each.mean_overlap for each in those]))


def _text(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.5g}" for name, value in values.items())


def _click(clip: Path) -> list[float] | None:
    """The innermost point of the one thing that sounds, one second in, from 0 to 1; None where that is not one, all the time."""
    frames = json.loads((clip / "clip.json").read_text())["frames"]
    # At its very beginning a clip cannot be heard yet.
    sounding = {tuple(frame["sounding"]) for frame in frames[1:]}
    mask = grey(clip / "masks" / frames[PROMPT_RATE]["file"])
    if len(sounding) != 1 or len(sounding.pop()) != 1 or not mask.any():
        return None
    depth = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    return [(float(column) + 0.5) / mask.shape[1], (float(row) + 0.5) / mask.shape[0]]


def table(result: dict[str, Any]) -> str:
    """The figures as Markdown, in percent."""
    lines = ["| split | clips | mJ | F | swap success | wrong pixels in silence | steadiness (truth) | mJ, steadiness without memory |",
             "|---|---|---|---|---|---|---|---|"]
    for split, rows in result["splits"].items():
        one, without = rows["memory"], rows["no memory"]
        silent = split == "silent"
        lines.append("| " + " | ".join([
            split, f"{one['clips']:.0f}", "–" if silent else _percent(one["mj"]), "–" if silent else _percent(one["f"]),
            _percent(one.get("swap_success")), _percent(one.get("false_positive_share"), 4),
            "–" if silent else f"{_percent(one['steadiness'])} ({_percent(one['steadiness_of_truth'])})",
            f"{_percent(without['false_positive_share'], 4)} wrong" if silent else f"{_percent(without['mj'])}, {_percent(without['steadiness'])}",
        ]) + " |")
    lines += ["", "| seen | mJ | F |", "|---|---|---|"]
    lines += [f"| {name} | {_percent(row['mj'])} | {_percent(row['f'])} |" for name, row in result["ablations"].items()]
    live, prompts = result["live"], result["prompts"]
    lines += ["", f"Live: mJ {_percent(live['live'])}, picture by picture {_percent(live['offline'])} ({live['clips']} clips at {LIVE_RATE} pictures "
              f"a second; {_percent(live['computed'])} % of the pictures had a mask of their own).", "",
              f"| {prompts['clips']} clips with one thing that sounds | mJ |", "|---|---|"]
    lines += [f"| {name} | {_percent(prompts[key])} |" for key, name in (
        ("point", "a point after one second, no sound"), ("sound", "sound, no point"), ("both", "both"))]
    return "\n".join(lines) + "\n"


def _percent(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{100 * value:.{digits}f}"
