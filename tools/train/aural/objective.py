"""What the training of a whole network minimises: all losses of a batch, of frames or of clips, from the network's forward pass on."""

import torch
from torch import Tensor

from . import losses
from .audiocon import AudioCon
from .decoder import Decoded
from .fuser import Level
from .loop import normalise
from .network import Network, Seen, part, silent


def loss(model: Network, batch: dict[str, Tensor], weights: losses.Weights, pointed: float = 0.0) -> tuple[Tensor, dict[str, float], Tensor]:
    """The sum of all losses of single frames, or of clips, each one's value, and the masks' logits for looking at."""
    if batch["image"].ndim == 5:
        clips = batch["image"].shape[:2]
        images = normalise(batch["image"].flatten(0, 1)).unflatten(0, clips)
        # Some batches are SAM 2's own task: one thing is pointed at on the first frame, and nothing is heard.
        is_pointed = bool(torch.rand(()) < pointed)
        points = (batch["points"][:, 0], batch["point_labels"][:, 0]) if is_pointed else None
        decoded, levels, _ = model.follow(images, batch["log_mel"], points=points)
        # As the frames come out: those of one time beside each other.
        batch = {key: value.transpose(0, 1).flatten(0, 1) for key, value in batch.items()}
        if is_pointed:
            batch["target"] = batch["pointed"]
        by_points = {}
    else:
        decoded, levels, seen = model(normalise(batch["image"]), batch["log_mel"])
        by_points = pointing(model, seen, levels, batch, weights)
    parts = losses.masks(decoded, batch["target"].float(), weights) | by_points
    parts["coarse"] = weights.coarse * losses.coarse(model.coarse, levels, batch["cover"])
    matched = levels[0].matched
    if matched is not None and model.prototypes is not None:
        parts["pixel_class"] = weights.pixel_class * losses.pixel_classes(matched.pixels, model.prototypes, batch["labels"])
        parts["sound_class"] = weights.sound_class * losses.sound_classes(matched.slots, model.prototypes, batch["heard"])
    if model.heads is not None:
        parts["con"] = weights.con * contrast(model, levels, batch["target"], decoded)
    return sum(parts.values()), {key: float(value.detach()) for key, value in parts.items()}, decoded.masks


def hearing(model: Network, batch: dict[str, Tensor], weights: losses.Weights) -> tuple[Tensor, dict[str, float]]:
    """The loss of sound without pictures: the slots say what is heard, by prototypes that stay where the pixels have put them."""
    slots = model.fuser.matching.hear(model.fuser.tokens(batch["log_mel"]))
    loss = weights.sound_class * losses.sound_classes(slots, model.prototypes.detach(), batch["heard"])
    return loss, {"sound_class": float(loss.detach())}


def contrast(model: Network, levels: list[Level], target: Tensor, decoded: Decoded) -> Tensor:
    """AudioCon of frames that know nothing of each other."""
    best = decoded.masks[torch.arange(len(target)), 1 + decoded.ious[:, 1:].argmax(1)]
    return AudioCon(limit=32, alone=True)(model.heads, levels, target, best, torch.ones(len(target), dtype=torch.bool))


def pointing(model: Network, seen: Seen, levels: list[Level], batch: dict[str, Tensor], weights: losses.Weights) -> dict[str, Tensor]:
    """The loss of frames where a person points: at what sounds, beside the sound, or at anything without sound."""
    some = slice(0, max(1, len(batch["image"]) // 2))
    # Where what is pointed at makes no sound, or at random, the sound is left out, and the mask is that of the one object.
    alone = ~batch["is_of_sound"][some] | (torch.rand(batch["is_of_sound"][some].shape, device=batch["image"].device) < 0.4)
    few = Seen([each[some] for each in seen.maps], seen.position[some])
    decoded = model.segment(
        few, [silent(part(level, some), alone) for level in levels], sparse_prompt=model.point(batch["points"][some], batch["point_labels"][some]))
    target = torch.where(alone[:, None, None], batch["pointed"][some], batch["target"][some]).float()
    return {"pointing": weights.pointing * sum(losses.masks(decoded, target, weights).values())}
