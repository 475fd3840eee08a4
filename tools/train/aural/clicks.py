"""What a person would point at: clicks and boxes on an object, for training."""

import numpy as np

SLOTS = 4
POSITIVE, NEGATIVE, FIRST_CORNER, SECOND_CORNER, NONE = 1, 0, 2, 3, -1


def clicks(mask: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points [SLOTS, 2] as fractions of the picture (x, y) and their labels, as SAM 2's prompt encoder has them.

    One click on the object mostly; sometimes a box, or more clicks of which some may be beside it. Nothing where the mask [size, size] is
    empty.
    """
    points, labels = np.zeros((SLOTS, 2), np.float32), np.full(SLOTS, NONE, np.int64)
    inside = np.flatnonzero(mask)
    if len(inside) == 0:
        return points, labels
    size = len(mask)

    def at(place: int) -> tuple[float, float]:
        return (place % size + 0.5) / size, (place // size + 0.5) / size

    kind = rng.random()
    if kind < 0.2:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / size
        # People draw boxes by hand.
        slack = rng.normal(0, 0.05, 4) * np.tile(box[2:] - box[:2], 2)
        points[:2] = np.clip(box + slack, 0, 1).reshape(2, 2)
        labels[:2] = FIRST_CORNER, SECOND_CORNER
        return points, labels
    points[0], labels[0] = at(rng.choice(inside)), POSITIVE
    if kind < 0.4:
        outside = np.flatnonzero(~mask)
        for slot in range(1, int(rng.integers(2, SLOTS))):
            beside = len(outside) > 0 and rng.random() < 0.5
            points[slot], labels[slot] = at(rng.choice(outside if beside else inside)), NEGATIVE if beside else POSITIVE
    return points, labels
