"""AudioCon on cases that were worked out by hand."""

import math

import pytest
import torch
from aural.audiocon import SIZE, AudioCon, Heads, Samples
from aural.fuser import FuserConfig, Level

UP, LEFT = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0])


def samples(vectors, labels):
    return Samples(torch.stack(vectors), torch.tensor(labels))


def test_the_loss_of_a_few_vectors():
    """One pixel that sounds, two that do not, and one sound, which is the positive of the first alone."""
    pixels = samples([UP, LEFT, LEFT], [1, 0, 0])
    expected = math.log(1 + 2 * math.exp(0.0 / 0.5) / math.exp(1.0 / 0.5)) / 3
    assert float(AudioCon(temperature=0.5).contrast(pixels, samples([UP], [1]))) == pytest.approx(expected, rel=1e-5)


def test_upstream_takes_other_sounds_as_negatives_too():
    pixels = samples([UP, LEFT], [1, 0])
    sounds = samples([UP, UP], [1, 0])
    first = math.log(1 + math.exp(0) / math.exp(2))
    second = math.log(1 + math.exp(0) / math.exp(0))
    assert float(AudioCon(temperature=0.5).contrast(pixels, sounds)) == pytest.approx((first + second) / 2, rel=1e-5)
    first = math.log(1 + (math.exp(0) + math.exp(2)) / math.exp(2))
    second = math.log(1 + (math.exp(0) + math.exp(0)) / math.exp(0))
    upstream = AudioCon(temperature=0.5, reproduce_upstream=True)
    assert float(upstream.contrast(pixels, sounds)) == pytest.approx((first + second) / 2, rel=1e-5)


@pytest.mark.parametrize("upstream", [False, True])
def test_without_positives_there_is_no_loss(upstream):
    vectors = torch.nn.functional.normalize(torch.randn(6, 4), dim=1).requires_grad_()
    loss = AudioCon(reproduce_upstream=upstream).contrast(Samples(vectors, torch.zeros(6, dtype=torch.int64)), samples([torch.ones(4)], [1]))
    loss.backward()
    assert float(loss.detach()) == 0 and torch.equal(vectors.grad, torch.zeros(6, 4))


def test_pixels_are_drawn_to_the_sound_of_their_kind():
    vectors = torch.tensor([[1.0, 1.0], [1.0, 0.5]]).requires_grad_()
    pixels = Samples(torch.nn.functional.normalize(vectors, dim=1), torch.tensor([1, 0]))
    AudioCon().contrast(pixels, samples([UP], [1])).backward()
    step = -vectors.grad
    assert step[0] @ (UP - LEFT) > 0  # the one that sounds goes to the sound
    assert step[1] @ (UP - LEFT) < 0  # the other makes room


def centred(size=16):
    truth = torch.zeros(size, size, dtype=torch.bool)
    truth[5:11, 5:11] = True
    return truth.flatten()


def test_labels_are_those_of_the_places():
    """Each vector says where it is from."""
    torch.manual_seed(1)
    truth = centred()
    places = torch.arange(len(truth)).float().unsqueeze(1)
    found = AudioCon(limit=16).sample(places, truth, torch.where(torch.rand(256) < 0.5, 1.0, -1.0))
    assert len(found.labels) == 2 * 2 * 16
    assert torch.equal(found.labels, truth[found.vectors[:, 0].long()].long())
    assert len(found.vectors.unique()) == len(found.vectors)


def test_upstream_reads_labels_at_ranks():
    """A centred object: the ranks of its 36 pixels point to the picture's first rows, so all of them have the background's label."""
    torch.manual_seed(1)
    truth = centred()
    places = torch.arange(len(truth)).float().unsqueeze(1)
    upstream = AudioCon(limit=16, reproduce_upstream=True)
    found = upstream.sample(places, truth, torch.randn(256))
    true_labels = truth[found.vectors[:, 0].long()].long()
    # All are "hard": up to three times the limit of each class, and there are but 36 that sound.
    assert int((true_labels == 1).sum()) == 36 and int((true_labels == 0).sum()) == 48
    assert int(found.labels[true_labels == 1].sum()) == 0
    wrong = (found.labels != true_labels)[true_labels == 0].float().mean()
    assert 0 < float(wrong) < 0.4


@pytest.mark.parametrize(("hard", "easy", "paper", "upstream"), [
    (1000, 1000, (128, 128), (128, 128)), (1000, 0, (256, 0), (384, 0)), (1000, 28, (228, 28), (356, 28)), (10, 1000, (10, 246), (10, 374)),
    (10, 20, (10, 20), (10, 20)), (0, 0, (0, 0), (0, 0))])
def test_how_many_are_drawn(hard, easy, paper, upstream):
    assert AudioCon().counts(hard, easy) == paper
    assert AudioCon(reproduce_upstream=True).counts(hard, easy) == upstream


def test_too_many_anchors():
    torch.manual_seed(2)
    vectors = torch.nn.functional.normalize(torch.randn(40, 4), dim=1)
    pixels, sounds = Samples(vectors, torch.arange(40) % 2), samples([torch.tensor([1.0, 0, 0, 0])], [1])
    whole = AudioCon().contrast(pixels, sounds)
    few = [float(AudioCon(most=20).contrast(pixels, sounds)) for _ in range(3)]
    assert len(set(few)) == 3 and all(0 < each < 2 * float(whole) for each in few)
    torch.manual_seed(3)
    length = max(1, int(torch.randperm(40)[0]))
    torch.manual_seed(3)
    cut = AudioCon(most=20, reproduce_upstream=True).contrast(pixels, sounds)
    first = Samples(vectors[:length], pixels.labels[:length])
    assert torch.equal(cut, AudioCon(reproduce_upstream=True).contrast(first, sounds))


def test_sounds_of_frames():
    every, none = torch.ones(4, dtype=torch.bool), torch.zeros(4, dtype=torch.bool)
    assert [int(AudioCon().sound_label(each)) for each in (every, none, centred())] == [1, 0, 1]
    assert [int(AudioCon(reproduce_upstream=True).sound_label(each)) for each in (every, none, centred())] == [0, 0, 1]


def test_heads_have_the_official_names_and_shapes():
    def shapes(config):
        return {key: tuple(value.shape) for key, value in Heads(config).state_dict().items() if key.endswith("weight")}

    assert shapes(FuserConfig()) == {
        "train_proj_v1.proj.0.weight": (128, 256, 1, 1), "train_proj_v1.proj.1.weight": (128,), "train_proj_v1.proj.2.weight": (128, 128, 1, 1),
        "train_proj_a1.proj.0.weight": (128, 256, 1), "train_proj_a1.proj.1.weight": (128,), "train_proj_a1.proj.2.weight": (128, 128, 1)}
    assert sum(each.numel() for each in Heads(FuserConfig()).parameters()) == 2 * 49_664
    assert shapes(FuserConfig(text_channels=768)) == {
        f"train_proj_{each}.proj.{layer}.weight": shape for each in ("v1", "a1")
        for layer, shape in (("0", (128, 256)), ("2", (128,)), ("3", (128, 128)))}


def level(frames=2, width=8, grid=4):
    dense, sparse = torch.randn(frames, grid * grid, width, requires_grad=True), torch.randn(frames, width, requires_grad=True)
    update = torch.randn(frames, width, 1, grid, grid, requires_grad=True)
    return Level(dense, sparse, dense, sparse, update, update, sparse)


@pytest.mark.parametrize("text", [None, 12])
@pytest.mark.parametrize("upstream", [False, True])
def test_only_supervised_frames_count(text, upstream):
    torch.manual_seed(4)
    heads, levels = Heads(FuserConfig(channels=8, text_channels=text)).eval(), [level() for _ in range(3)]
    truth = torch.zeros(2, 64, 64, dtype=torch.bool)
    truth[:, :16] = True
    loss = AudioCon(reproduce_upstream=upstream)(heads, levels, truth, torch.randn(2, 16, 16), torch.tensor([True, False]))
    loss.backward()
    for each in levels:
        assert each.sparse.grad[0].abs().sum() > 0 and each.sparse.grad[1].abs().sum() == 0
        # Upstream's fusers with text give the fusion's term, the others the dense prompt.
        used = each.visual_update if upstream and text else each.dense
        unused = each.dense if upstream and text else each.visual_update
        assert used.grad[0].abs().sum() > 0 and used.grad[1].abs().sum() == 0 and unused.grad is None


def test_vectors_have_unit_length():
    heads = Heads(FuserConfig(channels=8))
    assert torch.allclose(heads.pixels(torch.randn(2, 16, 8), (4, 4)).norm(dim=2), torch.ones(2, 16), atol=1e-5)
    assert heads.sounds(torch.randn(2, 8)).shape == (2, SIZE)


def test_frames_that_know_nothing_of_each_other_cost_what_each_costs_alone():
    torch.manual_seed(9)
    heads = Heads(FuserConfig("online", 8)).eval()
    update, dense, sparse = torch.randn(2, 8, 1, 4, 4), torch.randn(2, 16, 8), torch.randn(2, 8)
    truth, logits = torch.rand(2, 8, 8) > 0.5, torch.randn(2, 8, 8)

    def cost(frames: slice) -> torch.Tensor:
        level = Level(dense[frames], sparse[frames], dense[frames], sparse[frames], update[frames], sparse[frames], sparse[frames])
        one = torch.ones(len(truth[frames]), dtype=torch.bool)
        return AudioCon(alone=True)(heads, [level, level], truth[frames], logits[frames], one)

    both = (cost(slice(0, 1)) + cost(slice(1, 2))) / 2
    assert torch.allclose(cost(slice(0, 2)), both, atol=1e-5) and both > 0
