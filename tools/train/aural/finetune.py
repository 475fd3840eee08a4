"""Trains a fuser on a frozen SAM 2, as AuralSAM2 does (arXiv:2506.01015): `python -m aural.finetune RECIPE.yaml OUTPUT`.

A run that was interrupted goes on. OUTPUT gets `last.pt` (to go on), `last.safetensors` and `best.safetensors` (for `aurald import`),
`log.ndjson`, `curves.png` and `masks.png`.
"""

import json
import math
import time
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from tqdm import tqdm

from . import clip_losses, clip_scores, datasets, draw, frozen, text, training
from .audiocon import AudioCon
from .augment import Augmentation
from .clip_losses import ClipWeights
from .frozen import Followed, Frozen
from .loop import normalise

Config = dict[str, Any]
Clip = dict[str, Tensor]
SHOWN, TILE = 6, 192  # clips in masks.png, and a frame's size there


def poly(step: int, steps: int, power: float = 0.9) -> float:
    """The share of the learning rate that is left before update `step`; 0 and not less at the end."""
    return max(0.0, 1 - step / steps) ** power


def groups(model: Frozen, decay: float, audio_rate: float) -> list[Config]:
    """AdamW's groups, with each one's share of the rate: VGGish's is smaller; the norms' weights and biases are not decayed, those of all
    else are, biases too."""
    norms = (nn.LayerNorm, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    parts: dict[tuple[float, float], list[nn.Parameter]] = {}
    for part in (model.fuser, model.heads):
        for name, module in part.named_modules():
            share = audio_rate if part is model.fuser and name.split(".")[0] == "vgg" else 1.0
            for parameter in module.parameters(recurse=False):
                if parameter.requires_grad:
                    parts.setdefault((share, 0.0 if isinstance(module, norms) else decay), []).append(parameter)
    return [{"params": each, "share": share, "weight_decay": its} for (share, its), each in parts.items()]


class Run:
    """One training run: networks, optimiser, and where it is."""

    def __init__(self, config: Config, output: Path, device: torch.device) -> None:
        self.config, self.output, self.device = config, output, device
        torch.manual_seed(config["seed"])
        self.model = frozen.build(config)
        self.model.fuser.vgg.requires_grad_(config["audio_rate"] > 0)
        self.model.to(device).train()
        self.optimiser = torch.optim.AdamW(groups(self.model, config["weight_decay"], config["audio_rate"]), lr=config["rate"])
        self.weights, self.con = ClipWeights(**config["losses"]), AudioCon(**config["audiocon"])
        data, words = config["data"], config["data"].get("text")
        self.words = text.features(Path(words)) if words else None
        if self.words is None and self.model.fuser.config.text_channels is not None:
            raise ValueError("data.text: the fuser takes words; name the language model's folder or a file of aural.text")
        self.training = self._videos(data["train"], Augmentation(**config["augmentation"]))
        self.validation = self._videos(data["validation"], None)
        self.clips = config["clips"]
        self.steps = max(1, config["epochs"] * len(self.training) // self.clips)
        self.progress = training.Progress()
        if (checkpoint := output / "last.pt").exists():
            self._load(torch.load(checkpoint, map_location=device, weights_only=False))

    def _videos(self, split: str, augmentation: Augmentation | None) -> datasets.Videos:
        found = datasets.entries(self.config["data"], split, augmentation is not None)
        return datasets.Videos(found, self.config["image_size"], augmentation, self.words)

    def _load(self, parts: Config) -> None:
        self.model.load_learned(parts["learned"])
        self.optimiser.load_state_dict(parts["optimiser"])
        self.progress = training.Progress(**parts["progress"])

    def save(self) -> None:
        """Writes all that a later run needs to go on."""
        training.save(
            self.output / "last.pt", learned=self.model.learned(), optimiser=self.optimiser.state_dict(), progress=asdict(self.progress),
            config=self.config)

    def follow(self, clip: Clip, is_training: bool) -> Followed:
        """A clip through the networks. The frame in the middle comes first in training, and in Ref-AVS always."""
        halfway = is_training or self.config["data"]["kind"] == "ref-avs"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config["bf16"]):
            return self.model(normalise(clip["images"]), clip["log_mel"], clip.get("text"), len(clip["images"]) // 2 if halfway else 0)

    def losses(self, clip: Clip) -> dict[str, Tensor]:
        """Each loss of a clip, weighted."""
        followed = self.follow(clip, True)
        parts = clip_losses.clip(followed.decoded, clip["target"], clip["supervised"], self.weights)
        if self.weights.con:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config["bf16"]):
                parts["con"] = self.weights.con * self.con(
                    self.model.heads, followed.levels, clip["target"], followed.logits(), clip["supervised"])
        return parts

    def step(self, clips: list[Clip]) -> dict[str, float]:
        """One update by the mean of some clips' losses; their values. One whose gradient is no number is skipped."""
        # So that a run that goes on drops and samples what it would have without a break.
        torch.manual_seed(self.config["seed"] * 1_000_003 + self.progress.total)
        share = poly(self.progress.total, self.steps)
        for group in self.optimiser.param_groups:
            group["lr"] = self.config["rate"] * group["share"] * share
        self.optimiser.zero_grad(set_to_none=True)
        values: dict[str, float] = {}
        for clip in clips:
            parts = self.losses({key: value.to(self.device, non_blocking=True) for key, value in clip.items()})
            total = sum(parts.values())
            (total / len(clips)).backward()
            for key, value in (parts | {"loss": total}).items():
                values[key] = values.get(key, 0.0) + float(value.detach()) / len(clips)
        norm = float(nn.utils.clip_grad_norm_(self.model.parameters(), self.config.get("clip") or math.inf))
        self.progress.total += 1
        if not math.isfinite(norm):
            return {"skipped": 1.0}
        self.optimiser.step()
        return values | {"norm": norm, "skipped": 0.0}

    @torch.no_grad()
    def validate(self, workers: int) -> dict[str, float]:
        """mJ and F of the validation's clips, whose first ones are drawn."""
        self.model.eval()
        jaccards, f_scores, rows = [], [], []
        clips = DataLoader(self.validation, batch_size=None, num_workers=workers, generator=torch.Generator())
        for clip in tqdm(islice(clips, self.config.get("validation_clips")), desc="validation", leave=False):
            clip = {key: value.to(self.device) for key, value in clip.items()}
            logits = F.interpolate(
                self.follow(clip, False).logits().float().unsqueeze(1), clip["target"].shape[-2:], mode="bilinear", align_corners=False)[:, 0]
            known = clip["supervised"]
            jaccards.append(clip_scores.jaccard(logits[known], clip["target"][known]))
            f_scores.append(clip_scores.f_score(logits[known], clip["target"][known]))
            if len(rows) < SHOWN:
                rows.append(draw.tiles(TILE, clip["images"].cpu().numpy(), clip["target"].cpu().numpy(), (logits > 0).cpu().numpy()))
        draw.stacked(rows).save(self.output / "masks.png")
        self.model.train()
        return {"mJ": float(np.mean(jaccards)), "F": float(np.mean(f_scores))}

    def train(self, workers: int = 0, until: int | None = None) -> None:
        """From where the run is to its end, or to update `until`."""
        progress, config = self.progress, self.config
        end = min(self.steps, until or self.steps)
        every = max(1, config["validate_every"] * len(self.training) // self.clips)  # epochs to updates
        shuffled = datasets.Shuffled(self.training, config["seed"], progress.total * self.clips, end * self.clips)
        # A generator of its own, so that making the loader leaves the run's random numbers alone.
        clips = iter(DataLoader(
            shuffled, batch_size=None, num_workers=workers, generator=torch.Generator(), pin_memory=self.device.type == "cuda"))
        means: dict[str, float] = {}
        begun = time.monotonic()
        with (self.output / "log.ndjson").open("w") as log, tqdm(initial=progress.total, total=self.steps, mininterval=2) as bar:
            # What was logged after the checkpoint is done again.
            log.writelines(json.dumps(entry) + "\n" for entry in progress.history)
            while progress.total < end:
                for key, value in self.step(list(islice(clips, self.clips))).items():
                    means[key] = means.get(key, value) * 0.95 + value * 0.05
                bar.update()
                bar.set_postfix_str(" ".join(f"{key} {means[key]:.3f}" for key in ("focal", "dice", "iou", "score", "con") if key in means))
                validates = progress.total % every == 0 or progress.total == self.steps
                saves = validates or progress.total == end or progress.total % config["checkpoint_every"] == 0
                if not saves and progress.total % config["log_every"]:
                    continue
                progress.seconds += time.monotonic() - begun
                rate = config["rate"] * poly(progress.total - 1, self.steps)
                entry = {"total": progress.total, "seconds": progress.seconds, "rate": rate, **means}
                if validates:
                    entry |= self.judge(workers)
                progress.history.append(entry)
                log.write(json.dumps(entry) + "\n")
                log.flush()
                if saves:
                    self.draw()
                    self.save()
                begun = time.monotonic()

    def judge(self, workers: int) -> dict[str, float]:
        """Validates, and writes the weights; those with the highest mJ are kept as the best."""
        scores = self.validate(workers)
        self.model.write(self.output / "last.safetensors")
        if scores["mJ"] > max((each["mJ"] for each in self.progress.history if "mJ" in each), default=-1.0):
            self.model.write(self.output / "best.safetensors")
        return scores

    def draw(self) -> None:
        """The curves of losses and scores."""
        history = self.progress.history
        sheets = [draw.curves(history, keys) for keys in (("loss", "focal", "dice"), ("iou", "score", "con"))]
        sheets.append(draw.curves(history, ("mJ", "F"), (0.0, 1.0)))
        draw.stacked(list(map(np.array, sheets))).save(self.output / "curves.png")


def main() -> None:
    parser = training.command(__doc__, workers=2)
    parser.add_argument("--data", help="the data set's folder, in place of the recipe's")
    parser.add_argument("--sam2", help="SAM 2's weights, in place of the recipe's")
    parser.add_argument("--until", type=int, help="stop after this update, to go on later")
    options = parser.parse_args()
    config = yaml.safe_load(options.recipe.read_text())
    config["sam2"] = options.sam2 or config["sam2"]
    config["data"]["root"] = options.data or config["data"]["root"]
    Run(config, options.output, training.prepare(options)).train(options.workers, options.until)


if __name__ == "__main__":
    main()
