"""Tracking what sounds through a clip without any prompt (AuralSAM2, arXiv:2506.01015), on SAM 2's own modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from sam2.build_sam import build_sam2
from sam2.modeling.sam2_base import SAM2Base
from torch import Tensor
from torch.nn import functional as F

from .decoder import Decoded, decode, injections
from .fuser import Level

TRUNKS = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def build(trunk: str, image_size: int = 1024, device: str = "cpu") -> SAM2Base:
    """SAM 2.0 (not 2.1: released fusers were trained on 2.0's features) for square pictures, with random weights, in eval mode.

    `image_size` is a multiple of 64.
    """
    return build_sam2(
        f"configs/sam2/sam2_hiera_{TRUNKS[trunk]}.yaml", device=device, apply_postprocessing=False,
        hydra_overrides_extra=[f"++model.image_size={image_size}"])


def normalise(frames: Tensor) -> Tensor:
    """Pictures uint8 [T, height, width, 3] to what the image encoder takes, float32 [T, 3, height, width]."""
    mean, deviation = torch.tensor(MEAN, device=frames.device), torch.tensor(DEVIATION, device=frames.device)
    return ((frames.float() / 255 - mean) / deviation).permute(0, 3, 1, 2).contiguous()


class Pyramid(NamedTuple):
    """The image encoder's maps of a clip at stride 4, 8 and 16, and the sine code of the last."""

    features: Sequence[Tensor]  # [T, 256, ., .], before the decoder's convolutions
    position: Tensor  # [1, 256, height, width]

    @classmethod
    def of(cls, model: SAM2Base, images: Tensor) -> "Pyramid":
        """Encodes one picture at a time, which needs little memory."""
        outputs = [model.image_encoder(image[None]) for image in images]
        features = [torch.cat(maps) for maps in zip(*(output["backbone_fpn"] for output in outputs))]
        return cls(features, outputs[0]["vision_pos_enc"][-1])

    def frame(self, index: int) -> Sequence[Tensor]:
        """One frame's maps [1, 256, ., .]."""
        return [level[index:index + 1] for level in self.features]


@dataclass(frozen=True)
class Remembered:
    """What the memory takes from a frame: whether each pixel is in the mask [1, 1, size, size], and the pointer [1, 256]."""

    mask: Tensor
    pointer: Tensor


@dataclass(frozen=True)
class Tracked:
    """One frame's result."""

    features: Tensor  # what the decoder saw [1, 256, height, width]
    decoded: Decoded
    best: int  # which of masks 1 to 3, from 0: the one with the highest predicted IoU
    logits: Tensor  # of masks 1 to 3 at the picture's size [1, 3, size, size]
    remembered: Remembered
    memory: Tensor  # [1, 64, height, width]


def order(frames: int, conditioning: int) -> list[int]:
    """The conditioning frame, then all others in time's order. AVS begins at 0, Ref-AVS at half of the clip."""
    return [conditioning, *(index for index in range(frames) if index != conditioning)]


def track(
    model: SAM2Base, pyramid: Pyramid, levels: Sequence[Level], conditioning: int = 0,
    teacher: Mapping[int, Remembered] | None = None,
) -> dict[int, Tracked]:
    """Follows the sounding object through the clip; results by frame.

    `teacher` gives masks and pointers that the memory takes instead of the model's own: the binarised masks amplify rounding from
    frame to frame, so two implementations can only be compared tightly with the same memory.
    """
    count = len(pyramid.features[0])
    outputs: dict[str, dict[int, dict]] = {"cond_frame_outputs": {}, "non_cond_frame_outputs": {}}
    results: dict[int, Tracked] = {}
    for index in order(count, conditioning):
        maps = pyramid.frame(index)
        features = _condition(model, maps[-1], pyramid.position, outputs, index, index == conditioning, count)
        high_res = [model.sam_mask_decoder.conv_s0(maps[0]), model.sam_mask_decoder.conv_s1(maps[1])]
        decoded = decode(
            model.sam_mask_decoder, features, model.sam_prompt_encoder.get_dense_pe(), high_res, injections(levels, index),
            model.sam_prompt_encoder.no_mask_embed.weight[..., None, None])
        best = int(decoded.ious[0, 1:].argmax())
        logits = F.interpolate(decoded.masks[:, 1:], (model.image_size,) * 2, mode="bilinear", align_corners=False)
        own = Remembered(logits[:, best:best + 1] > 0, _pointer(model, decoded, best))
        remembered = own if teacher is None else teacher[index]
        memory, position = _memorise(model, maps[-1], remembered.mask)
        results[index] = Tracked(features, decoded, best, logits, own, memory)
        kind = "cond_frame_outputs" if index == conditioning else "non_cond_frame_outputs"
        outputs[kind][index] = {"maskmem_features": memory, "maskmem_pos_enc": [position], "obj_ptr": remembered.pointer}
    return results


def _condition(
    model: SAM2Base, features: Tensor, position: Tensor, outputs: dict, index: int, conditioning: bool, count: int,
) -> Tensor:
    """The frame's coarsest map after memory attention; the conditioning frame's with the embedding for "no memory" instead."""
    return model._prepare_memory_conditioned_features(
        frame_idx=index, is_init_cond_frame=conditioning, current_vision_feats=[features.flatten(2).permute(2, 0, 1)],
        current_vision_pos_embeds=[position.to(features).flatten(2).permute(2, 0, 1)], feat_sizes=[tuple(features.shape[-2:])],
        output_dict=outputs, num_frames=count)


def _pointer(model: SAM2Base, decoded: Decoded, best: int) -> Tensor:
    """The object's pointer [1, 256]: the best mask's token, or the one for "no object" where the object is judged absent."""
    pointer = model.obj_ptr_proj(decoded.tokens[:, 1 + best])
    return torch.where(decoded.object_score > 0, pointer, model.no_obj_ptr)


def _memorise(model: SAM2Base, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The memory of a frame and its code.

    The mask is binary on every frame, and it is not emptied where the object is judged absent: both unlike the official tracker.
    """
    scaled = mask.to(features) * model.sigmoid_scale_for_mem_enc + model.sigmoid_bias_for_mem_enc
    encoded = model.memory_encoder(features, scaled, skip_mask_sigmoid=True)
    return encoded["vision_features"], encoded["vision_pos_enc"][0]
