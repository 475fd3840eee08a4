"""A frozen SAM 2 with a fuser that learns: where the weights come from, a clip through both, and the file that comes out."""

import dataclasses
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sam2.modeling.sam2_base import SAM2Base
from torch import Tensor, nn

from . import agree, loop
from .audiocon import Heads
from .decoder import Decoded
from .fuser import AuralFuser, FuserConfig, Level, used
from .network import Network, Seen

RANDOM = "random"  # in place of a file: VGGish learns from nothing
NO_CONFIG = FuserConfig()


class _Stream(Network):
    """A network of parts that are there already, whose SAM 2 takes no gradient for what it sees."""

    def __init__(self, sam: SAM2Base, fuser: AuralFuser) -> None:
        nn.Module.__init__(self)
        self.sam, self.fuser = sam, fuser

    @torch.no_grad()
    def see(self, images: Tensor) -> Seen:
        return super().see(images)

    def hear(self, log_mel: Tensor, seen: Seen) -> list[Level]:
        return self.fuser(seen.maps, precise(self.fuser.tokens(log_mel)).unsqueeze(1))


class Followed(NamedTuple):
    """A clip's results."""

    decoded: Decoded  # of all frames, in time's order
    best: Tensor  # int64 [T]: the mask, of 0 to 3, that went into the memory
    levels: list[Level]

    def logits(self) -> Tensor:
        """The best masks [T, ., .], at a quarter of the picture's size."""
        return self.decoded.masks[torch.arange(len(self.best), device=self.best.device), self.best]


class Frozen(nn.Module):
    """SAM 2, always in eval mode and without gradients of its own, and what learns: the fuser and AudioCon's heads."""

    def __init__(self, sam: SAM2Base, fuser: AuralFuser, notes: dict[str, str] | None = None) -> None:
        super().__init__()
        self.sam, self.fuser, self.heads = sam.requires_grad_(False).eval(), fuser, Heads(fuser.config)
        self.notes = notes  # of the file that SAM 2 came from, if `aural.export` made it

    def train(self, mode: bool = True) -> "Frozen":
        """The fuser's mode; SAM 2 stays in eval mode, and so does a VGGish that does not learn."""
        super().train(mode)
        self.sam.eval()
        if not any(parameter.requires_grad for parameter in self.fuser.vgg.parameters()):
            self.fuser.vgg.eval()
        return self

    def forward(self, images: Tensor, log_mel: Tensor, text: Tensor | None = None, conditioning: int = 0) -> Followed:
        """Follows what sounds through one clip: normalised images [T, 3, size, size], log_mel [T, 2, 96, 64].

        `auralsam2` tracks as the official code does: binary memories, the frame `conditioning` first. `online` goes as aurald does with a
        stream: from frame 0 on, soft memories that are empty where nothing is seen.
        """
        if self.fuser.config.variant == "online":
            decoded, levels, _ = _Stream(self.sam, self.fuser).follow(images.unsqueeze(0), log_mel.unsqueeze(0))
            return Followed(decoded, 1 + decoded.ious[:, 1:].argmax(1), levels)
        with torch.no_grad():
            pyramid = loop.Pyramid.of(self.sam, images)
        levels = self.fuser(pyramid.features, precise(self.fuser.tokens(log_mel, text)))
        tracked = loop.track(self.sam, pyramid, levels, conditioning)
        frames = [tracked[index] for index in range(len(images))]
        decoded = Decoded(*(torch.cat(parts) for parts in zip(*(frame.decoded for frame in frames))))
        return Followed(decoded, torch.tensor([1 + frame.best for frame in frames], device=images.device), levels)

    def learned(self) -> dict[str, Tensor]:
        """What learns, under the official fuser's keys, AudioCon's heads with it."""
        return self.fuser.state_dict() | self.heads.state_dict()

    def load_learned(self, state: dict[str, Tensor]) -> None:
        """Takes `learned` of another run."""
        heads = self.heads.state_dict().keys()
        self.heads.load_state_dict({key: state[key] for key in heads})
        self.fuser.load_state_dict({key: value for key, value in state.items() if key not in heads})

    def write(self, path: Path) -> None:
        """A safetensors file for `aurald import --fuser`: of the fuser alone, or with a SAM 2 that `aural.export` wrote, of both."""
        config = self.fuser.config
        state = {key: value for key, value in self.learned().items() if not key.startswith("vgg.")}
        state |= {f"vgg.{key}": value for key, value in self.fuser.vgg.folded().items()}
        notes = (self.notes or {}) | {"fuser.variant": config.variant, "fuser.heads": str(config.heads)}
        if config.variant == "online":
            notes["fuser.history"] = "1"
        if self.notes is not None:
            state = {f"aural_fuser.{key}": value for key, value in state.items()} | {
                f"v_model.{key}": value for key, value in self.sam.state_dict().items()}
        state = {key: value.detach().cpu().contiguous() for key, value in state.items() if not key.endswith("num_batches_tracked")}
        save_file(state, path, notes)


def build(config: dict[str, Any]) -> Frozen:
    """The networks that a recipe names. Raises ValueError where a file does not fit."""
    path = Path(config["sam2"])
    given = FuserConfig(**config["fuser"]) if config.get("fuser") is not None else None
    if path.suffix == ".safetensors":
        base = agree.load(path)
        if base.image_size != config["image_size"]:
            raise ValueError(f"{path}: is for pictures of {base.image_size}, the recipe's image_size is {config['image_size']}")
        with safe_open(path, "pt") as file:
            notes = file.metadata()
        sam = base.sam
    else:
        base, notes, sam = None, None, _official(path, config["trunk"], config["image_size"])
    if given is None and base is not None:
        fuser = AuralFuser(dataclasses.replace(base.fuser.config, dropout=config.get("dropout", NO_CONFIG.dropout)))
        fuser.load_state_dict(base.fuser.state_dict())
        return Frozen(sam, fuser, notes)
    fuser = AuralFuser(given or NO_CONFIG)
    if fuser.config.variant == "online" and fuser.config.text_channels is not None:
        raise ValueError("fuser: the online variant takes no words")
    for fusion in fuser.fusion_modules:
        # At first what sound and picture tell each other counts for nothing.
        nn.init.zeros_(fusion.W_z[1].weight)
        nn.init.zeros_(fusion.W_z2[1].weight)
    model = Frozen(sam, fuser, notes)
    if config.get("start") is not None:
        _start(model, Path(config["start"]))
    elif config.get("vggish") is None:
        raise ValueError(f"vggish: name the file of its weights, or say {RANDOM}")
    elif config["vggish"] != RANDOM:
        state = tensors(Path(config["vggish"]))
        # The official file also has the PCA of its post-processing.
        fuser.vgg.load_state_dict({key: value for key, value in state.items() if key.startswith(("features.", "embeddings."))})
    return model


def precise(tokens: Tensor) -> Tensor:
    """Tokens in single precision. The codes are added in the tokens' precision, so that they decide that of both residual streams, which is
    single in the official code under autocast too."""
    return tokens.float()


def tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file or of PyTorch's, whose `model` they may be."""
    if path.suffix == ".safetensors":
        return load_file(path)
    state = torch.load(path, map_location="cpu", weights_only=True)
    return state.get("model", state)


def _official(path: Path, trunk: str, image_size: int) -> SAM2Base:
    sam, state = loop.build(trunk, image_size), tensors(path)
    wrong = sorted(sam.state_dict().keys() ^ state.keys())
    if wrong:
        raise ValueError(f"{path}: is no SAM 2 {trunk} (2.1 does not fit either): {wrong[0]} and {len(wrong) - 1} more keys differ")
    sam.load_state_dict(state)
    return sam


def _start(model: Frozen, path: Path) -> None:
    """Begins with a fuser's weights; AudioCon's heads too, where the file has them."""
    prefix = "aural_fuser."
    state = tensors(path)
    heads = {key.removeprefix(prefix): value for key, value in state.items() if key.removeprefix(prefix).startswith("train_proj_")}
    missing = model.fuser.load_state_dict(used(state), strict=False)
    wrong = [key for key in missing.missing_keys if not key.endswith("num_batches_tracked")] + missing.unexpected_keys
    if wrong:
        raise ValueError(f"{path}: does not fit the recipe's fuser: {wrong[0]} and {len(wrong) - 1} more keys")
    if heads:
        model.heads.load_state_dict(heads, strict=False)
