"""Numbers for what was pointed at: no more digits than the pointer can mean."""

from math import ceil, log10


def rounded(value: float, pixel: float, low: float, high: float) -> float:
    """`value` with as many decimals as tell one `pixel` from the next, unless that takes it out of [low, high]."""
    shorter = round(value, ceil(-log10(pixel)))
    return value if low <= value <= high and not low <= shorter <= high else shorter
