"""The official modules as four ONNX graphs, with upstream's arithmetic.

Changed is only what the exporter cannot follow: rotary encoding is written with real numbers, and tables that follow from the size are constants.
All shapes are fixed: one object, a full memory bank.
"""

import warnings
from pathlib import Path

import torch
from sam2.modeling.sam.transformer import RoPEAttention
from torch import Tensor, nn
from torch.nn import functional as F

#: Graph: names of inputs and of outputs.
NAMES = {
    "image_encoder": (["image"], ["fine", "middle", "coarse"]),
    "memory_attention": (["feature", "position", "memory", "memory_position"], ["conditioned"]),
    "mask_decoder": (["conditioned", "fine", "middle"], ["low", "high", "ious", "pointer", "score"]),
    "memory_encoder": (["feature", "mask", "score"], ["memory"]),
}


def _rotate(x: Tensor, code: Tensor) -> Tensor:
    """x [1, heads, tokens, d] by the angles of `code` [tokens, d / 2], complex: pairs of neighbours are turned."""
    first, second = x.reshape(*x.shape[:-1], -1, 2).unbind(-1)
    real, imaginary = code.real.contiguous(), code.imag.contiguous()
    return torch.stack((first * real - second * imaginary, first * imaginary + second * real), -1).flatten(-2)


def _attention(self, q: Tensor, k: Tensor, v: Tensor, num_k_exclude_rope: int = 0) -> Tensor:
    """RoPEAttention.forward without complex numbers and without writing into a part of the keys."""
    q, k, v = (self._separate_heads(project(x), self.num_heads) for project, x in ((self.q_proj, q), (self.k_proj, k), (self.v_proj, v)))
    # Tracing makes tensors of sizes; these are constants.
    queries, turned = int(q.shape[-2]), int(k.shape[-2]) - num_k_exclude_rope
    side = round(queries**0.5)
    code = self.compute_cis(end_x=side, end_y=side)
    rotated = _rotate(k[:, :, :turned], code.repeat(turned // queries, 1))
    k = torch.cat((rotated, k[:, :, turned:]), dim=2)
    return self.out_proj(self._recombine_heads(F.scaled_dot_product_attention(_rotate(q, code), k, v)))


class _ImageEncoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model
        trunk = model.image_encoder.trunk
        # Bicubic interpolation of a constant: folded here, since engines take minutes to do it.
        position = trunk._get_pos_embed((model.image_size // 4,) * 2).detach().clone()
        trunk._get_pos_embed = lambda _: position

    def forward(self, image):
        return tuple(self.model.forward_image(image)["backbone_fpn"][:3])


class _MemoryAttention(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, feature, position, memory, memory_position):
        tokens = pointer_tokens(self.model)
        return self.model.memory_attention(
            curr=feature, curr_pos=position, memory=memory, memory_pos=memory_position, num_obj_ptr_tokens=tokens)


class _MaskDecoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, conditioned, fine, middle):
        _, _, ious, low, high, pointer, score = self.model._forward_sam_heads(conditioned, None, None, [fine, middle], True)
        return low, high, ious, pointer, score


class _MemoryEncoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, feature, mask, score):
        side = self.model.image_size // 16
        return self.model._encode_new_memory([feature], [(side, side)], mask, score, False)[0]


def pointer_tokens(model) -> int:
    """Tokens of all object pointers of a full bank: each has as many as its width is that of memories."""
    return model.max_obj_ptrs_in_encoder * (model.hidden_dim // model.mem_dim)


def memory_tokens(model) -> int:
    """Tokens of a full bank."""
    return model.num_maskmem * (model.image_size // 16) ** 2 + pointer_tokens(model)


def _examples(model) -> dict[str, tuple[nn.Module, list[Tensor]]]:
    size, side = model.image_size, model.image_size // 16
    cells, tokens = side * side, memory_tokens(model)
    fine, middle = torch.zeros(1, 32, 4 * side, 4 * side), torch.zeros(1, 64, 2 * side, 2 * side)
    return {
        "image_encoder": (_ImageEncoder(model), [torch.zeros(1, 3, size, size)]),
        "memory_attention": (_MemoryAttention(model), [
            torch.zeros(cells, 1, 256), torch.zeros(cells, 1, 256), torch.zeros(tokens, 1, 64), torch.zeros(tokens, 1, 64)]),
        "mask_decoder": (_MaskDecoder(model), [torch.zeros(1, 256, side, side), fine, middle]),
        "memory_encoder": (_MemoryEncoder(model), [torch.zeros(cells, 1, 256), torch.zeros(1, 1, size, size), torch.ones(1, 1)]),
    }


def export(model, folder: Path) -> None:
    """Writes the graphs that are not there yet as NAME.onnx."""
    folder.mkdir(parents=True, exist_ok=True)
    usual = RoPEAttention.forward
    # The exporter tells of every size that it makes a constant, which is what is meant here.
    warnings.simplefilter("ignore")
    RoPEAttention.forward = _attention
    try:
        for name, (module, example) in _examples(model).items():
            path = folder / f"{name}.onnx"
            if path.exists():
                continue
            inputs, outputs = NAMES[name]
            partial = folder / f"{name}.partial"
            with torch.no_grad():
                torch.onnx.export(
                    module.eval(), tuple(example), str(partial), input_names=inputs, output_names=outputs, opset_version=17, dynamo=False)
            partial.rename(path)
    finally:
        RoPEAttention.forward = usual
