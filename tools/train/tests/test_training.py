"""The parts of training that can be checked in seconds: losses, matching, folding, resuming, what is exported."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("sam2")
from aural import agree, losses, objective, train, training  # noqa: E402
from aural.clicks import FIRST_CORNER, NEGATIVE, NONE, POSITIVE, clicks  # noqa: E402
from aural.decoder import Decoded  # noqa: E402
from aural.fuser import FuserConfig  # noqa: E402
from aural.matching import Matching  # noqa: E402
from aural.network import Network, silent  # noqa: E402
from aural.vggish import VGGish  # noqa: E402

RECIPES = Path(__file__).resolve().parents[1] / "recipes"
MODEL = Path(__file__).resolve().parents[3] / "Models/stamps-256"
SMALL = {"widths": (4, 4, 8, 8, 8, 8), "hidden": (16, 16), "out": 16, "normalised": True}


def small_network() -> Network:
    recipe = json.loads((MODEL / "network.json").read_text())
    recipe |= {"modelWidth": 32, "memoryWidth": 16, "memoryAttentionHidden": 32, "decoderHidden": 32, "iouHidden": 16, "maskPromptWidth": 4}
    recipe["trunk"] |= {"embedDim": 8}
    fuser = FuserConfig("online", 32, (1, 1, 1), 1, 2, 2, None, dropout=0.0, vggish=SMALL, matching=2, matching_size=8)
    return Network(recipe, fuser, 64, classes=3)


def decoded(masks: torch.Tensor) -> Decoded:
    count = len(masks)
    return Decoded(masks, torch.zeros(count, 4), torch.zeros(count, 4, 8), torch.full((count, 1), 9.0))


def test_a_perfect_mask_costs_next_to_nothing_and_its_opposite_much():
    target = torch.zeros(1, 16, 16)
    target[:, 4:12, 4:12] = 1
    logits = torch.where(target[:, 2::4, 2::4] > 0, 30.0, -30.0).unsqueeze(1).repeat(1, 4, 1, 1)
    sharp = torch.nn.functional.interpolate(logits, (16, 16))
    good = losses.masks(decoded(sharp), target, losses.Weights())
    bad = losses.masks(decoded(-sharp), target, losses.Weights())
    assert good["focal"] < 1e-6 and good["dice"] < 0.01 and good["single"] < 0.01
    assert bad["focal"] > 20 and bad["dice"] > 0.9
    assert float(good["empty"]) == 0


def test_only_the_best_of_three_masks_learns_from_the_target():
    target = torch.zeros(1, 8, 8)
    target[:, :4] = 1
    masks = torch.zeros(1, 4, 8, 8)
    masks[:, 2, :4], masks[:, 2, 4:] = 5.0, -5.0
    masks.requires_grad_()
    parts = losses.masks(decoded(masks), target, losses.Weights(single=0.0))
    (parts["focal"] + parts["dice"]).backward()
    changed = masks.grad.abs().sum((0, 2, 3)) > 0
    assert changed.tolist() == [False, False, True, False]


def test_where_nothing_sounds_only_the_logits_and_the_score_count():
    parts = losses.masks(decoded(torch.ones(2, 4, 8, 8)), torch.zeros(2, 8, 8), losses.Weights())
    assert float(parts["focal"]) == 0 and float(parts["dice"]) == 0 and float(parts["iou"]) == 0
    assert float(parts["empty"]) == pytest.approx(0.1 * float(torch.nn.functional.softplus(torch.tensor(1.0))), rel=1e-5)
    assert float(parts["score"]) > 8


def test_matching_is_its_equation():
    torch.manual_seed(1)
    module = Matching(6, slots=2, size=4)
    pixels, sound = torch.randn(3, 5, 6), torch.randn(3, 6)
    matched = module(pixels, sound)
    cosine = matched.pixels @ matched.slots.mT
    assert torch.allclose(matched.pixels.norm(dim=2), torch.ones(3, 5), atol=1e-5)
    strength = (module.scale[0] * cosine + module.scale[1]).exp()
    weights = strength / (1 + strength.sum(2, keepdim=True))
    expected = weights @ module.value(sound).unflatten(1, (2, 6))
    assert torch.allclose(matched.residual, expected, atol=1e-6)


def test_a_sound_and_a_pixel_of_one_class_are_told_apart_from_others():
    prototypes = torch.eye(5)
    pixels, slots = torch.eye(5)[None, :3], torch.eye(5)[None, :2]
    assert losses.pixel_classes(pixels, prototypes, torch.tensor([[0, 1, 2]])) < 1e-4
    assert losses.pixel_classes(pixels, prototypes, torch.tensor([[1, 2, 0]])) > 10
    assert losses.sound_classes(slots, prototypes, torch.tensor([[1.0, 1.0, 0.0]])) < 0.02
    assert losses.sound_classes(slots, prototypes, torch.tensor([[0.0, 1.0, 1.0]])) > 5


def test_folding_takes_the_norms_out_and_changes_nothing():
    torch.manual_seed(2)
    module = VGGish(**SMALL)
    module(torch.randn(6, 96, 64))
    module.eval()
    plain = VGGish(**(SMALL | {"normalised": False})).eval()
    plain.load_state_dict(module.folded())
    sound = torch.randn(2, 96, 64)
    assert torch.allclose(plain(sound), module(sound), atol=1e-5)


def test_a_clip_of_one_frame_is_a_frame():
    torch.manual_seed(3)
    model = small_network().eval()
    images, log_mel = torch.randn(2, 3, 64, 64), torch.randn(2, 2, 96, 64)
    with torch.no_grad():
        alone, _, _ = model(images, log_mel)
        clip, _, _ = model.follow(images.unsqueeze(1), log_mel.unsqueeze(1))
    assert torch.allclose(alone.masks, clip.masks, atol=1e-5) and torch.allclose(alone.ious, clip.ious, atol=1e-6)


def test_windows_are_no_larger_than_a_small_pictures_map_and_come_back():
    model = small_network()
    blocks = model.sam.image_encoder.trunk.blocks
    model.fit(256)
    large = [block.window_size for block in blocks]
    model.fit(128)
    assert large == [8, 8, 8, 8, 16, 16, 16, 8] and [block.window_size for block in blocks] == [8, 8, 8, 8, 8, 8, 8, 4]
    model.fit(256)
    assert [block.window_size for block in blocks] == large


def test_memory_reaches_the_next_frame_and_learns():
    torch.manual_seed(4)
    model = small_network().train()
    images, log_mel = torch.randn(1, 3, 3, 64, 64), torch.randn(1, 3, 2, 96, 64)
    clip, _, _ = model.follow(images, log_mel)
    clip.masks[2].sum().backward()
    for name in ("sam.memory_encoder.out_proj.weight", "sam.memory_attention.layers.0.linear1.weight", "sam.maskmem_tpos_enc"):
        assert model.get_parameter(name).grad.abs().sum() > 0, name


def test_prompts_that_say_nothing_leave_sam_2_alone():
    torch.manual_seed(5)
    model = small_network().eval()
    # Its masks are emptied where it sees no object.
    model.sam.sam_mask_decoder.pred_obj_score_head.layers[-1].bias.data.fill_(50)
    images, log_mel = torch.randn(2, 3, 64, 64), torch.randn(2, 2, 96, 64)
    points, labels = torch.tensor([[[0.5, 0.5]], [[0.2, 0.7]]]), torch.ones(2, 1, dtype=torch.int64)
    with torch.no_grad():
        seen = model.see(images)
        levels = [silent(level, torch.tensor([True, False])) for level in model.hear(log_mel, seen)]
        mine = model.segment(seen, levels, sparse_prompt=model.point(points, labels))
        sam = model.sam
        features = seen.maps[-1] + sam.no_mem_embed.view(1, -1, 1, 1)
        high_res = [sam.sam_mask_decoder.conv_s0(seen.maps[0]), sam.sam_mask_decoder.conv_s1(seen.maps[1])]
        official = sam._forward_sam_heads(
            features, {"point_coords": points * 64 - 0.5, "point_labels": labels}, None, high_res, multimask_output=True)
    assert torch.allclose(mine.masks[0, 1:], official[0][0], atol=1e-4)
    assert not torch.allclose(mine.masks[1, 1:], official[0][1], atol=1e-2)


def test_clicks_lie_where_their_labels_say():
    mask = np.zeros((32, 32), bool)
    mask[8:20, 4:16] = True
    kinds = set()
    for seed in range(200):
        points, labels = clicks(mask, np.random.default_rng(seed))
        kinds.add(tuple(labels))
        for (x, y), label in zip(points, labels):
            if label in (POSITIVE, NEGATIVE):
                assert mask[int(y * 32), int(x * 32)] == (label == POSITIVE)
        if labels[0] == FIRST_CORNER:
            assert points[0, 0] < points[1, 0] and points[0, 1] < points[1, 1]
    assert len(kinds) >= 4 and (POSITIVE, NONE, NONE, NONE) in kinds
    assert (clicks(np.zeros((8, 8), bool), np.random.default_rng(0))[1] == NONE).all()


def test_an_update_that_is_far_too_large_is_skipped():
    guard = training.Guard()
    assert all(guard.accepts(1.0 + 0.1 * (step % 3)) for step in range(60))
    assert not guard.accepts(6.0) and not guard.accepts(float("nan")) and guard.skipped == 2
    assert guard.accepts(2.0)


def test_the_rate_rises_and_falls():
    rates = [training.rate(step, 100, 1.0, 0.1, 10) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and max(rates) == pytest.approx(1.0) and rates[-1] == pytest.approx(0.1, abs=1e-3)
    assert rates[:10] == sorted(rates[:10]) and rates[10:] == sorted(rates[10:], reverse=True)


def test_a_clip_of_which_nothing_is_sure_goes_by_its_recent_frames():
    torch.manual_seed(6)
    model = small_network().eval()
    images, log_mel = torch.randn(1, 3, 3, 64, 64), torch.randn(1, 3, 2, 96, 64)
    with torch.no_grad():
        first, _, _ = model.follow(images, log_mel)
        unsure, _, _ = model.follow(images, log_mel, threshold=2.0)
    assert torch.equal(first.masks[0], unsure.masks[0]) and not torch.equal(first.masks[1], unsure.masks[1])


def test_recipes_are_others_with_changes():
    every = train.read(RECIPES / "ablations/all.yaml")
    other = train.read(RECIPES / "ablations/no-matching.yaml")
    assert other == every | {"fuser": every["fuser"] | {"matches": False}}
    assert [stage["steps"] for stage in every["stages"]] == [1000] and every["network"]["name"] == "stamps-256"
    # A path in a recipe is one from where the recipe lies, for those that build on it too.
    assert Path(other["start"]).samefile(RECIPES.parents[2] / "Models/stamps-256/stamps-256.safetensors")
    assert train.read(RECIPES / "ablations/audiocon.yaml")["losses"] == {"pixel_class": 0.0, "sound_class": 0.0, "con": 1.0}


def test_a_run_may_begin_with_sight_and_hearing_that_were_trained():
    torch.manual_seed(9)
    recipe = train.read(RECIPES / "ablations/all.yaml")
    model = train.network(recipe)
    fresh = {key: value.clone() for key, value in model.state_dict().items()}
    train.begin(model, Path(recipe["start"]))
    trained = agree.load(Path(recipe["start"])).state_dict()
    for key, value in model.state_dict().items():
        expected = trained[key] if key.startswith(("sam.", "fuser.vgg.")) else fresh[key]
        assert torch.equal(value, expected), key


def batch_of_noise(size: int = 64) -> dict[str, torch.Tensor]:
    generator = np.random.default_rng(7)
    target = torch.from_numpy(generator.random((2, size // 2, size // 2)) > 0.5)
    cells = (size // 16) ** 2
    return {
        "image": torch.from_numpy(generator.integers(0, 255, (2, size, size, 3), np.uint8)), "log_mel": torch.randn(2, 2, 96, 64),
        "target": target, "cover": torch.rand(2, cells), "labels": torch.randint(0, 5, (2, cells)), "heard": torch.eye(3)[:2],
        "points": torch.rand(2, 4, 2), "point_labels": torch.ones(2, 4, dtype=torch.int64), "pointed": target,
        "is_of_sound": torch.tensor([True, False])}


def test_ablations_change_what_they_say():
    torch.manual_seed(8)
    batch = batch_of_noise()
    fuser = small_network().fuser.config
    recipe = small_network().recipe
    plain = Network(recipe, fuser, 64, classes=3)
    _, parts, _ = objective.loss(plain, batch, losses.Weights())
    assert "con" not in parts
    contrasted = Network(recipe, fuser, 64, classes=3, contrast=True)
    total, parts, _ = objective.loss(contrasted, batch, losses.Weights(pixel_class=0.0, sound_class=0.0, con=1.0))
    total.backward()
    assert parts["con"] > 0 and parts["pixel_class"] == 0
    assert contrasted.heads.train_proj_a1.proj[0].weight.grad.abs().sum() > 0
    unmatched = Network(recipe, replace(fuser, matches=False), 64, classes=3).eval()
    unmatched.load_state_dict(plain.state_dict())
    plain.eval()
    with torch.no_grad():
        images, log_mel = torch.randn(1, 3, 64, 64), torch.randn(1, 2, 96, 64)
        with_it, without = plain.hear(log_mel, plain.see(images)), unmatched.hear(log_mel, unmatched.see(images))
    assert torch.allclose(with_it[0].dense, without[0].dense + with_it[0].matched.residual, atol=1e-5)


def test_sound_alone_teaches_only_what_hears():
    torch.manual_seed(9)
    model = small_network()
    batch = {"log_mel": torch.randn(2, 2, 96, 64), "heard": torch.eye(3)[:2]}
    total, parts = objective.hearing(model, batch, losses.Weights())
    total.backward()
    assert parts["sound_class"] > 0
    learned = {name.split(".")[1] for name, parameter in model.named_parameters() if parameter.grad is not None}
    assert learned == {"vgg", "matching"} and model.prototypes.grad is None


def test_what_is_pointed_at_is_carried_by_the_memory_without_sound():
    torch.manual_seed(10)
    model = small_network().eval()
    images, points = torch.randn(2, 2, 3, 64, 64), (torch.rand(2, 4, 2), torch.tensor([[1, -1, -1, -1], [2, 3, -1, -1]]))
    with torch.no_grad():
        loud, _, _ = model.follow(images, torch.randn(2, 2, 2, 96, 64), points=points)
        silent_, _, _ = model.follow(images, torch.randn(2, 2, 2, 96, 64), points=points)
        elsewhere, _, _ = model.follow(images, torch.randn(2, 2, 2, 96, 64), points=(1 - points[0], points[1]))
    assert torch.equal(loud.masks, silent_.masks)
    # The second frame, which has no points of its own, remembers those of the first.
    assert not torch.equal(loud.masks[2:], elsewhere.masks[2:])


def test_clips_are_pointed_at_or_heard(monkeypatch):
    torch.manual_seed(11)
    model = small_network()
    one = batch_of_noise()
    batch = {key: torch.stack([value, value], 1) for key, value in one.items()}
    batch["pointed"] = ~batch["target"]
    seen = []
    real = losses.masks
    monkeypatch.setattr(losses, "masks", lambda decoded, target, weights: seen.append(target.bool()) or real(decoded, target, weights))
    for share in (1.0, 0.0):
        total, _, _ = objective.loss(model, dict(batch), losses.Weights(), share)
        total.backward()
    target = batch["target"].transpose(0, 1).flatten(0, 1)
    assert torch.equal(seen[0], ~target) and torch.equal(seen[1], target)
