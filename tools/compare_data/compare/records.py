"""What `aurald track` writes, read with aurald's own Python client."""

import json
from pathlib import Path

import aurald
import numpy as np


def masks_and_times(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds of each frame, and the masks of object 1, bool [frames, height, width]; empty where it is not."""
    times, masks = [], []
    for line in path.read_text().splitlines():
        record = json.loads(line)
        times.append(record["latency_ms"])
        mask = np.zeros(record["size"], bool)
        for each in record["objects"]:
            if each["object_id"] == 1 and each["area"]:
                mask = np.asarray(aurald.decode(each["size"], each["counts"])).astype(bool)
        masks.append(mask)
    return np.array(times), np.stack(masks)
