"""The decoder with sound and the tracking loop. They need SAM 2's own modules."""

import sys
from pathlib import Path

import pytest
import torch

pytest.importorskip("sam2", reason="the official sam2 package is not installed")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "golden"))

import case  # noqa: E402
import make_small  # noqa: E402
from aural import golden as layout  # noqa: E402
from aural import loop, synthetic  # noqa: E402
from aural.decoder import Injection, decode  # noqa: E402
from aural.fuser import FuserConfig  # noqa: E402


@pytest.fixture(scope="module")
def model():
    model = loop.build("tiny", 256)
    synthetic.load(model)
    return model


def given(name):
    return torch.from_numpy(synthetic.uniform(f"input/public/{name}", *make_small.DECODER_INPUTS[name]))


def run(model, sound, points=None):
    return decode(
        model.sam_mask_decoder, given("inj.pix_feat"), model.sam_prompt_encoder.get_dense_pe(),
        [given("inj.high_res_s0"), given("inj.high_res_s1")], sound, dense_prompt(model), points)


def dense_prompt(model):
    return model.sam_prompt_encoder.no_mask_embed.weight[..., None, None]


@torch.no_grad()
def test_silence_is_the_official_decoder(model):
    """Prompts of nothing but zeros change nothing."""
    points = given("inj.points")
    silence = [Injection(torch.zeros(256, 256), torch.zeros(256))] * 3
    masks, ious, tokens, score = model.sam_mask_decoder.predict_masks(
        given("inj.pix_feat"), model.sam_prompt_encoder.get_dense_pe(), points, dense_prompt(model).expand(1, 256, 16, 16),
        repeat_image=False, high_res_features=[given("inj.high_res_s0"), given("inj.high_res_s1")])
    torch.testing.assert_close(tuple(run(model, silence, points)), (masks, ious, tokens, score), rtol=1e-4, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("name", ["audio", "audio_and_points"])
def test_decoder_with_sound(model, golden, name):
    sound = [Injection(given(f"inj.V{level}"), given(f"inj.A{level}")) for level in (2, 1, 0)]
    decoded = run(model, sound, given("inj.points") if name == "audio_and_points" else None)
    for key, value in zip(("masks", "ious", "tokens", "score"), decoded):
        assert layout.error(golden("decoder_small"), f"decoder.{name}.{key}", value[0]) < 2e-4


def test_order_of_frames():
    assert loop.order(5, 0) == [0, 1, 2, 3, 4]
    assert loop.order(4, 2) == [2, 0, 1, 3]


@torch.no_grad()
def test_clip(golden, golden_folder):
    """A clip of sound and picture to masks, with the golden memories."""
    expected = golden("avs_small_t5")
    model, fuser = case.networks("tiny", 256, FuserConfig())
    clip = case.Clip.read(golden_folder / "inputs", 5, 256, "a5s.wav")
    assert torch.equal(clip.frames, torch.from_numpy(expected["frames"]))
    pyramid = loop.Pyramid.of(model, loop.normalise(clip.frames))
    levels, named = case.fused(clip, pyramid, fuser)
    for index, tracked in loop.track(model, pyramid, levels, 0, case.teacher(expected, 5, 256)).items():
        named |= case.frame_tensors(index, tracked)
    stored = [name for name in named if name in expected or f"{name}.shape" in expected]
    assert len(stored) == 1 + 1 + 3 * 7 + 5 * 8
    for name in stored:
        pixels = name.endswith("mask_256")
        assert layout.error(expected, name, named[name]) <= (7 if pixels else 1e-3), name


@torch.no_grad()
def test_the_own_memories_are_the_teachers(model):
    """Forcing a run's own masks and pointers on it changes nothing."""
    pyramid = loop.Pyramid([torch.from_numpy(synthetic.uniform(f"maps{size}", (3, 256, size, size))) for size in (64, 32, 16)],
                           torch.zeros(1, 256, 16, 16))
    levels = [_level() for _ in range(3)]
    free = loop.track(model, pyramid, levels, 1)
    forced = loop.track(model, pyramid, levels, 1, {index: tracked.remembered for index, tracked in free.items()})
    for index, tracked in free.items():
        torch.testing.assert_close(forced[index].logits, tracked.logits)


def _level():
    dense, sparse = torch.zeros(3, 256, 256), torch.zeros(3, 256)
    return loop.Level(dense, sparse, dense, sparse, dense, sparse, sparse)
