"""The whole network that aurald runs: SAM 2 and the fuser, and what only training needs beside them."""

from typing import NamedTuple

import torch
from sam2.modeling.sam2_base import SAM2Base
from torch import Tensor, nn

from . import recipe as recipes
from .decoder import Decoded, batch, decode
from .fuser import AuralFuser, FuserConfig, Level


class Seen(NamedTuple):
    """The image encoder's maps of frames, at stride 4, 8 and 16, and the code of the last."""

    maps: list[Tensor]  # [frames, channels, ., .]
    position: Tensor


class Network(nn.Module):
    """SAM 2 with ears. `classes` are those of the class loss; 0 leaves its prototypes out."""

    def __init__(self, recipe: recipes.Recipe, fuser: FuserConfig, image_size: int, classes: int = 0) -> None:
        super().__init__()
        self.recipe, self.image_size = recipe, image_size
        self.sam: SAM2Base = recipes.build(recipe, image_size)
        self.fuser = AuralFuser(fuser)
        width = recipe["modelWidth"]
        # One for each class, one for what makes no sound and one for the background; only for losses.
        self.prototypes = nn.Parameter(torch.randn(classes + 2, fuser.matching_size)) if classes else None
        self.coarse = nn.ModuleList(nn.Linear(width, 1) for _ in range(3))

    def see(self, images: Tensor) -> Seen:
        """Encodes pictures [frames, 3, size, size] as `loop.normalise` makes them."""
        output = self.sam.image_encoder(images)
        return Seen(list(output["backbone_fpn"]), output["vision_pos_enc"][-1])

    def hear(self, log_mel: Tensor, seen: Seen) -> list[Level]:
        """The fuser's levels of each frame with its own second of sound [frames, 2, 96, 64]."""
        return self.fuser(seen.maps, self.fuser.tokens(log_mel).unsqueeze(1))

    def segment(self, seen: Seen, levels: list[Level], conditioned: Tensor | None = None) -> Decoded:
        """Masks from the prompts of sound; `conditioned` is the coarsest map after memory attention, without it there is no memory."""
        sam = self.sam
        if conditioned is None:
            conditioned = seen.maps[-1] + sam.no_mem_embed.view(1, -1, 1, 1)
        high_res = [sam.sam_mask_decoder.conv_s0(seen.maps[0]), sam.sam_mask_decoder.conv_s1(seen.maps[1])]
        # The prompt encoder's own code is for one size; training uses two.
        position = sam.sam_prompt_encoder.pe_layer(tuple(conditioned.shape[-2:])).unsqueeze(0)
        return decode(
            sam.sam_mask_decoder, conditioned, position, high_res, batch(levels), sam.sam_prompt_encoder.no_mask_embed.weight[..., None, None])

    def forward(self, images: Tensor, log_mel: Tensor) -> tuple[Decoded, list[Level]]:
        """Frames on their own."""
        seen = self.see(images)
        levels = self.hear(log_mel, seen)
        return self.segment(seen, levels), levels
