"""A table as panels hand it over to be saved: named columns of numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Column:
    """A named column of a table; NaN where a row has no value."""

    name: str
    values: NDArray[np.float64]
