"""Counts and sizes as people read them."""

_STEPS = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))


def count_text(count: int) -> str:
    """Every figure: 61,706."""
    return f"{count:,}"


def short(count: int) -> str:
    """Three figures and a unit: 832 k, 3.6 G; small counts whole."""
    for size, unit in _STEPS:
        if abs(count) >= 0.9995 * size:  # what would round to 1,000 takes the next unit
            return f"{count / size:.3g}{unit}" if abs(count) < 999.5 * size else f"{count / size:,.0f}{unit}"
    return str(count)


def change(count: int | None) -> str:
    """A difference with its sign, or a mark for one that is not known."""
    if count is None:
        return "?"
    sign = "+" if count > 0 else "\N{MINUS SIGN}" if count < 0 else "\N{PLUS-MINUS SIGN}"
    return f"{sign}{short(abs(count))}"
