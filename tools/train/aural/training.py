"""The parts of a training run that do not know what is trained: resuming, averaging, guarding, schedules."""

import argparse
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def command(description: str | None, workers: int) -> argparse.ArgumentParser:
    """What every training command takes: the recipe, the output's folder, and what it runs on."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=workers, help="processes that read clips")
    parser.add_argument("--threads", type=int, default=0, help="of the processor for the network; 0: all")
    return parser


def prepare(options: argparse.Namespace) -> torch.device:
    """Sets up what the options say, makes the output's folder, and gives the device."""
    if options.threads:
        torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    if device.type == "cpu":
        F.scaled_dot_product_attention = plain_attention
    options.output.mkdir(parents=True, exist_ok=True)
    return device


def plain_attention(q: Tensor, k: Tensor, v: Tensor, attn_mask: Tensor | None = None, dropout_p: float = 0.0, **_: Any) -> Tensor:
    """Attention by two products and a softmax. On a processor its backward pass is 2.5 to 5 times as fast as the fused one's on windows."""
    logits = (q * (1 / math.sqrt(q.shape[-1]))) @ k.mT
    if attn_mask is not None:
        logits = logits + attn_mask
    return F.dropout(logits.softmax(-1), dropout_p) @ v


def groups(model: nn.Module, decay: float) -> list[dict[str, Any]]:
    """AdamW's groups: norms, biases and codes are not decayed."""
    decayed, free = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (free if parameter.ndim < 2 or "pos_embed" in name or "tpos_enc" in name else decayed).append(parameter)
    return [{"params": decayed, "weight_decay": decay}, {"params": free, "weight_decay": 0.0}]


def rate(step: int, steps: int, peak: float, last: float, warm_up: int) -> float:
    """The learning rate: up in a straight line, down as a cosine from `peak` to `last`."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    done = (step - warm_up) / max(steps - warm_up, 1)
    return last + (peak - last) * 0.5 * (1 + math.cos(math.pi * done))


class Average:
    """The exponential moving average of a model's floating-point state."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {key: value.detach().clone() for key, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """Takes the model's present state in; the first steps count more."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for key, value in model.state_dict().items():
            if value.is_floating_point():
                self.state[key].lerp_(value.detach(), 1 - decay)
            else:
                self.state[key].copy_(value)


@dataclass
class Guard:
    """Skips an update whose gradient is far larger than usual: one of those has ended a run."""

    factor: float = 4.0
    mean: float = 0.0
    seen: int = 0
    skipped: int = 0

    def accepts(self, norm: float) -> bool:
        """Whether to make the update, given the gradient's norm before clipping."""
        if not math.isfinite(norm) or (self.seen >= 50 and norm > self.factor * self.mean):
            self.skipped += 1
            return False
        self.seen += 1
        self.mean += (norm - self.mean) / min(self.seen, 100)
        return True


@dataclass
class Progress:
    """Where a run is: what a checkpoint holds beside tensors."""

    stage: int = 0
    step: int = 0  # in the stage
    total: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


def save(path: Path, **parts: Any) -> None:
    """Writes a checkpoint so that one who is interrupted leaves the former one whole."""
    temporary = path.with_suffix(".part")
    torch.save(parts, temporary)
    temporary.replace(path)
