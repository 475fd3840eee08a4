"""Preparation of recordings, and the mix."""

import dataclasses

import numpy as np
import pytest
from stamps import mixer, noise, recording
from stamps.compose import compose
from stamps.recording import SAMPLE_RATE
from stamps.scene import ALWAYS, Voice


def tone(seconds: float, hertz: float = 440.0, level: float = 0.1) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def test_silence_is_no_recording():
    assert recording.prepare(np.zeros(8000)) is None
    assert recording.prepare(np.full(8000, 5e-4)) is None


def test_pauses_are_shortened_and_the_level_is_set():
    gap = np.zeros(2 * SAMPLE_RATE, np.float32)
    prepared = recording.prepare(np.concatenate([gap, tone(0.5, level=0.01), gap, tone(0.5, level=0.01), gap]))
    assert prepared.samples.size / SAMPLE_RATE == pytest.approx(1.25, abs=0.03)
    middle = prepared.samples[2000:6000]
    assert 20 * np.log10(np.sqrt(np.mean(middle**2))) == pytest.approx(recording.REFERENCE_DB, abs=0.3)
    assert prepared.gain_db == pytest.approx(recording.REFERENCE_DB - 20 * np.log10(0.01 / np.sqrt(2)), abs=0.3)


def test_same_recording_is_found_when_louder_or_cut():
    generator = np.random.default_rng(1)
    sound = generator.normal(0, 0.1, 20_000).astype(np.float32)
    other = generator.normal(0, 0.1, 20_000).astype(np.float32)
    louder = 2 * sound + 0.02 * other
    assert recording.same(sound, louder) and recording.same(louder, sound)
    assert recording.same(sound, sound[7000:12_000]) and recording.same(sound[7000:12_000], sound)
    assert not recording.same(sound, other)


def test_sound_depends_on_its_time_alone(library):
    scene = compose(library, "two", 3)
    whole = mixer.sound(library, scene, -0.5, 1.5)
    parts = [mixer.sound(library, scene, start, start + 0.25) for start in np.arange(-0.5, 1.5, 0.25)]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=1))
    assert whole.shape == (2, 32_000) and np.abs(whole).max() <= 1


def test_only_the_voice_that_plays_is_heard(library):
    scene = compose(library, "swap", 0)
    scene = dataclasses.replace(scene, noise=dataclasses.replace(scene.noise, colour="silence"))
    playing = next(actor for actor in scene.actors if actor.voice)
    hertz = 300 + 170 * library.catalogue.stamps[playing.stamp].group
    spectrum = np.abs(np.fft.rfft(mixer.sound(library, scene, 0, 1)[0]))
    assert spectrum.argmax() == pytest.approx(hertz * playing.voice.pitch, abs=5)


def test_pan_keeps_the_power():
    for pan in (-0.8, 0.0, 0.5):
        left, right = mixer.channel_gains(pan)
        assert left**2 + right**2 == pytest.approx(2)
    assert mixer.channel_gains(0.0) == pytest.approx((1, 1))
    assert mixer.channel_gains(0.8)[1] > mixer.channel_gains(0.8)[0]


@pytest.mark.parametrize(("interval", "expected"), [
    ((ALWAYS[0], 0.84), False), ((ALWAYS[0], 0.86), True), ((0.84, ALWAYS[1]), True), ((0.86, ALWAYS[1]), False), (ALWAYS, True),
])
def test_what_counts_as_sounding(interval, expected):
    assert Voice(1, 0, 1, 0, (interval,)).sounds(1.0) == expected


def test_noise_falls_as_its_colour_says():
    def slope(colour):
        power = np.abs(np.fft.rfft(noise.table(colour))) ** 2
        octave = noise.LENGTH * 1000 // SAMPLE_RATE
        return 10 * np.log10(power[2 * octave:4 * octave].mean() / power[octave:2 * octave].mean())

    assert slope("white") == pytest.approx(0, abs=0.3)
    assert slope("pink") == pytest.approx(-3, abs=0.3)
    assert slope("brown") == pytest.approx(-6, abs=0.3)
    np.testing.assert_array_equal(noise.stretch("pink", noise.LENGTH - 2, 4), noise.table("pink")[[-2, -1, 0, 1]])
