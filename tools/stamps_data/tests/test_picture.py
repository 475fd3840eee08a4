"""Pictures and masks."""

import dataclasses

import numpy as np
import pytest
from stamps.compose import compose
from stamps.picture import Renderer
from stamps.scene import Actor, Backdrop, Noise, Scene, Track


def scene_of(*actors: Actor) -> Scene:
    return Scene("seen", 0, actors, Backdrop("plain", 1), Noise("silence"))


def disc(stamp: int, x: float, y: float, size: float, **track: float) -> Actor:
    return Actor(stamp, Track(x, y, size=size, **track))


def test_mask_lies_where_the_stamp_is(library):
    _, masks = Renderer(library, scene_of(disc(0, 0.25, 0.75, 0.3)), 200, 200).frame(0)
    rows, columns = np.nonzero(masks[0])
    assert rows.mean() + 0.5 == pytest.approx(150, abs=0.6) and columns.mean() + 0.5 == pytest.approx(50, abs=0.6)
    assert masks[0].sum() == pytest.approx(np.pi * 30**2, rel=0.04)


@pytest.mark.parametrize("actor", [disc(0, 0.5, 0.5, 0.4, angle=1.0), dataclasses.replace(disc(0, 0.5, 0.5, 0.4), flip=True)])
def test_turned_and_mirrored_stamps_stay_in_place(library, actor):
    _, masks = Renderer(library, scene_of(actor), 128, 128).frame(0)
    rows, columns = np.nonzero(masks[0])
    assert rows.mean() + 0.5 == pytest.approx(64, abs=0.6) and columns.mean() + 0.5 == pytest.approx(64, abs=0.6)


def test_what_is_in_front_hides_what_is_behind(library):
    back, front = disc(0, 0.45, 0.5, 0.4), disc(1, 0.55, 0.5, 0.3)
    alone = [Renderer(library, scene_of(actor), 128, 128).frame(0)[1][0] for actor in (back, front)]
    image, masks = Renderer(library, scene_of(back, front), 128, 128).frame(0)
    np.testing.assert_array_equal(masks[1], alone[1])
    assert not (masks[0] & masks[1]).any()
    assert alone[0][masks[1]].any(), "they overlap"
    # Soft edges aside, what is visible of the one behind is what the one in front leaves of it.
    assert (masks[0] ^ (alone[0] & ~alone[1])).sum() < 0.03 * alone[0].sum()
    colour = library.pictures[1][0][30, 30, :3].astype(int)
    assert np.abs(image[64, 70].astype(int) - colour).max() <= 3


def test_colour_changes_where_the_mask_is(library):
    """Every pixel of a mask shows its stamp: it differs from the picture without it."""
    for seed in range(20):
        scene = dataclasses.replace(compose(library, "seen", seed), backdrop=Backdrop("plain", 77))
        image, masks = Renderer(library, scene, 96, 96).frame(0)
        for number in range(len(scene.actors)):
            fewer = dataclasses.replace(scene, actors=scene.actors[:number] + scene.actors[number + 1:])
            without, _ = Renderer(library, fewer, 96, 96).frame(0)
            changed = (image != without).any(axis=2)
            assert (masks[number] & changed).sum() >= 0.97 * masks[number].sum()
            assert not (changed & ~masks[number])[~_around(masks[number])].any()


def _around(mask: np.ndarray) -> np.ndarray:
    """The mask and the soft edge around it."""
    wide = mask.copy()
    for _ in range(3):
        padded = np.pad(wide, 1)
        wide = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return wide


def test_motion_leads_out_of_the_picture(library):
    renderer = Renderer(library, scene_of(disc(0, 0.5, 0.5, 0.2, velocity_x=0.4)), 64, 48)
    areas = [renderer.frame(t)[1].sum() for t in (0.0, 1.25, 3.0)]
    assert areas[0] > areas[1] > areas[2] == 0


def test_backgrounds_that_move_show_the_same_place_shifted(library):
    scene = dataclasses.replace(scene_of(), backdrop=Backdrop("shapes", 3, pan_x=0.1))
    renderer = Renderer(library, scene, 100, 100)
    first, second = renderer.frame(0)[0].astype(int), renderer.frame(0.5)[0].astype(int)
    assert np.abs(second[:, :-5] - first[:, 5:]).mean() < 1 < np.abs(second - first).mean()
