"""Training a fuser on a frozen SAM 2: sums of losses, what changes and what does not, going on after a stop."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("sam2", reason="the official sam2 package is not installed")
from aural import agree, clip_losses, clip_scores, finetune, frozen, losses  # noqa: E402
from aural.augment import Augmentation  # noqa: E402
from aural.clip_losses import ClipWeights  # noqa: E402
from aural.decoder import Decoded  # noqa: E402
from aural.fuser import FuserConfig  # noqa: E402
from aural.network import Network  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402
from test_datasets import ref_avs, write_picture, write_table, write_wav  # noqa: E402, F401

RECIPES = Path(__file__).resolve().parents[1] / "recipes"
MODEL = Path(__file__).resolve().parents[3] / "Models/stamps-256"
VGGISH = {"widths": [2, 2, 2, 2, 2, 2], "hidden": 8, "out": 16}
FUSER = {"channels": 32, "depths": [1, 1, 1], "audio_depth": 1, "heads": 2, "ratio": 2, "inner": 16, "vggish": VGGISH}


def decoded(frames=3, seed=1):
    torch.manual_seed(seed)
    return Decoded(torch.randn(frames, 4, 8, 8), torch.rand(frames, 4), torch.zeros(frames, 4, 8), torch.randn(frames, 1))


def targets():
    """The last frame is empty."""
    truth = torch.zeros(3, 32, 32, dtype=torch.bool)
    truth[0, :16], truth[1, 8:20, 8:20] = True, True
    return truth


EVERY = torch.ones(3, dtype=torch.bool)


def test_losses_are_summed_over_frames_and_divided_by_objects():
    out, truth = decoded(), targets()
    whole = clip_losses.clip(out, truth, EVERY, ClipWeights())
    for key, value in whole.items():
        single = [
            clip_losses.clip(Decoded(*(part[index:index + 1] for part in out)), truth[index:index + 1], EVERY[:1], ClipWeights())[key]
            for index in range(3)]
        assert float(value) == pytest.approx(float(sum(single)), rel=1e-5)
        assert key == "score" or float(single[2]) == 0
    halves = clip_losses.clip(out, truth, EVERY, ClipWeights(objects=2.0))
    assert all(float(halves[key]) == pytest.approx(float(whole[key]) / 2) for key in whole)
    only = clip_losses.clip(out, truth, torch.tensor([True, False, False]), ClipWeights())
    first = clip_losses.clip(Decoded(*(part[:1] for part in out)), truth[:1], EVERY[:1], ClipWeights())
    assert all(float(only[key]) == pytest.approx(float(first[key])) for key in whole)


def test_one_frame_costs_what_the_other_losses_say():
    """`losses.masks` divides by the frames that sound, and its quality is of four masks."""
    out, truth = decoded(1), targets()[:1]
    mine = clip_losses.clip(out, truth, EVERY[:1], ClipWeights())
    other = losses.masks(out, truth.float(), losses.Weights())
    for key in ("focal", "dice", "score"):
        assert float(mine[key]) == pytest.approx(float(other[key]), rel=1e-5)


def test_quality_is_of_masks_1_to_3():
    truth = targets()[:1]
    sign = torch.where(truth[:, None, 2::4, 2::4], 20.0, -20.0)
    # Mask 0 does not count; 1 is right, 2 is its opposite, 3 is everything: overlaps 1, 0 and 1/2.
    masks = torch.cat([sign, sign, -sign, torch.full_like(sign, 20.0)], dim=1)
    out = Decoded(masks, torch.tensor([[0.0, 0.9, 0.2, 0.5]]), torch.zeros(1, 4, 8), torch.zeros(1, 1))
    parts = clip_losses.clip(out, truth, EVERY[:1], ClipWeights())
    assert float(parts["iou"]) == pytest.approx((0.1 + 0.2 + 0.0) / 3, abs=0.02)
    assert float(parts["dice"]) < 0.05


def plain_f(logits, truth):
    curves = []
    for frame, goal in zip(torch.sigmoid(logits), truth):
        if goal.any():
            curve = []
            for index in range(255):
                mask = frame >= torch.tensor(index / 254, dtype=torch.float32)
                right = float((mask & goal).sum())
                precision, recall = right / (float(mask.sum()) + 1e-20), right / (float(goal.sum()) + 1e-20)
                curve.append(1.3 * precision * recall / (0.3 * precision + recall) if right else 0.0)
            curves.append(curve)
    return np.mean(curves, axis=0).max()


def test_scores():
    torch.manual_seed(5)
    truth = targets()
    logits = torch.randn(3, 32, 32) + 1.5 * truth
    assert clip_scores.f_score(logits, truth) == pytest.approx(plain_f(logits, truth), rel=1e-6)
    mask = logits > 0
    expected = [agree.jaccard(each.numpy(), goal.numpy()) for each, goal in zip(mask, truth)]
    assert clip_scores.jaccard(logits, truth) == pytest.approx(np.mean(expected), rel=1e-5)
    assert clip_scores.f_score(logits[2:], truth[2:]) == 0


def test_the_rate_ends_at_nothing_and_not_beyond():
    rates = [finetune.poly(step, 10) for step in range(12)]
    assert rates[0] == 1 and rates[5] == pytest.approx(0.5**0.9) and rates == sorted(rates, reverse=True)
    assert rates[10] == 0 and rates[11] == 0 and all(isinstance(rate, float) for rate in rates)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A small network in the form that `aural.export` gives it."""
    recipe = json.loads((MODEL / "network.json").read_text())
    recipe |= {"modelWidth": 32, "memoryWidth": 16, "memoryAttentionHidden": 32, "decoderHidden": 32, "iouHidden": 16, "maskPromptWidth": 4}
    recipe["trunk"] |= {"embedDim": 8}
    torch.manual_seed(1)
    network = Network(recipe, FuserConfig("online", reduction=None, dropout=0.0, matching=2, matching_size=8, **FUSER), 64)
    state = {f"v_model.{key}": value for key, value in network.sam.state_dict().items()}
    state |= {f"aural_fuser.{key}": value for key, value in network.fuser.state_dict().items() if not key.endswith("num_batches_tracked")}
    path = tmp_path_factory.mktemp("base") / "small.safetensors"
    save_file({key: value.contiguous() for key, value in state.items()}, path, {
        "network": json.dumps(recipe), "image_size": "64", "fuser.variant": "online", "fuser.heads": "2", "fuser.history": "1"})
    return path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    root = tmp_path_factory.mktemp("avs")
    rows = [{"uid": f"c{index}", "split": "val" if index == 0 else "train", "label": "v1m"} for index in range(4)]
    for place, row in enumerate(rows):
        for index in range(3):
            write_picture(root / "v1m" / row["uid"] / "frames" / f"x_{index}.png", 60 * place, np.s_[8:30, 10 * index:10 * index + 25])
            write_picture(root / "v1m" / row["uid"] / "labels_rgb" / f"x_{index}.png", 0, np.s_[8:30, 10 * index:10 * index + 25])
        write_wav(root / "v1m" / row["uid"] / "audio.wav", 3, hertz=300 * (1 + place))
    write_table(root / "metadata.csv", rows)
    return root


@pytest.fixture
def config(base, dataset):
    return {
        "sam2": str(base), "image_size": 64, "fuser": {"variant": "auralsam2", "reduction": 4, "dropout": 0.1, **FUSER},
        "vggish": "random", "data": {"kind": "avsbench", "root": str(dataset), "subset": "v1m", "train": "train", "validation": "val"},
        "seed": 3, "epochs": 3, "clips": 2, "rate": 1e-3, "audio_rate": 0.1, "weight_decay": 0.01, "bf16": False,
        "losses": {}, "audiocon": {"limit": 4}, "augmentation": {}, "log_every": 1, "checkpoint_every": 2, "validate_every": 1}


def run(config, folder, until=None):
    folder.mkdir(exist_ok=True)
    made = finetune.Run(config, folder, torch.device("cpu"))
    made.train(until=until)
    return made


def copied(model):
    return {key: value.clone() for key, value in model.state_dict().items()}


@pytest.mark.parametrize("variant", ["auralsam2", "online"])
def test_a_run_that_goes_on_ends_where_one_without_a_break_does(config, tmp_path, variant):
    config["fuser"]["variant"] = variant
    whole = run(config, tmp_path / "whole")
    assert whole.steps == 4
    run(config, tmp_path / "parts", until=2)
    parts = run(config, tmp_path / "parts")
    for key, value in whole.model.state_dict().items():
        assert torch.equal(value, parts.model.state_dict()[key]), key
    log = [json.loads(line) for line in (tmp_path / "parts" / "log.ndjson").read_text().splitlines()]
    assert [entry["total"] for entry in log] == [1, 2, 3, 4]
    assert {"mJ", "F", "focal", "dice", "iou", "score", "con"} <= log[-1].keys() and 0 <= log[-1]["mJ"] <= 1
    assert log[-1]["rate"] < log[0]["rate"]
    for name in ("curves.png", "masks.png", "last.safetensors", "best.safetensors", "last.pt"):
        assert (tmp_path / "parts" / name).stat().st_size > 0


@pytest.mark.parametrize("bf16", [False, True])
@pytest.mark.parametrize("variant", ["auralsam2", "online"])
def test_sam_2_stays_as_it_is(config, tmp_path, variant, bf16):
    config["fuser"]["variant"] = variant
    config |= {"bf16": bf16, "epochs": 2, "audio_rate": 0}
    made = finetune.Run(config, tmp_path, torch.device("cpu"))
    before = copied(made.model)
    made.train()
    after = made.model.state_dict()
    changed = {key for key in before if not torch.equal(before[key], after[key])}
    assert changed and all(key.startswith(("fuser.", "heads.")) for key in changed)
    assert not any(key.startswith("fuser.vgg.") for key in changed)
    for part in ("patch_embeds.0", "f_blocks.1", "a_blocks.2", "fusion_modules.0.q_frame", "smooth_convs.1"):
        assert any(key.startswith(f"fuser.{part}") for key in changed), part
    assert any(key.startswith("heads.train_proj_a1.") for key in changed)
    assert not made.model.sam.training and not any(each.requires_grad for each in made.model.sam.parameters())


def test_the_sound_network_learns_at_a_rate_of_its_own(config, tmp_path):
    made = finetune.Run(config, tmp_path, torch.device("cpu"))
    before = copied(made.model.fuser.vgg)
    made.train(until=1)
    assert any(not torch.equal(value, before[key]) for key, value in made.model.fuser.vgg.state_dict().items())
    groups = {(group["share"], group["weight_decay"]) for group in made.optimiser.param_groups}
    assert groups == {(0.1, 0.01), (1.0, 0.01), (1.0, 0.0)}
    still = next(group for group in made.optimiser.param_groups if group["weight_decay"] == 0)
    assert any(made.model.fuser.fusion_modules[0].W_z[1].weight is each for each in still["params"])
    assert not any(made.model.fuser.smooth_convs[0].bias is each for each in still["params"])


@pytest.mark.parametrize("upstream", [False, True])
def test_words_come_in_and_half_of_the_clip_comes_first(config, ref_avs, tmp_path, monkeypatch, upstream):
    stored = tmp_path / "words.safetensors"
    save_file({"the dog, barking": torch.ones(25, 12), "the silent piano": torch.zeros(25, 12)}, stored)
    firsts = []
    track = frozen.loop.track
    monkeypatch.setattr(frozen.loop, "track", lambda *given: firsts.append(given[3]) or track(*given))
    config["data"] = {"kind": "ref-avs", "root": str(ref_avs), "text": str(stored), "train": "train", "validation": "test_n"}
    config["fuser"] |= {"text_channels": 12, "text_hidden": 8}
    config |= {"clips": 1, "epochs": 1, "audiocon": {"limit": 4, "reproduce_upstream": upstream}}
    made = finetune.Run(config, tmp_path, torch.device("cpu"))
    before = made.model.fuser.text_proj[0].weight.clone()
    made.train()
    assert not torch.equal(before, made.model.fuser.text_proj[0].weight)
    assert firsts == [1, 1, 1]  # two updates, then one clip to validate
    with pytest.raises(ValueError, match="data.text"):
        finetune.Run(config | {"data": config["data"] | {"text": None}}, tmp_path / "none", torch.device("cpu"))


def test_an_update_that_is_no_number_is_skipped(config, tmp_path, monkeypatch):
    made = finetune.Run(config, tmp_path, torch.device("cpu"))
    before = copied(made.model.heads)
    nothing = made.model.fuser.smooth_convs[0].weight.sum() * float("nan")
    monkeypatch.setattr(made, "losses", lambda clip: {"focal": nothing})
    assert made.step([{}]) == {"skipped": 1.0} and made.progress.total == 1
    assert not made.model.fuser.smooth_convs[0].weight.isnan().any()
    assert all(torch.equal(value, before[key]) for key, value in made.model.heads.state_dict().items())


def test_what_is_written_is_read_again(config, tmp_path):
    made = run(config, tmp_path, until=2)
    written = load_file(tmp_path / "last.safetensors")
    assert "aural_fuser.train_proj_v1.proj.0.weight" in written and "v_model.no_mem_embed" in written
    again = frozen.build(config | {"start": str(tmp_path / "last.safetensors")})
    for key, value in made.model.learned().items():
        if not key.endswith("num_batches_tracked"):
            assert torch.equal(again.learned()[key], value), key


def test_a_network_that_hears_already_goes_on_with_its_own_fuser(config, tmp_path, base):
    config |= {"fuser": None, "vggish": None}
    made = run(config, tmp_path, until=2)
    assert made.model.fuser.config.variant == "online" and made.model.fuser.config.dropout == 0.1
    network = agree.load(tmp_path / "last.safetensors")
    for key, value in made.model.fuser.state_dict().items():
        assert key.endswith("num_batches_tracked") or torch.equal(network.fuser.state_dict()[key], value), key


def test_files_that_do_not_fit_are_named(config, base):
    with pytest.raises(ValueError, match="pictures of 64, the recipe's image_size is 128"):
        frozen.build(config | {"image_size": 128})
    with pytest.raises(ValueError, match="vggish"):
        frozen.build(config | {"vggish": None})
    with pytest.raises(ValueError, match="does not fit the recipe's fuser"):
        frozen.build(config | {"start": str(base), "fuser": config["fuser"] | {"variant": "online", "reduction": None}})


@pytest.mark.parametrize("name", ["avsbench-v1m", "ref-avs"])
def test_recipes_are_read(name):
    recipe = finetune.yaml.safe_load((RECIPES / f"{name}.yaml").read_text())
    ClipWeights(**recipe["losses"])
    finetune.AudioCon(**recipe["audiocon"])
    Augmentation(**recipe["augmentation"])
    config = FuserConfig(**recipe["fuser"])
    assert (config.text_channels is None) == (name == "avsbench-v1m")
    assert recipe["weight_decay"] == 0.01 and recipe["epochs"] == 180
