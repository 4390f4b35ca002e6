"""What every function of two numbers is called, how it reads, where it is shown and where its minima are; no torch."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from playground.engine.descent import regression
from playground.engine.descent.events import Mark
from playground.engine.descent.known_minima import MINIMA
from playground.engine.descent.spec import Bowl, Formula, FunctionSpec, Known, KnownName, Point, Regression
from playground.engine.problems import Problem

Domain = tuple[float, float, float, float]

MINUS = "\N{MINUS SIGN}"

LOGARITHMIC_CONDITION = 30.0
"""From this condition number on, a bowl's valley shows only on a log scale."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SURVEY = "as listed by Jamil and Yang, A literature survey of benchmark functions (2013)"


@dataclass(frozen=True)
class FunctionFacts:
    """A function as a person reads about it.

    `domain` is (left, right, bottom, top); `minima` are all that lie in it, the lowest first; `logarithmic` says that
    its values want a log scale; `source` is where the formula comes from.
    """

    title: str
    formula: str
    domain: Domain
    minima: tuple[Mark, ...]
    logarithmic: bool
    source: str


def facts(function: FunctionSpec) -> FunctionFacts:
    """All that is known about a function before it is computed.

    A formula has its minima not here but in `surface.marks`, which looks for them; a regression's only minimum is the
    solution of its own objective, or none where X'X is singular.
    """
    match function:
        case Known(name=name):
            return FACTS[name]
        case Bowl(condition=condition):
            return _bowl(condition)
        case Formula(text=text, domain=domain):
            return FunctionFacts("Own formula", readable(text), domain, (), False, "written by hand")
        case Regression():
            return _regression(function)


def title(function: FunctionSpec) -> str:
    """Its name in a list or above a picture."""
    return facts(function).title


def formula_text(function: FunctionSpec) -> str:
    """Its formula for reading, with superscripts: "(x² + y - 11)² + (x + y² - 7)²", with the true minus sign."""
    return facts(function).formula


def domain(function: FunctionSpec) -> Domain:
    """Where it is shown and where starts may lie: (left, right, bottom, top)."""
    return facts(function).domain


def axis_names(function: FunctionSpec) -> tuple[str, str]:
    """What its two numbers are called."""
    return ("w", "b") if isinstance(function, Regression) else ("x", "y")


def check_start(function: FunctionSpec, point: Point) -> None:
    """Refuse a start from which this function is not gone down.

    Raises
    ------
    Problem
        "descent-start" where a coordinate is not finite or lies outside the function's domain.
    """
    left, right, bottom, top = domain(function)
    x, y = point
    across, up = axis_names(function)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Problem("descent-start", x=x, y=y, detail="both numbers have to be finite")
    if not (left <= x <= right and bottom <= y <= top):
        allowed = f"{across} has to lie between {left:g} and {right:g}, {up} between {bottom:g} and {top:g}"
        raise Problem("descent-start", x=x, y=y, detail=allowed)


def check_domain(function: FunctionSpec) -> None:
    """Refuse a domain that holds nothing.

    Raises
    ------
    Problem
        "formula-wrong" for a formula's domain that is empty or has no end.
    """
    left, right, bottom, top = domain(function)
    if not (-math.inf < left < right < math.inf and -math.inf < bottom < top < math.inf):
        detail = "its area is empty; the left has to be less than the right, the bottom less than the top"
        raise Problem("formula-wrong", text=formula_text(function), detail=detail, correction="")


def readable(text: str) -> str:
    """A formula in Python as one would write it: "2*torch.pi*x**2 - 1" becomes "2·π·x² - 1"."""
    text = re.sub(r"\btorch\.(nn\.functional\.)?", "", text.strip())
    text = re.sub(r"\s*\*\*\s*(-?\d+)(?![\w.])", lambda power: power[1].translate(_SUPERSCRIPTS), text)
    text = re.sub(r"\s*\*\*\s*", "^", text)
    text = re.sub(r"\bpi\b", "π", text)
    text = re.sub(r"\s*\*\s*", "·", text)
    return re.sub(r"(?<![\d.][eE])-", MINUS, text)


def _bowl(condition: float) -> FunctionFacts:
    return FunctionFacts(
        title=f"Quadratic bowl, condition {condition:g}",
        formula=f"(x² + {condition:g}·y²) / 2",
        domain=(-3.0, 3.0, -3.0, 3.0),
        minima=(Mark(0.0, 0.0, 0.0),),
        logarithmic=condition >= LOGARITHMIC_CONDITION,
        source="G. Goh, Why momentum really works, Distill (2017)",
    )


def _regression(function: Regression) -> FunctionFacts:
    return FunctionFacts(
        title="Linear regression, " + ("squared error" if function.loss == "mse" else "absolute error"),
        formula=regression.formula_text(function),
        domain=regression.domain(function),
        minima=regression.minima(function),
        logarithmic=True,
        source="C. F. Gauss, Theoria motus (1809); ridge: A. E. Hoerl and R. W. Kennard, Technometrics 12 (1970)",
    )


def _known(
    name: KnownName, title: str, formula: str, domain: Domain, source: str, *, logarithmic: bool = False
) -> FunctionFacts:
    return FunctionFacts(title, formula.replace("-", MINUS), domain, MINIMA[name], logarithmic, source)


FACTS: Mapping[KnownName, FunctionFacts] = {
    "himmelblau": _known(
        "himmelblau",
        "Himmelblau",
        "(x² + y - 11)² + (x + y² - 7)²",
        (-6.0, 6.0, -6.0, 6.0),
        "D. M. Himmelblau, Applied Nonlinear Programming (1972)",
        logarithmic=True,
    ),
    "rosenbrock": _known(
        "rosenbrock",
        "Rosenbrock",
        "(1 - x)² + 100·(y - x²)²",
        (-2.0, 2.0, -1.0, 3.0),
        "H. H. Rosenbrock, The Computer Journal 3 (1960)",
        logarithmic=True,
    ),
    "beale": _known(
        "beale",
        "Beale",
        "(1.5 - x + x·y)² + (2.25 - x + x·y²)² + (2.625 - x + x·y³)²",
        (-4.5, 4.5, -4.5, 4.5),
        "E. M. L. Beale, On an iterative method for finding a local minimum, Princeton Technical Report 25 (1958)",
        logarithmic=True,
    ),
    "booth": _known(
        "booth",
        "Booth",
        "(x + 2·y - 7)² + (2·x + y - 5)²",
        (-10.0, 10.0, -10.0, 10.0),
        f"Booth, {_SURVEY}",
        logarithmic=True,
    ),
    "rastrigin": _known(
        "rastrigin",
        "Rastrigin",
        "20 + x² - 10·cos(2·π·x) + y² - 10·cos(2·π·y)",
        (-5.12, 5.12, -5.12, 5.12),
        "L. A. Rastrigin, Systems of Extremal Control (1974)",
    ),
    "ackley": _known(
        "ackley",
        "Ackley",
        "-20·exp(-0.2·√((x² + y²) / 2)) - exp((cos(2·π·x) + cos(2·π·y)) / 2) + e + 20",
        (-5.0, 5.0, -5.0, 5.0),
        "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing (1987)",
    ),
    "griewank": _known(
        "griewank",
        "Griewank",
        "1 + (x² + y²) / 4000 - cos(x)·cos(y / √2)",
        (-10.0, 10.0, -10.0, 10.0),
        "A. O. Griewank, Journal of Optimization Theory and Applications 34 (1981)",
    ),
    "styblinski_tang": _known(
        "styblinski_tang",
        "Styblinski-Tang",
        "(x⁴ - 16·x² + 5·x + y⁴ - 16·y² + 5·y) / 2",
        (-5.0, 5.0, -5.0, 5.0),
        "M. A. Styblinski and T.-S. Tang, Neural Networks 3 (1990)",
    ),
    "six_hump_camel": _known(
        "six_hump_camel",
        "Six-hump camel",
        "(4 - 2.1·x² + x⁴ / 3)·x² + x·y + (4·y² - 4)·y²",
        (-2.0, 2.0, -1.2, 1.2),
        "L. C. W. Dixon and G. P. Szegő, Towards Global Optimisation 2 (1978)",
    ),
    "saddle": _known(
        "saddle",
        "Saddle",
        "x² - y²",
        (-3.0, 3.0, -3.0, 3.0),
        "the hyperbolic paraboloid, the plainest saddle point",
    ),
    "mccormick": _known(
        "mccormick",
        "McCormick",
        "sin(x + y) + (x - y)² - 1.5·x + 2.5·y + 1",
        (-1.5, 4.0, -3.0, 4.0),
        "G. P. McCormick, Mathematical Programming 10 (1976)",
    ),
}
