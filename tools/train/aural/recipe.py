"""Networks by a recipe: the JSON that `aurald import --recipe` reads, so that one file decides the shapes on both sides."""

import json
from pathlib import Path
from typing import Any

from sam2.modeling.backbones.hieradet import Hiera
from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
from sam2.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
from sam2.modeling.memory_encoder import CXBlock, Fuser, MaskDownSampler, MemoryEncoder
from sam2.modeling.position_encoding import PositionEmbeddingSine
from sam2.modeling.sam.mask_decoder import MaskDecoder
from sam2.modeling.sam.prompt_encoder import PromptEncoder
from sam2.modeling.sam.transformer import RoPEAttention, TwoWayTransformer
from sam2.modeling.sam2_base import SAM2Base
from torch import nn

Recipe = dict[str, Any]


def read(path: Path) -> Recipe:
    """A recipe file's contents."""
    return json.loads(path.read_text())


class _Sized(SAM2Base):
    """SAM 2 with the sizes that the official class has as constants: the decoder's heads and widths, the mask prompt's channels."""

    def __init__(self, recipe: Recipe, **options: Any) -> None:
        self._recipe = recipe
        super().__init__(**options)

    def _build_sam_heads(self) -> None:
        super()._build_sam_heads()
        recipe, width = self._recipe, self.hidden_dim
        grid = (self.sam_image_embedding_size,) * 2
        self.sam_prompt_encoder = PromptEncoder(
            embed_dim=width, image_embedding_size=grid, input_image_size=(self.image_size,) * 2, mask_in_chans=recipe["maskPromptWidth"])
        self.sam_mask_decoder = MaskDecoder(
            num_multimask_outputs=3, transformer_dim=width, iou_head_depth=3, iou_head_hidden_dim=recipe["iouHidden"],
            transformer=TwoWayTransformer(
                depth=recipe["decoderLayers"], embedding_dim=width, mlp_dim=recipe["decoderHidden"], num_heads=recipe["decoderHeads"]),
            use_high_res_features=True, iou_prediction_use_sigmoid=True, pred_obj_scores=True, pred_obj_scores_mlp=True,
            use_multimask_token_for_obj_ptr=True)


def build(recipe: Recipe, image_size: int) -> SAM2Base:
    """SAM 2 of any size with random weights, for square pictures; `image_size` is a multiple of 32."""
    width, memory_width = recipe["modelWidth"], recipe["memoryWidth"]
    encodes_time = recipe["encodesPointerTime"]
    return _Sized(
        recipe, image_encoder=_image_encoder(recipe), memory_attention=_memory_attention(recipe, image_size // 16),
        memory_encoder=_memory_encoder(width, memory_width, recipe["memoryFuserLayers"]), num_maskmem=recipe["memoryFrames"],
        max_obj_ptrs_in_encoder=recipe["maximumPointers"], image_size=image_size, sigmoid_scale_for_mem_enc=20.0,
        sigmoid_bias_for_mem_enc=-10.0, use_mask_input_as_output_without_sam=True, directly_add_no_mem_embed=True,
        no_obj_embed_spatial=recipe["hasSpatialNoObjectEmbedding"], use_high_res_features_in_sam=True, multimask_output_in_sam=True,
        iou_prediction_use_sigmoid=True, use_obj_ptrs_in_encoder=True, add_tpos_enc_to_obj_ptrs=encodes_time,
        proj_tpos_enc_in_obj_ptrs=encodes_time, use_signed_tpos_enc_to_obj_ptrs=encodes_time, only_obj_ptrs_in_the_past_for_eval=True,
        pred_obj_scores=True, pred_obj_scores_mlp=True, fixed_no_obj_ptr=True, multimask_output_for_tracking=True,
        use_multimask_token_for_obj_ptr=True, multimask_min_pt_num=0, multimask_max_pt_num=1, use_mlp_for_obj_ptr_proj=True)


def _image_encoder(recipe: Recipe) -> ImageEncoder:
    trunk = recipe["trunk"]
    hiera = Hiera(
        embed_dim=trunk["embedDim"], num_heads=trunk["heads"], stages=trunk["stages"], global_att_blocks=trunk["globalBlocks"],
        window_spec=trunk["windows"], window_pos_embed_bkg_spatial_size=(trunk["positionGrid"],) * 2)
    neck = FpnNeck(
        PositionEmbeddingSine(recipe["modelWidth"]), d_model=recipe["modelWidth"], backbone_channel_list=hiera.channel_list,
        fpn_top_down_levels=recipe["topDownLevels"], fpn_interp_model="nearest")
    return ImageEncoder(hiera, neck, scalp=1)


def _memory_attention(recipe: Recipe, grid: int) -> MemoryAttention:
    width = recipe["modelWidth"]
    options = {"embedding_dim": width, "num_heads": 1, "downsample_rate": 1, "dropout": 0.1, "rope_theta": 10000.0, "feat_sizes": (grid, grid)}
    layer = MemoryAttentionLayer(
        activation="relu", d_model=width, dim_feedforward=recipe["memoryAttentionHidden"], dropout=0.1, pos_enc_at_attn=False,
        pos_enc_at_cross_attn_keys=True, pos_enc_at_cross_attn_queries=False, self_attention=RoPEAttention(**options),
        cross_attention=RoPEAttention(rope_k_repeat=True, kv_in_dim=recipe["memoryWidth"], **options))
    return MemoryAttention(d_model=width, pos_enc_at_input=True, layer=layer, num_layers=recipe["memoryAttentionLayers"])


def _memory_encoder(width: int, memory_width: int, layers: int) -> MemoryEncoder:
    encoder = MemoryEncoder(
        out_dim=memory_width, in_dim=width, position_encoding=PositionEmbeddingSine(memory_width),
        mask_downsampler=MaskDownSampler(embed_dim=width, kernel_size=3, stride=2, padding=1),
        fuser=Fuser(CXBlock(width, kernel_size=7, padding=3), num_layers=layers))
    if memory_width == width:
        encoder.out_proj = nn.Conv2d(width, memory_width, 1)
    return encoder
