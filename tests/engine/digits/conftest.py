"""Real digits of the shipped test set, and the same drawn on big canvases."""

import numpy as np
import pytest

from benchmarks.distortions import canvases
from playground.assets import resource
from playground.engine.data.idx import read_idx


@pytest.fixture(scope="session")
def digits():
    """The first 200 test images of MNIST, float32 [200, 28, 28] in [0, 1]."""
    images = read_idx(resource("mnist", "t10k-images-idx3-ubyte.gz"), (10_000, 28, 28))
    return images[:200].astype(np.float32) / 255


@pytest.fixture(scope="session")
def drawings(digits):
    """The first 5 of them on canvases of 280 x 280 with other sizes, places and pens."""
    return canvases(digits[:5])
