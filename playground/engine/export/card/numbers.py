"""Numbers as people write them on a model card."""

import math

_TIMES = "\N{MULTIPLICATION SIGN}"
_JOINED = "\N{NO-BREAK SPACE}"  # a number and its unit stay on one line
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def percent(share: float, digits: int = 2) -> str:
    """A share of 1; a dash where there is none."""
    return f"{100 * share:.{digits}f}{_JOINED}%" if math.isfinite(share) else "-"


def number(value: float) -> str:
    """Four figures; a dash for what is no number."""
    return f"{value:.4g}" if math.isfinite(value) else "-"


def short(count: int) -> str:
    """Three figures and a unit: `2.11 M`."""
    for size, unit in _UNITS:
        if count >= size:
            return f"{count / size:.3g}{_JOINED}{unit}"
    return str(count)


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 59.5:
        return f"{seconds:.2g}{_JOINED}s" if seconds < 9.95 else f"{seconds:.0f}{_JOINED}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def size(count: int) -> str:
    """Bytes in the unit that suits them."""
    return f"{count / 1e6:.1f}{_JOINED}MB" if count >= 1e6 else f"{count / 1e3:.1f}{_JOINED}kB"


def by(shape: tuple[int, ...] | None) -> str:
    """A shape with multiplication signs; a dash where it is not known."""
    return "-" if shape is None else f" {_TIMES} ".join(map(str, shape))


def plural(count: int, one: str, many: str = "") -> str:
    """`1 layer`, `2 layers`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
