"""Numbers as plots and tables write them."""

from math import isnan


def plain_number(value: float) -> str:
    """Four figures, as losses are read."""
    if isnan(value):
        return "—"
    return f"{value:.3e}" if value and not 1e-3 <= abs(value) < 1e5 else f"{value:#.4g}".rstrip(".")


def per_cent(value: float) -> str:
    """A fraction in per cent."""
    return "—" if isnan(value) else f"{100 * value:.2f} %"
