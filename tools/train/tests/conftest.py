"""Golden files and how they are read."""

from pathlib import Path

import pytest
from safetensors.numpy import load_file

GOLDEN = Path(__file__).resolve().parents[3] / "Tests" / "Golden"


@pytest.fixture(scope="session")
def golden():
    """Reads a golden file by name: its tensors by key."""
    return lambda name: load_file(GOLDEN / f"{name}.safetensors")


@pytest.fixture(scope="session")
def golden_folder() -> Path:
    """Where the golden files lie."""
    return GOLDEN
