"""How the numbers of a table are written, so that their points and signs stand below each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_DECIMALS = 5  # with the figure before the point six, about as many as float32 is good for
_WHOLE_UP_TO = 1e9  # whole numbers with a point are written out up to this
_SMALLEST, _LARGEST = 1e-3, 1e6  # where the largest number lies outside, all have powers of ten
_POINT, _FIGURE = "\N{PUNCTUATION SPACE}", "\N{FIGURE SPACE}"  # as wide as what they stand for


@dataclass(frozen=True, slots=True)
class Figures:
    """How many decimals, whether in powers of ten, and how many characters the longest number takes."""

    decimals: int = 0
    has_powers: bool = False
    characters: int = 1

    def together(self, other: "Figures") -> "Figures":
        """What suits the numbers of both."""
        return Figures(
            max(self.decimals, other.decimals),
            self.has_powers or other.has_powers,
            max(self.characters, other.characters),
        )

    def text(self, value: np.generic) -> str:
        """A number as the table shows it; a zero without decimals, in the place of one with them."""
        plain = value.item()
        if not isinstance(plain, float | complex):
            return _signed(str(plain))
        places = MOST_DECIMALS if self.has_powers else self.decimals
        if plain == 0 and isinstance(plain, float):
            return "0" + (_POINT + places * _FIGURE if places and not self.has_powers else "")
        return _signed(f"{plain:.{places}{'e' if self.has_powers else 'f'}}")


def figures(values: NDArray[Any]) -> Figures:
    """What suits these numbers [h, w]."""
    if values.dtype.kind == "b" or not values.size:
        return Figures(characters=len("False"))
    if values.dtype.kind not in "fc":
        return Figures(characters=max(len(str(each)) for each in (values.min(), values.max())))
    parts = np.stack([values.real, values.imag]) if values.dtype.kind == "c" else values
    found = parts[np.isfinite(parts)].astype(np.float64)
    largest = float(np.abs(found).max(initial=0.0))
    decimals, has_powers = _places(found, largest, float(np.finfo(parts.dtype).eps))
    longest = len(Figures(decimals, has_powers).text(np.float64(-max(largest, 1.0))))
    return Figures(decimals, has_powers, 2 * longest + 1 if values.dtype.kind == "c" else longest)


def _places(found: NDArray[np.float64], largest: float, precision: float) -> tuple[int, bool]:
    """As few decimals as tell these numbers from rounded ones, and no more than the largest has figures for."""
    if largest < _WHOLE_UP_TO and bool((found == np.rint(found)).all()):
        return 0, False
    if not _SMALLEST <= largest < _LARGEST:
        return 0, True
    most = max(MOST_DECIMALS - int(np.log10(max(largest, 1.0))), 0)
    off = precision * largest
    enough = (few for few in range(most) if np.allclose(np.round(found, few), found, rtol=0.0, atol=off))
    return next(enough, most), False


def _signed(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
