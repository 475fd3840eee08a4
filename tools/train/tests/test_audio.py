"""Log-mel and VGGish against the golden files."""

import numpy as np
import torch
from aural import golden as layout
from aural import logmel, synthetic
from aural.vggish import VGGish


def test_log_mel(golden, golden_folder):
    rows = logmel.rows(logmel.read_wav(golden_folder / "inputs" / "a5s.wav"), 5)
    np.testing.assert_array_equal(rows, golden("audio_a5s")["logmel"])


def test_rows_are_cut_and_repeated():
    samples = np.random.default_rng(1).uniform(-1, 1, (2, 32_000))
    one = logmel.examples(samples)
    assert one.shape == (2, 2, 96, 64)
    np.testing.assert_array_equal(logmel.rows(samples, 1), one[:1])
    np.testing.assert_array_equal(logmel.rows(samples, 4)[2:], np.stack([one[1]] * 2))


def test_shortest_clip_of_five_rows():
    assert len(logmel.examples(np.zeros((1, 77_040)))) == 5
    assert len(logmel.examples(np.zeros((1, 77_039)))) == 4


@torch.no_grad()
def test_vggish(golden):
    expected = golden("audio_a5s")
    network = VGGish().eval()
    synthetic.load(network, prefix="vgg.")
    rows = network.rows(torch.from_numpy(expected["logmel"]))
    assert layout.error(expected, "vggish_d0", rows) < 1e-4
