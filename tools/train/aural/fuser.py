"""AuralFuser (AuralSAM2, arXiv:2506.01015): a frame's feature maps and the sound to prompts for SAM 2's mask decoder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from . import encodings
from .blocks import AudioBlock, VisualBlock
from .fusion import Fusion, OnlineFusion
from .matching import Matched, Matching
from .vggish import VGGish

Variant = Literal["auralsam2", "online"]
PATCHES = (4, 2, 1)  # the maps have stride 4, 8 and 16; every level works at stride 16


@dataclass(frozen=True)
class FuserConfig:
    """The fuser's sizes; the defaults are those of the official checkpoints."""

    variant: Variant = "auralsam2"
    channels: int = 256
    depths: Sequence[int] = (3, 6, 12)  # visual blocks of each level
    audio_depth: int = 3  # audio blocks of each level
    heads: int = 4
    ratio: int = 4  # width of a block's MLP, in channels
    reduction: int | None = 4  # of the map that a visual block's keys come from; None: of the whole map
    inner: int | None = None  # of the fusion; half the channels if None
    dropout: float = 0.1
    text_channels: int | None = None  # of the language model's tokens; None: the fuser takes no text
    text_hidden: int = 1024
    vggish: Mapping[str, object] = field(default_factory=dict)  # VGGish's arguments
    matching: int = 0  # slots of matching attention, for `online`; 0: there is none
    matching_size: int = 64  # of the vectors that it compares
    matches: bool = True  # False, for ablations only: what it finds reaches no prompt, only losses


class Level(NamedTuple):
    """What one level gives, and what it was made of."""

    pixels: Tensor  # before the fusion [frames, height * width, channels]
    tokens: Tensor  # before the fusion
    dense: Tensor  # the dense prompts V [frames, height * width, channels]
    audio: Tensor  # the tokens after the fusion; the next level's
    visual_update: Tensor
    audio_update: Tensor
    sparse: Tensor  # the sparse prompt A of each frame [frames, channels]
    matched: Matched | None = None  # the same for all levels


class AuralFuser(nn.Module):
    """Three levels, from fine to coarse; each one's pixels and tokens go on to the next.

    `auralsam2` takes a clip's T frames and T tokens (then 25 of text, if any) at once, `online` frames that know nothing of each
    other, each with n tokens, the newest first.
    """

    def __init__(self, config: FuserConfig = FuserConfig()) -> None:
        super().__init__()
        self.config = config
        width, options = config.channels, {"heads": config.heads, "ratio": config.ratio, "dropout": config.dropout}
        self.vgg = VGGish(**config.vggish)
        self.patch_embeds = nn.ModuleList(nn.Conv2d(width, width, size, stride=size) for size in PATCHES)
        self.f_blocks = nn.ModuleList(
            nn.ModuleList(VisualBlock(width, reduction=config.reduction, **options) for _ in range(depth)) for depth in config.depths)
        self.a_blocks = nn.ModuleList(
            nn.ModuleList(AudioBlock(width, **options) for _ in range(config.audio_depth)) for _ in PATCHES)
        fusion = Fusion if config.variant == "auralsam2" else OnlineFusion
        self.fusion_modules = nn.ModuleList(fusion(width, width, config.inner) for _ in PATCHES)
        self.smooth_convs = nn.ModuleList(nn.Conv2d(width, width, 1) for _ in PATCHES[1:])
        if config.matching and config.variant == "online":
            self.matching = Matching(width, config.matching, config.matching_size)
        if config.text_channels is not None:
            self.text_proj = nn.Sequential(
                nn.Linear(config.text_channels, config.text_hidden), nn.GELU(), nn.Linear(config.text_hidden, width))

    def tokens(self, log_mel: Tensor, text: Tensor | None = None) -> Tensor:
        """A token for each row of sound [n, 2, 96, 64], then one for each of the text's [1, m, text_channels]: [n + m, channels]."""
        sound = self.vgg.rows(log_mel)
        return sound if text is None else torch.cat([sound, self.text_proj(text.squeeze(0))])

    def forward(self, features: Sequence[Tensor], tokens: Tensor) -> list[Level]:
        """The levels, finest first.

        `features` are SAM 2's maps at stride 4, 8 and 16 [frames, channels, ., .], before its decoder's convolutions; `tokens` are
        [N, channels] of the clip with N >= frames (`auralsam2`) or [frames, n, channels] (`online`).
        """
        online = self.config.variant == "online"
        grid = tuple(features[-1].shape[-2:])
        frames = len(features[-1])
        position = encodings.visual(*grid, self.config.channels).to(tokens)
        age = encodings.age(tokens.shape[1] if online else 1, self.config.channels).to(tokens)
        patches = [embed(feature) for embed, feature in zip(self.patch_embeds, features)]
        matched = self.matching(patches[-1].flatten(2).mT, tokens[:, 0]) if hasattr(self, "matching") else None
        levels: list[Level] = []
        for index, x in enumerate(patches):
            if levels:
                x = self.smooth_convs[index - 1](x + levels[-1].dense.mT.unflatten(2, grid))
            x = x.flatten(2).mT + position
            # The codes are added before the blocks and once more after them.
            tokens = tokens + age
            for block in self.f_blocks[index]:
                x = block(x, grid)
            tokens = self._audio(index, tokens)
            x, tokens = x + position, tokens + age
            fused = self.fusion_modules[index](x, tokens, grid)
            sparse = fused.audio[:, 0] if online else fused.audio[:frames]
            dense = fused.visual if matched is None or not self.config.matches else fused.visual + matched.residual
            levels.append(Level(x, tokens, dense, fused.audio, fused.visual_update, fused.audio_update, sparse, matched))
            tokens = fused.audio
        return levels

    def _audio(self, index: int, tokens: Tensor) -> Tensor:
        # A clip's tokens are one sequence.
        sequence = tokens if tokens.ndim == 3 else tokens.unsqueeze(0)
        for block in self.a_blocks[index]:
            sequence = block(sequence)
        return sequence.view_as(tokens)


def used(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """An official state dict without what no forward pass uses, and without the prefix that a file of the whole model has.

    Left out: the audio blocks' spatial layers, two convolutions of each fusion, and the heads of the contrastive loss.
    """
    prefix = "aural_fuser."
    if any(key.startswith(prefix) for key in state):
        state = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
    return {key: value for key, value in state.items() if not _is_unused(key)}


def _is_unused(key: str) -> bool:
    if key.startswith("a_blocks."):
        return any(part in key for part in (".attn.sr.", ".attn.norm.", ".mlp.dwconv."))
    if key.startswith("fusion_modules."):
        return ".align_channel_back." in key or ".g." in key
    return key.startswith("train_proj_")
