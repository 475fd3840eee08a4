"""Trains a whole small network on Stamps: `python -m aural.train RECIPE.yaml OUTPUT`. A run that was interrupted goes on."""

import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
import yaml
from stamps.mix import SPLITS
from stamps.sampler import Sampler
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from . import agree, losses, objective, training
from .data import Clips, Sounds, Stamps
from .fuser import FuserConfig
from .loop import normalise
from .network import Network
from .score import Scores

Config = dict[str, Any]


def network(config: Config) -> Network:
    """The network that a recipe describes."""
    return Network(
        config["network"], FuserConfig(**config["fuser"]), config["image_size"], config["classes"], config["losses"].get("con", 0) > 0)


def begin(model: Network, file: Path) -> None:
    """SAM 2 and VGGish from a file of `aural.export`, as a fuser is trained on networks that can see and hear; the rest stays as it is."""
    trained = agree.load(file)
    model.sam.load_state_dict(trained.sam.state_dict())
    model.fuser.vgg.load_state_dict(trained.fuser.vgg.state_dict())


@torch.no_grad()
def validate(model: Network, config: Config, device: torch.device, count: int, cache: str | None) -> dict[str, float]:
    """mJ of seen and two sounding, success of swap and the share of wrong pixels in silence, of single frames."""
    model.eval()
    result: dict[str, float] = {}
    for split in ("seen", "two", "swap", "silent"):
        frames = Stamps(Sampler.from_cache(split, cache=cache), config["image_size"], 0, count, config["classes"])
        scores = Scores()
        for batch in DataLoader(frames, batch_size=16):
            batch = {key: value.to(device) for key, value in batch.items()}
            if config.get("deaf"):
                batch["log_mel"].zero_()
            with torch.autocast(device.type, torch.bfloat16, enabled=config["bf16"]):
                decoded, _, _ = model(normalise(batch["image"]), batch["log_mel"])
            scores.add(decoded, batch["truth"])
        result |= scores.summary(split)
    model.train()
    return result


class Run:
    """One training run: model, optimiser, average, and where it is."""

    def __init__(self, config: Config, output: Path, device: torch.device) -> None:
        self.config, self.output, self.device = config, output, device
        torch.manual_seed(config["seed"])
        self.model = network(config).to(device)
        if file := config.get("start"):
            begin(self.model, Path(file))
        self.optimiser = torch.optim.AdamW(training.groups(self.model, config["weight_decay"]), lr=1e-4, betas=tuple(config["betas"]))
        self.average = training.Average(self.model, config["average"])
        self.guard, self.progress = training.Guard(), training.Progress()
        if (checkpoint := output / "last.pt").exists():
            self._load(torch.load(checkpoint, map_location=device, weights_only=False))

    def _load(self, parts: dict[str, Any]) -> None:
        self.model.load_state_dict(parts["model"])
        self.optimiser.load_state_dict(parts["optimiser"])
        self.average.state = parts["average"]
        self.guard, self.progress = training.Guard(**parts["guard"]), training.Progress(**parts["progress"])

    def save(self, name: str = "last.pt") -> None:
        """Writes all that a later run needs to go on."""
        training.save(
            self.output / name, model=self.model.state_dict(), optimiser=self.optimiser.state_dict(), average=self.average.state,
            guard=asdict(self.guard), progress=asdict(self.progress), config=self.config)

    def averaged(self) -> Network:
        """The network with the averaged weights, to look at and to keep."""
        model = network(self.config).to(self.device)
        model.load_state_dict(self.average.state)
        return model

    def step(self, batch: dict[str, Tensor], stage: Config) -> dict[str, float]:
        """One update; the values of the losses."""
        rate = training.rate(self.progress.step, stage["steps"], stage["rate"], stage["last_rate"], stage.get("warm_up", 200))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        batch = {key: value.to(self.device) for key, value in batch.items()}
        if self.config.get("deaf"):
            batch["log_mel"].zero_()
        weights = losses.Weights(**self.config["losses"])
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config["bf16"]):
            if "image" in batch:
                total, parts, _ = objective.loss(self.model, batch, weights, stage.get("pointed", 0.0))
            else:
                total, parts = objective.hearing(self.model, batch, weights)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        norm = float(torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config["clip"]))
        if self.guard.accepts(norm):
            self.optimiser.step()
            self.average.update(self.model, self.progress.total)
        self.progress.step += 1
        self.progress.total += 1
        return parts | {"norm": norm, "rate": rate}


def dataset(stage: Config, first: int, count: int, classes: int, cache: str | None) -> Dataset[dict[str, Tensor]]:
    """What a stage sees: frames; clips, where it says how many `frames` they have; or sound alone, where it says no `size`. `mix` changes
    the odds of the split `train`."""
    mix = replace(SPLITS["train"], **{key: tuple(value) if isinstance(value, list) else value for key, value in stage.get("mix", {}).items()})
    sampler = Sampler.from_cache("train", mix, cache=cache)
    if "size" not in stage:
        return Sounds(sampler, first, count, classes)
    frames = Stamps(sampler, stage["size"], first, count, classes)
    return Clips(frames, stage["frames"], tuple(stage["rates"])) if "frames" in stage else frames


def train(run: Run, cache: str | None, workers: int) -> None:
    """All stages from where the run is."""
    config, progress = run.config, run.progress
    log = (run.output / "log.ndjson").open("a")
    for number in range(progress.stage, len(config["stages"])):
        stage = config["stages"][number]
        left = stage["steps"] - progress.step
        # Seeds go on over all stages: a million for each.
        first = config["seed"] * 1_000_000_000 + number * 10_000_000 + progress.step * stage["batch"]
        data = dataset(stage, first, left * stage["batch"], config["classes"], cache)
        for name, parameter in run.model.named_parameters():
            parameter.requires_grad = name.startswith(tuple(stage.get("learns", [""]))) and not name.startswith(tuple(stage.get("frozen", [])))
        loader = DataLoader(data, batch_size=stage["batch"], num_workers=workers, prefetch_factor=6 if workers else None)
        bar = tqdm(loader, desc=f"stage {number + 1} of {len(config['stages'])}", initial=progress.step, total=stage["steps"], mininterval=5)
        run.model.fit(stage.get("size", config["image_size"]))
        run.model.train()
        means: dict[str, float] = {}
        begun = time.monotonic()
        for batch in bar:
            for key, value in run.step(batch, stage).items():
                means[key] = means.get(key, value) * 0.98 + value * 0.02
            if progress.step % 20 == 0:
                bar.set_postfix_str(" ".join(f"{key} {means[key]:.3f}" for key in ("focal", "dice", "pixel_class", "sound_class") if key in means))
            if progress.step % config["checkpoint_every"] == 0 or progress.step == stage["steps"]:
                progress.seconds += time.monotonic() - begun
                entry = {"stage": number, "step": progress.step, "total": progress.total, "seconds": progress.seconds, **means}
                if progress.step % config["validate_every"] == 0 or progress.step == stage["steps"]:
                    entry |= validate(run.averaged(), config, run.device, config["validation"], cache)
                    run.save(f"stage{number}-{progress.step}.pt")
                progress.history.append(entry)
                log.write(json.dumps(entry) + "\n")
                log.flush()
                run.save()
                begun = time.monotonic()
        progress.stage, progress.step = number + 1, 0
        run.save()


def read(path: Path) -> Config:
    """A recipe. One with a `base` is that other recipe but for what it says itself."""
    config = yaml.safe_load(path.read_text())
    if start := config.get("start"):
        config["start"] = str(path.parent / start)
    if base := config.pop("base", None):
        return merged(read(path.parent / base), config)
    config["network"] = json.loads((path.parent / config["network"]).read_text())
    return config


def merged(base: Config, changes: Config) -> Config:
    """Keys of `changes` in place of those of `base`; what both have as mappings is merged."""
    both = {key: merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
            for key, value in changes.items()}
    return base | both


def main() -> None:
    parser = training.command(__doc__, workers=1)
    parser.add_argument("--cache", help="where tools/stamps keeps its data")
    options = parser.parse_args()
    config = read(options.recipe)
    train(Run(config, options.output, training.prepare(options)), options.cache, options.workers)


if __name__ == "__main__":
    main()
