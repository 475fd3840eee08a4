"""The whole network that aurald runs: SAM 2 and the fuser, and what only training needs beside them."""

from typing import Any, NamedTuple

import torch
from sam2.modeling.sam2_base import NO_OBJ_SCORE, SAM2Base
from torch import Tensor, nn
from torch.nn import functional as F

from . import recipe as recipes
from .audiocon import Heads
from .decoder import Decoded, batch, decode
from .fuser import AuralFuser, FuserConfig, Level


# A stream has no length: pointers are coded as in a long clip.
ENDLESS = 1_000_000


class Seen(NamedTuple):
    """The image encoder's maps of frames, at stride 4, 8 and 16, and the code of the last."""

    maps: list[Tensor]  # [frames, channels, ., .]
    position: Tensor


class _Bank(dict):
    """Conditioning memories. The official code insists on one; a stream may have none yet, and then the recent frames are all there is."""

    def __len__(self) -> int:
        return max(1, super().__len__())


def silent(level: Level, rows: Tensor) -> Level:
    """A level that says nothing of some frames: SAM 2 alone."""
    keep = 1 - rows.to(level.dense)
    return level._replace(dense=level.dense * keep[:, None, None], sparse=level.sparse * keep[:, None])


def part(level: Level, rows: slice) -> Level:
    """Some of a level's frames: what the decoder takes of them."""
    return level._replace(dense=level.dense[rows], sparse=level.sparse[rows])


class Network(nn.Module):
    """SAM 2 with ears. `classes` are those of the class loss; 0 leaves its prototypes out. `contrast` is for AudioCon."""

    def __init__(self, recipe: recipes.Recipe, fuser: FuserConfig, image_size: int, classes: int = 0, contrast: bool = False) -> None:
        super().__init__()
        self.recipe, self.image_size = recipe, image_size
        self.sam: SAM2Base = recipes.build(recipe, image_size)
        self.fuser = AuralFuser(fuser)
        self._windows = [block.window_size for block in self.sam.image_encoder.trunk.blocks]
        width = recipe["modelWidth"]
        # One for each class, one for what makes no sound and one for the background; only for losses.
        self.prototypes = nn.Parameter(torch.randn(classes + 2, fuser.matching_size)) if classes else None
        self.heads = Heads(fuser) if contrast else None
        self.coarse = nn.ModuleList(nn.Linear(width, 1) for _ in range(3))

    def fit(self, size: int) -> None:
        """Makes the trunk ready for pictures of another size: windows larger than the map would be filled up with nothing, which costs
        four times the map itself where a network for 256 px sees 128."""
        side = size // 4
        for block, window in zip(self.sam.image_encoder.trunk.blocks, self._windows):
            block.window_size = min(window, side)
            side //= block.q_stride[0] if block.q_stride else 1

    def see(self, images: Tensor) -> Seen:
        """Encodes pictures [frames, 3, size, size] as `loop.normalise` makes them."""
        output = self.sam.image_encoder(images)
        return Seen(list(output["backbone_fpn"]), output["vision_pos_enc"][-1])

    def hear(self, log_mel: Tensor, seen: Seen) -> list[Level]:
        """The fuser's levels of each frame with its own second of sound [frames, 2, 96, 64]."""
        return self.fuser(seen.maps, self.fuser.tokens(log_mel).unsqueeze(1))

    def segment(
        self, seen: Seen, levels: list[Level], conditioned: Tensor | None = None, sparse_prompt: Tensor | None = None,
    ) -> Decoded:
        """Masks from the prompts of sound, and a person's; `conditioned` is the coarsest map after memory attention, without it there is no
        memory."""
        sam = self.sam
        if conditioned is None:
            conditioned = seen.maps[-1] + sam.no_mem_embed.view(1, -1, 1, 1)
        high_res = [sam.sam_mask_decoder.conv_s0(seen.maps[0]), sam.sam_mask_decoder.conv_s1(seen.maps[1])]
        # The prompt encoder's own code is for one size; training uses two.
        position = sam.sam_prompt_encoder.pe_layer(tuple(conditioned.shape[-2:])).unsqueeze(0)
        return decode(
            sam.sam_mask_decoder, conditioned, position, high_res, batch(levels), sam.sam_prompt_encoder.no_mask_embed.weight[..., None, None],
            sparse_prompt)

    def point(self, points: Tensor, labels: Tensor) -> Tensor:
        """The prompt encoder's tokens of points [frames, n, 2], fractions of the picture, and their labels: [frames, n + 1, channels]."""
        encoder = self.sam.sam_prompt_encoder
        # The official encoder adds half a pixel.
        pixels = points * encoder.input_image_size[0] - 0.5
        return encoder(points=(pixels, labels), boxes=None, masks=None)[0]

    def follow(
        self, images: Tensor, log_mel: Tensor, threshold: float | None = None, points: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Decoded, list[Level], Tensor]:
        """Clips [clips, frames, …], each frame with its own sound and the memory of those before it.

        The first frame is the conditioning one. With a threshold, for one clip, it is as aurald follows a stream: a frame conditions where
        something is seen, with a predicted overlap above that, and a memory's length after the one before. With `points` and their labels for
        the first frame, sound says nothing: what is pointed at is carried by the memory alone, as in SAM 2. The results are of all frames,
        those of one time beside each other: [frames * clips, …]. The logits that went into the memory come last.
        """
        sam, count = self.sam, images.shape[1]
        seen = self.see(images.transpose(0, 1).flatten(0, 1))
        levels = self.hear(log_mel.transpose(0, 1).flatten(0, 1), seen)
        outputs: dict[str, dict[int, dict[str, Any]]] = {"cond_frame_outputs": _Bank(), "non_cond_frame_outputs": {}}
        results: list[Decoded] = []
        chosen: list[Tensor] = []
        for time in range(count):
            rows = slice(time * len(images), (time + 1) * len(images))
            now = Seen([each[rows] for each in seen.maps], seen.position[rows])
            tokens = {"current_vision_feats": [now.maps[-1].flatten(2).permute(2, 0, 1)], "feat_sizes": [tuple(now.maps[-1].shape[-2:])]}
            conditioned = sam._prepare_memory_conditioned_features(
                frame_idx=time, is_init_cond_frame=time == 0, output_dict=outputs, num_frames=ENDLESS,
                current_vision_pos_embeds=[now.position.flatten(2).permute(2, 0, 1)], **tokens)
            decoded = self.segment(now, *self._prompts([part(level, rows) for level in levels], conditioned, points, time))
            mask, pointer = self._choose(decoded)
            memory, position = sam._encode_new_memory(
                pred_masks_high_res=F.interpolate(mask, images.shape[-2:], mode="bilinear", align_corners=False),
                object_score_logits=decoded.object_score, is_mask_from_pts=False, **tokens)
            conditions = time == 0
            if threshold is not None:
                last = max(outputs["cond_frame_outputs"], default=-ENDLESS)
                is_sure = bool(decoded.object_score[0] > 0) and bool(decoded.ious[0, 1:].max() > threshold)
                conditions = is_sure and time - last >= self.recipe["memoryFrames"]
            kind = "cond_frame_outputs" if conditions else "non_cond_frame_outputs"
            outputs[kind][time] = {"maskmem_features": memory, "maskmem_pos_enc": position, "obj_ptr": pointer}
            results.append(decoded)
            chosen.append(mask)
        return Decoded(*(torch.cat(parts) for parts in zip(*results))), levels, torch.cat(chosen)

    def _prompts(
        self, levels: list[Level], conditioned: Tensor, points: tuple[Tensor, Tensor] | None, time: int,
    ) -> tuple[list[Level], Tensor, Tensor | None]:
        """What the decoder is given at a time: the sound, or else the points on the first frame and SAM 2's two tokens for none later."""
        if points is None:
            return levels, conditioned, None
        coordinates, labels = points if time == 0 else (torch.zeros_like(points[0][:, :1]), -torch.ones_like(points[1][:, :1]))
        everyone = torch.ones(len(conditioned), dtype=torch.bool, device=conditioned.device)
        return [silent(level, everyone) for level in levels], conditioned, self.point(coordinates, labels)

    def _choose(self, decoded: Decoded) -> tuple[Tensor, Tensor]:
        """What a frame leaves behind: the best mask's logits [frames, 1, ., .], far below 0 where nothing sounds, and its pointer."""
        best = decoded.ious[:, 1:].argmax(1)
        place = torch.arange(len(best), device=best.device)
        there = decoded.object_score > 0
        mask = torch.where(there[..., None, None], decoded.masks[place, 1 + best].unsqueeze(1).float(), NO_OBJ_SCORE)
        pointer = torch.where(there, self.sam.obj_ptr_proj(decoded.tokens[place, 1 + best]), self.sam.no_obj_ptr)
        return mask, pointer

    def forward(self, images: Tensor, log_mel: Tensor) -> tuple[Decoded, list[Level], Seen]:
        """Frames on their own."""
        seen = self.see(images)
        levels = self.hear(log_mel, seen)
        return self.segment(seen, levels), levels, seen
