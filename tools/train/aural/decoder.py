"""SAM 2's mask decoder with sound (AuralSAM2, arXiv:2506.01015).

It runs over the official decoder's parameters; only the order of the steps is different: at three places the fuser's prompts are
added to the picture's map and to the mask tokens.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from sam2.modeling.sam.mask_decoder import MaskDecoder
from sam2.modeling.sam.transformer import TwoWayTransformer
from torch import Tensor

from .fuser import Level

# Tokens: the object score's, the IoU's, then the four mask tokens; points and boxes come after them.
OBJECT_TOKEN, IOU_TOKEN, MASK_TOKENS = 0, 1, slice(2, 6)


class Injection(NamedTuple):
    """One level's prompts for one frame, `dense` [height * width, channels] and `sparse` [channels], or for a batch of frames,
    [frames, height * width, channels] and [frames, 1, channels]."""

    dense: Tensor
    sparse: Tensor


class Decoded(NamedTuple):
    """The decoder's output for each frame, of all four masks; mask 0 is the one for unambiguous prompts."""

    masks: Tensor  # logits [frames, 4, 4 * height, 4 * width]
    ious: Tensor  # predicted [frames, 4]
    tokens: Tensor  # [frames, 4, channels]
    object_score: Tensor  # logit [frames, 1]


def injections(levels: Sequence[Level], frame: int) -> list[Injection]:
    """The fuser's prompts of one frame in the order in which the decoder takes them: coarsest level first."""
    return [Injection(level.dense[frame], level.sparse[frame]) for level in reversed(levels)]


def batch(levels: Sequence[Level]) -> list[Injection]:
    """The prompts of all frames at once, in the same order."""
    return [Injection(level.dense, level.sparse.unsqueeze(1)) for level in reversed(levels)]


def decode(
    decoder: MaskDecoder, features: Tensor, position: Tensor, high_res: Sequence[Tensor], sound: Sequence[Injection],
    dense_prompt: Tensor, sparse_prompt: Tensor | None = None,
) -> Decoded:
    """Masks of one frame, or of several that know nothing of each other.

    `features` [frames, channels, height, width] after memory attention; `position` is the prompt encoder's code of the same shape;
    `high_res` the maps at stride 4 and 8 after `conv_s0` and `conv_s1`; `dense_prompt` is the prompt encoder's, `sparse_prompt`
    its tokens [1, n, channels] of points and boxes. Without a prompt there are none: not even the two that the official prompt
    encoder pads with.
    """
    tokens = torch.cat([decoder.obj_score_token.weight, decoder.iou_token.weight, decoder.mask_tokens.weight]).expand(len(features), -1, -1)
    if sparse_prompt is not None:
        tokens = torch.cat([tokens, sparse_prompt], dim=1)
    queries, keys = _transform(decoder.transformer, features + dense_prompt, position.to(features), tokens, sound)
    mask_tokens = queries[:, MASK_TOKENS]
    upscaled = _upscale(decoder, keys.mT.unflatten(2, features.shape[-2:]), high_res)
    hyper = torch.stack([mlp(mask_tokens[:, index]) for index, mlp in enumerate(decoder.output_hypernetworks_mlps)], dim=1)
    masks = (hyper @ upscaled.flatten(2)).unflatten(2, upscaled.shape[-2:])
    return Decoded(
        masks, decoder.iou_prediction_head(queries[:, IOU_TOKEN]), mask_tokens,
        decoder.pred_obj_score_head(queries[:, OBJECT_TOKEN]))


def _transform(
    transformer: TwoWayTransformer, image: Tensor, position: Tensor, tokens: Tensor, sound: Sequence[Injection],
) -> tuple[Tensor, Tensor]:
    """The two-way transformer with the prompts before each of its two layers and before its final attention."""
    keys, key_code = image.flatten(2).mT, position.flatten(2).mT
    first, *others = sound
    keys, queries = _inject(keys, tokens, first)
    # The first addition also goes into the queries' position code: in AuralSAM2 both are one tensor then. Trained weights expect it.
    query_code = queries
    for index, layer in enumerate(transformer.layers):
        if index > 0:
            keys, queries = _inject(keys, queries, others[index - 1])
        queries, keys = layer(queries=queries, keys=keys, query_pe=query_code, key_pe=key_code)
    keys, queries = _inject(keys, queries, others[-1])
    attended = transformer.final_attn_token_to_image(q=queries + query_code, k=keys + key_code, v=keys)
    return transformer.norm_final_attn(queries + attended), keys


def _inject(keys: Tensor, queries: Tensor, prompt: Injection) -> tuple[Tensor, Tensor]:
    before, masks, after = queries[:, :MASK_TOKENS.start], queries[:, MASK_TOKENS], queries[:, MASK_TOKENS.stop:]
    return keys + prompt.dense, torch.cat([before, masks + prompt.sparse, after], dim=1)


def _upscale(decoder: MaskDecoder, image: Tensor, high_res: Sequence[Tensor]) -> Tensor:
    """The map at stride 16 to stride 4, with the encoder's finer maps added on the way."""
    stride4, stride8 = high_res
    up8, norm, activation8, up4, activation4 = decoder.output_upscaling
    return activation4(up4(activation8(norm(up8(image) + stride8))) + stride4)
