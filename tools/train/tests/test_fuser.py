"""The fuser's parts against the golden files, and what the whole promises."""

import pytest
import torch
from aural import encodings, fuser, synthetic
from aural import golden as layout
from aural.blocks import AudioBlock, VisualBlock
from aural.fuser import AuralFuser, FuserConfig
from aural.fusion import Fusion, OnlineFusion

SMALL = {"channels": 16, "depths": (1, 1, 1), "audio_depth": 1, "vggish": {"widths": (2, 2, 2, 2, 2, 2), "hidden": 8, "out": 8}}


def scaled(name, *shape):
    return torch.from_numpy(synthetic.uniform(f"input/public/{name}", shape, 1.5))


@torch.no_grad()
@pytest.mark.parametrize(("case", "tokens"), [("avs", 5), ("ref", 7)])
def test_fusion_of_16_channels(golden, case, tokens):
    expected = golden("fuser_toy")
    module = Fusion(16, 256).eval()
    prefix = "toy16.weight."
    state = {key.removeprefix(prefix): torch.from_numpy(value) for key, value in expected.items() if key.startswith(prefix)}
    state = {key: value.view_as(module.state_dict()[key]) for key, value in state.items() if key in module.state_dict()}
    module.load_state_dict(state)
    audio = torch.from_numpy(expected[f"toy16.audio{tokens}"])
    fused = module(torch.from_numpy(expected["toy16.frame"]), audio, (8, 8))
    for key, value in zip(("V", "A", "Z", "Z2"), fused):
        assert layout.error(expected, f"toy16.{case}.{key}", value) < 1e-5


@torch.no_grad()
@pytest.mark.parametrize(("case", "tokens"), [("avs", 2), ("ref", 27)])
def test_fusion_of_256_channels(golden, case, tokens):
    expected = golden("fuser_toy")
    module = Fusion().eval()
    synthetic.load(module, prefix="fusion_modules.0.")
    fused = module(scaled("w256.frame", 2, 256, 256), scaled(f"w256.audio{tokens}", tokens, 256), (16, 16))
    for key, value in zip(("V", "A", "Z", "Z2"), fused):
        assert layout.error(expected, f"w256.{case}.{key}", value) < 2e-5


@torch.no_grad()
def test_blocks(golden):
    expected = golden("fuser_toy")
    visual, audio = VisualBlock(256).eval(), AudioBlock(256).eval()
    synthetic.load(visual, prefix="f_blocks.0.0.")
    synthetic.load(audio, prefix="a_blocks.0.0.")
    assert layout.error(expected, "vblock.out", visual(scaled("vblock.in", 2, 256, 256), (16, 16))) < 5e-5
    assert layout.error(expected, "ablock.out", audio(scaled("ablock.in", 1, 7, 256))) < 1e-5


def test_codes():
    assert encodings.age(1, 6).tolist() == [[0, 1, 0, 1, 0, 1]]
    age = encodings.age(3, 256)
    assert float(age[2, 10]) == pytest.approx(float(torch.tensor(2 * 10_000 ** (-10 / 256), dtype=torch.float64).sin()))
    code = encodings.visual(4, 6, 8)
    assert code.shape == (24, 8)
    # Rows differ in the first half of the channels, columns in the second.
    assert torch.equal(code[0, :4], code[5, :4]) and torch.equal(code[0, 4:], code[6, 4:])


@torch.no_grad()
def test_official_state_dict_loads():
    """With the tensors that nothing uses, and with a whole model's prefix."""
    model = AuralFuser(FuserConfig(**SMALL, text_channels=12))
    synthetic.load(model)
    extra = {
        "a_blocks.0.0.attn.sr.weight", "a_blocks.2.0.attn.norm.bias", "a_blocks.1.0.mlp.dwconv.dwconv.weight",
        "fusion_modules.0.align_channel_back.weight", "fusion_modules.1.g.bias", "train_proj_v1.proj.1.running_mean"}
    state = {**model.state_dict(), **{key: torch.zeros(1) for key in extra}}
    AuralFuser(FuserConfig(**SMALL, text_channels=12)).load_state_dict(fuser.used(state))
    whole = {f"aural_fuser.{key}": value for key, value in state.items()} | {"v_model.no_mem_embed": torch.zeros(1)}
    assert fuser.used(whole).keys() == model.state_dict().keys()


def small_features(frames):
    return [scaled(f"small{index}", frames, 16, 8 * size, 8 * size) for index, size in enumerate((4, 2, 1))]


@torch.no_grad()
def test_online_frames_are_independent():
    model = AuralFuser(FuserConfig(variant="online", **SMALL)).eval()
    synthetic.load(model)
    features, tokens = small_features(2), scaled("tokens", 2, 3, 16)
    both = model(features, tokens)
    second = model([level[1:] for level in features], tokens[1:])
    for level, alone in zip(both, second):
        torch.testing.assert_close(level.dense[1:], alone.dense, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(level.sparse[1:], alone.sparse, rtol=1e-4, atol=1e-5)
    assert both[0].sparse.shape == (2, 16) and both[0].audio.shape == (2, 3, 16)


@torch.no_grad()
def test_online_attends_by_age():
    """The same sounds at other ages give something else; in the fusion alone, their order makes no difference."""
    model = AuralFuser(FuserConfig(variant="online", **SMALL)).eval()
    synthetic.load(model)
    features, tokens = small_features(1), scaled("tokens", 1, 3, 16)
    swapped = tokens[:, [0, 2, 1]]
    assert not torch.allclose(model(features, tokens)[0].dense, model(features, swapped)[0].dense, atol=1e-4)
    module = OnlineFusion(16, 16).eval()
    synthetic.load(module)
    x = scaled("pixels", 1, 64, 16)
    torch.testing.assert_close(module(x, tokens, (8, 8)).visual, module(x, swapped, (8, 8)).visual, rtol=1e-4, atol=1e-5)


def test_both_variants_train():
    for variant, tokens in (("auralsam2", scaled("tokens", 2, 16)), ("online", scaled("tokens", 2, 3, 16))):
        model = AuralFuser(FuserConfig(variant=variant, **SMALL)).train()
        levels = model(small_features(2), tokens)
        sum(level.dense.square().mean() + level.sparse.square().mean() for level in levels).backward()
        missing = [name for name, value in model.named_parameters() if value.grad is None and not name.startswith("vgg.")]
        assert missing == []


@torch.no_grad()
def test_online_fusion_by_the_letter():
    """The formula written out, with BatchNorm as what it is in inference: a scale and an offset."""
    module = OnlineFusion(16, 16).eval()
    synthetic.load(module, prefix="fusion_modules.0.")
    x, tokens = scaled("pixels", 1, 64, 16)[0], scaled("tokens", 1, 3, 16)[0]
    state = {key: value.flatten(1) if key.endswith("weight") and value.ndim > 2 else value for key, value in module.state_dict().items()}

    def linear(name, value):
        return value @ state[f"{name}.weight"].T + state[f"{name}.bias"]

    def update(name, value):
        scale = state[f"{name}.1.weight"] / (state[f"{name}.1.running_var"] + 1e-5).sqrt()
        return (linear(f"{name}.0", value) - state[f"{name}.1.running_mean"]) * scale + state[f"{name}.1.bias"]

    def attend(q, k, v):
        return (q @ k.T / 8**0.5).softmax(dim=1) @ v

    audio = linear("align_channel", tokens)
    visual = attend(linear("q_frame", x), linear("k_audio", audio), linear("v_audio", audio))
    sound = attend(linear("q_audio", audio), linear("k_frame", x), linear("v_frame", x))
    fused = module(x[None], tokens[None], (8, 8))
    torch.testing.assert_close(fused.visual[0], module.norm_layer(x + update("W_z", visual)), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(fused.audio[0], module.norm_layer2(audio + update("W_z2", sound)), rtol=1e-4, atol=1e-4)
