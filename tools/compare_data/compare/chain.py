"""Puts an engine in the place of the official model's modules: bank, pointers and prompts stay the official code."""

import numpy as np
import torch

from . import graphs
from .engines import Run


def install(model, run: Run) -> None:
    """From now on `model` computes by `run` what the graphs hold: every frame without a prompt whose memory bank is full, and every picture."""
    side = model.image_size // 16
    usual = model.forward_image, model.memory_attention.forward, model._forward_sam_heads, model._encode_new_memory
    # What follows from the size alone: one run of the official modules tells.
    with torch.inference_mode():
        positions = usual[0](torch.zeros(1, 3, model.image_size, model.image_size))["vision_pos_enc"]
        memory_positions = usual[3]([torch.zeros(side * side, 1, 256)], [(side, side)], torch.zeros(1, 1, model.image_size, model.image_size),
                                    torch.ones(1, 1), False)[1]

    def arrays(*tensors) -> list[np.ndarray]:
        return [tensor.contiguous().numpy() for tensor in tensors]

    def forward_image(image):
        levels = [torch.from_numpy(level) for level in run("image_encoder", *arrays(image))]
        return {"vision_features": levels[-1], "backbone_fpn": levels, "vision_pos_enc": list(positions)}

    def attend(curr, curr_pos, memory, memory_pos, num_obj_ptr_tokens=0):
        if memory.shape[0] != graphs.memory_tokens(model):
            return usual[1](curr, memory, curr_pos, memory_pos, num_obj_ptr_tokens)
        return torch.from_numpy(run("memory_attention", *arrays(curr[0], curr_pos[0], memory, memory_pos))[0])

    def decode(backbone_features, point_inputs=None, mask_inputs=None, high_res_features=None, multimask_output=False):
        if point_inputs is not None or mask_inputs is not None or not multimask_output:
            return usual[2](backbone_features, point_inputs, mask_inputs, high_res_features, multimask_output)
        low, high, ious, pointer, score = map(torch.from_numpy, run("mask_decoder", *arrays(backbone_features, *high_res_features)))
        return None, None, ious, low, high, pointer, score

    def remember(current_vision_feats, feat_sizes, pred_masks_high_res, object_score_logits, is_mask_from_pts):
        if is_mask_from_pts:
            return usual[3](current_vision_feats, feat_sizes, pred_masks_high_res, object_score_logits, is_mask_from_pts)
        memory = run("memory_encoder", *arrays(current_vision_feats[-1], pred_masks_high_res, object_score_logits))[0]
        return torch.from_numpy(memory), list(memory_positions)

    model.forward_image, model.memory_attention.forward = forward_image, attend
    model._forward_sam_heads, model._encode_new_memory = decode, remember
