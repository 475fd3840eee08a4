"""The formula of the synthetic weights against the golden files' test vectors."""

import numpy as np
import pytest
from aural import synthetic


def test_hash_and_generator():
    assert synthetic.fnv1a("") == 0xCBF29CE484222325
    assert synthetic.fnv1a("a") == 0xAF63DC4C8601EC8C
    assert synthetic.splitmix64(0, 0, 2).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
    # Any part of the sequence can be had by itself.
    assert synthetic.splitmix64(7, 5, 3).tolist() == synthetic.splitmix64(7, 0, 8)[5:].tolist()


@pytest.mark.parametrize(("name", "shape", "values"), [
    ("no_mem_embed", (1, 1, 256), [-0.250625432, -0.075322628, -0.388523102, 0.0783641338]),
    ("image_encoder.trunk.blocks.0.attn.qkv.weight", (288, 96), [0.0818466395, 0.16923444, -0.166513219, 0.0690740272]),
    ("image_encoder.trunk.blocks.0.norm1.weight", (96,), [0.970848978, 1.06134772, 0.997250319, 1.04481149]),
    ("sam_mask_decoder.pred_obj_score_head.layers.2.bias", (1,), [1.97810757]),
    ("vgg.features.0.weight", (64, 1, 3, 3), [-0.409209251, -0.383492589, -0.51654923, 0.467769265]),
    ("fusion_modules.0.W_z.1.running_var", (256,), [0.00118940545, 0.00137707323, 0.00148725801, 0.00124108361]),
])
def test_vectors(name, shape, values):
    weight = synthetic.weight(name, shape)
    assert weight.shape == shape
    np.testing.assert_allclose(weight.ravel()[:len(values)], values, rtol=1e-8)


def test_salt_changes_the_seed_only():
    salted = synthetic.weight("norm.weight", (8,), salt="ref/")
    assert not np.array_equal(salted, synthetic.weight("norm.weight", (8,)))
    assert np.abs(salted - 1).max() <= 0.1


def test_sample_positions():
    assert synthetic.sample_positions("fpn2", 1_048_576, 4096)[:4].tolist() == [646017, 856295, 922151, 784863]
    assert synthetic.sample_positions("anything", 3, 10).tolist() == [0, 1, 2]
