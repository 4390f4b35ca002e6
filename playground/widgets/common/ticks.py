"""Where an axis has its ticks and what they say."""

from math import ceil, floor, isfinite, log10

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def padded(low: float, high: float, *, is_log: bool) -> tuple[float, float]:
    """What an axis shows of values from `low` to `high`: a little more, also around a constant."""
    margin = (high - low) * 0.05 or (0.5 if is_log else abs(low) * 0.1 or 0.5)
    return low - margin, high + margin


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that divides `span` into at most `most` parts."""
    least = span / max(most, 1)
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def linear_ticks(low: float, high: float, most: int, whole: bool = False) -> tuple[float, list[float]]:
    """The step and its multiples in [low, high], about `most` and at least two; `whole` allows no step below 1."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return 1.0, []
    ticks: list[float] = []
    while len(ticks) < 2:
        step = nice_step(high - low, most)
        if whole and step <= 1.0:
            return 1.0, _multiples(1.0, low, high)
        ticks = _multiples(step, low, high)
        most += 1
    return step, ticks


def log_ticks(low: float, high: float) -> tuple[list[float], list[float]]:
    """Labelled and unlabelled ticks between two powers of ten, given as exponents: decades, and 2 to 9 between.

    A span of less than two decades has 2 and 5 labelled too; one without three of those gets evenly stepped values.
    """
    if not (isfinite(low) and isfinite(high)) or high <= low or high - low > 600:
        return [], []
    decades = range(floor(low), ceil(high) + 1)
    if high - low < 2:
        labelled = _inside([d + log10(f) for d in decades for f in (1, 2, 5)], low, high)
        if len(labelled) < 3:
            values = linear_ticks(10.0**low, 10.0**high, 5)[1]
            return [log10(v) for v in values if v > 0], []
    else:
        every = ceil((high - low) / 8)
        labelled = _inside([float(d) for d in decades if d % every == 0], low, high)
    minor = _inside([d + log10(f) for d in decades for f in range(1, 10)], low, high) if high - low <= 8 else []
    taken = {round(tick, 9) for tick in labelled}
    return labelled, [tick for tick in minor if round(tick, 9) not in taken]


def number(value: float, step: float) -> str:
    """A tick's label with just the digits its step needs."""
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or step < 1e-5:
        return f"{value:.{max(0, floor(log10(abs(value))) - floor(log10(step)))}e}"
    return f"{value:,.{max(0, -floor(log10(step) + 1e-9))}f}"


def power_label(exponent: float) -> str:
    """The label of 10 to the exponent: 0.001 to 10,000 in full, decades beyond as powers."""
    value = 10.0**exponent
    whole = round(exponent)
    if -3 <= exponent < 5:
        return f"{value:,.10f}".rstrip("0").rstrip(".") if value >= 1 else f"{value:.4g}"
    if abs(exponent - whole) < 1e-9:
        return "10" + str(whole).translate(_SUPERSCRIPTS)
    return f"{value:.2g}"


def _multiples(step: float, low: float, high: float) -> list[float]:
    return [step * i for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _inside(ticks: list[float], low: float, high: float) -> list[float]:
    return [t for t in ticks if low <= t <= high]
