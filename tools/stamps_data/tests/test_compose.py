"""Scenes: the same for the same seed, and what each split promises."""

import dataclasses
import itertools

import numpy as np
import pytest
from stamps.catalogue import UNSEEN
from stamps.compose import compose
from stamps.mix import SPLITS
from stamps.sampler import Sampler
from stamps.timing import avsbench, even

SEEDS = range(300)


def stamps_of(library, scene):
    return [library.catalogue.stamps[actor.stamp] for actor in scene.actors]


@pytest.mark.parametrize("split", SPLITS)
def test_same_seed_same_bytes(library, split):
    sampler, other = Sampler(library, split), Sampler(library, split)
    other.sample(99, 64)
    for seed in range(6):
        a, b = sampler.sample(seed, 64), other.sample(seed, 64)
        for field in dataclasses.fields(a):
            assert getattr(a, field.name).tobytes() == getattr(b, field.name).tobytes()
        c, d = sampler.clip(seed, 64, 3, 2.0), other.clip(seed, 64, 3, 2.0)
        for field in dataclasses.fields(c):
            assert getattr(c, field.name).tobytes() == getattr(d, field.name).tobytes()


def test_splits_have_nothing_in_common(library):
    scenes = [dataclasses.replace(compose(library, split, 1), split="") for split in ("seen", "two", "unseen", "silent")]
    assert all(a != b for a, b in itertools.combinations(scenes, 2))


@pytest.mark.parametrize("timing", [None, avsbench(5), even(4, 2.0)])
def test_the_ten_are_in_no_training_clip(library, timing):
    for seed in SEEDS:
        scene = compose(library, "train", seed, *([timing] if timing else []))
        for stamp in stamps_of(library, scene):
            assert not stamp.unseen and stamp.name not in UNSEEN and not stamp.name.startswith("frog")


def test_only_the_ten_sound_in_unseen(library):
    for seed in SEEDS:
        scene = compose(library, "unseen", seed)
        sounding = [actor for actor in scene.actors if actor.sounds(0.0)]
        assert sounding and all(library.catalogue.stamps[actor.stamp].name in UNSEEN for actor in sounding)


@pytest.mark.parametrize("split", SPLITS)
def test_shared_recordings_and_look_alikes_are_never_together(library, split):
    for seed in SEEDS:
        for first, second in itertools.combinations([actor.stamp for actor in compose(library, split, seed).actors], 2):
            assert library.catalogue.compatible(first, second)


def test_training_and_validation_have_different_backgrounds(library):
    for split, mix in SPLITS.items():
        photos = {compose(library, split, seed).backdrop.photo for seed in SEEDS} - {-1}
        assert photos and {library.backgrounds[photo].validation for photo in photos} == {mix.validation}


def test_at_most_two_sound_at_a_time(library):
    counts = {split: set() for split in SPLITS}
    for split, seed in itertools.product(SPLITS, SEEDS):
        scene = compose(library, split, seed, avsbench(5))
        counts[split] |= {sum(actor.sounds(t) for actor in scene.actors) for t in avsbench(5).frames}
    assert counts["train"] == {0, 1, 2} and counts["two"] == {2} and counts["silent"] == {0}
    assert counts["seen"] == {1, 2} and counts["swap"] == {1}


def test_swap_pairs_have_one_picture_and_two_sounds(library):
    sampler = Sampler(library, "swap")
    for seed in range(0, 40, 2):
        first, second = sampler.sample(seed, 64), sampler.sample(seed + 1, 64)
        np.testing.assert_array_equal(first.image, second.image)
        np.testing.assert_array_equal(first.masks, second.masks)
        assert first.sounding.sum() == 1 and (first.sounding ^ second.sounding).all()
        assert not np.array_equal(first.waveform, second.waveform)
        clips = sampler.clip(seed, 64, 3, 1.0), sampler.clip(seed + 1, 64, 3, 1.0)
        np.testing.assert_array_equal(clips[0].images, clips[1].images)


def test_silent_clips_have_noise_at_most(library):
    quiet = 0
    for seed in SEEDS:
        scene = compose(library, "silent", seed, avsbench(5))
        assert all(actor.voice is None for actor in scene.actors)
        quiet += scene.noise.colour == "silence"
        sample = Sampler(library, "silent").sample(seed, 32) if seed < 20 else None
        if sample is not None:
            assert not sample.truth.any()
    assert 0.2 * len(SEEDS) < quiet < 0.4 * len(SEEDS)


@pytest.mark.parametrize("timing", [avsbench(1), avsbench(5), avsbench(10), even(5, 5.0), even(3, 1.0)])
def test_truth_of_a_frame_is_what_was_meant_for_it(library, timing):
    """What stops before a frame does not count there, what begins does."""
    changes = 0
    for seed in range(60):
        scene = compose(library, "train", seed, timing, dataclasses.replace(SPLITS["train"], change=0.8, partial=0.0))
        for actor, number in itertools.product(scene.actors, range(1, len(timing.frames))):
            stop, start = timing.switches[number - 1]
            for begin, end in actor.voice.intervals if actor.voice else ():
                if end == stop:
                    assert actor.sounds(timing.frames[number - 1]) and (not actor.sounds(timing.frames[number]))
                    changes += 1
                if begin == start:
                    assert not actor.sounds(timing.frames[number - 1]) and actor.sounds(timing.frames[number])
                    changes += 1
    assert changes > 20 or len(timing.frames) == 1


def test_rows_and_seconds_hold_the_same_sounds():
    """Row i is 0.96 i to 0.96 i + 0.975; a window reaches 15 ms into the next row."""
    timing = avsbench(5)
    for i, (stop, start) in enumerate(timing.switches, start=1):
        assert stop == pytest.approx(0.96 * i) and start == i
        assert i < timing.frames[i] < i + 1
    with pytest.raises(ValueError, match="1 to 10"):
        avsbench(11)
