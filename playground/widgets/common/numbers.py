"""Numbers as plots and tables write them."""

from math import isnan


def plain_number(value: float) -> str:
    """Four figures, as losses are read."""
    if isnan(value):
        return "—"
    value += 0.0  # a zero below zero is one like any other
    return f"{value:.3e}" if value and not 1e-3 <= abs(value) < 1e5 else f"{value:#.4g}".rstrip(".")


def per_cent(value: float) -> str:
    """A fraction in per cent."""
    return "—" if isnan(value) else f"{100 * value:.2f} %"


def file_size(size: int) -> str:
    """Bytes as 876.5 kB: thousands of thousands, as on the command line and in cards."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"


def memory(size: int) -> str:
    """Bytes as 1.5 MiB."""
    value = float(size)
    for unit in ("B", "KiB", "MiB"):
        if value < 999.5:  # what would round to 1,000 takes the next unit
            return f"{value:.3g} {unit}"
        value /= 1024
    return f"{value:.3g} GiB" if value < 999.5 else f"{value:,.0f} GiB"
