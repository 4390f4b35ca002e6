"""The functions of two numbers, each written as one would in a notebook, and the plain text that gives the same bits.

Only operations stand here whose result for one number does not depend on how many are computed at once (`x**4` is not
one of them on the CPU, `x**2` and `cos` are), so every column of a batch is its own single run, bit for bit.
"""

import inspect
import textwrap
from collections.abc import Callable

import torch
from torch import Tensor

from playground.engine.descent import formula, regression
from playground.engine.descent.spec import Bowl, Formula, FunctionSpec, Known, KnownName, Regression

Function = Callable[[Tensor], Tensor]
"""From a point [2] to a number, or from points [2, N] to numbers [N]."""


def build(function: FunctionSpec) -> Function:
    """The function of x [2] or [2, N], ready for autograd.

    A regression makes as many temporary numbers in every column as `regression.width` says, all others one.

    Raises
    ------
    Problem
        "formula-wrong" for a formula that cannot be used.
    """
    match function:
        case Known(name=name):
            return _of_rows(KNOWN[name])
        case Bowl(condition=condition):
            return _bowl(condition)
        case Formula(text=text):
            return _of_rows(formula.parse(text))
        case Regression():
            return _line_loss(function)


def source(function: FunctionSpec) -> str:
    """Python text that defines the function as `def f(x, y)`, needs only torch, and gives the same bits as `build`.

    Raises
    ------
    Problem
        "formula-wrong" for a formula that cannot be used.
    """
    match function:
        case Known(name=name):
            return _without_docstring(KNOWN[name])
        case Bowl(condition=condition):
            return f"def f(x, y):\n    return (x**2 + {condition!r} * y**2) / 2\n"
        case Formula(text=text):
            return f"def f(x, y):\n    return {formula.parse(text).source}\n"
        case Regression():
            return regression.source(function)


def himmelblau(x: Tensor, y: Tensor) -> Tensor:
    """Four minima of value 0 in [-6, 6]², one of them (3, 2).

    Source: D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972.
    """
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def rosenbrock(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (1, 1), in a long curved valley; shown over [-2, 2] x [-1, 3].

    Source: H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function, The Computer
    Journal 3 (1960) 175-184.
    """
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def beale(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (3, 0.5) in [-4.5, 4.5]², with sharp walls at the corners.

    Source: E. M. L. Beale, On an iterative method for finding a local minimum of a function of more than one variable,
    Technical Report 25, Princeton University, 1958.
    """
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def booth(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (1, 3) in [-10, 10]²; a quadratic with a condition number of 9.

    Source: M. Jamil and X.-S. Yang, A literature survey of benchmark functions for global optimisation problems,
    Int. J. Mathematical Modelling and Numerical Optimisation 4 (2013) 150-194.
    """
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def rastrigin(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (0, 0) in [-5.12, 5.12]², among 121 local minima near the whole numbers.

    Source: L. A. Rastrigin, Systems of Extremal Control, Nauka, 1974; in this form H. Mühlenbein, D. Schomisch and
    J. Born, Parallel Computing 17 (1991) 619-632.
    """
    return 20 + x**2 - 10 * torch.cos(2 * torch.pi * x) + y**2 - 10 * torch.cos(2 * torch.pi * y)


def ackley(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (0, 0) in [-5, 5]², among 121 local minima near the whole numbers.

    The minimum is the tip of a cone: exactly there the gradient does not exist, and autograd says NaN.

    Source: D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer, 1987.
    """
    far = torch.exp(-0.2 * torch.sqrt(0.5 * (x**2 + y**2)))
    waves = torch.exp(0.5 * (torch.cos(2 * torch.pi * x) + torch.cos(2 * torch.pi * y)))
    return -20 * far - waves + torch.e + 20


def griewank(x: Tensor, y: Tensor) -> Tensor:
    """Minimum 0 at (0, 0) in [-10, 10]², among 17 local minima.

    Source: A. O. Griewank, Generalized descent for global optimization, Journal of Optimization Theory and Applications
    34 (1981) 11-39.
    """
    return 1 + (x**2 + y**2) / 4000 - torch.cos(x) * torch.cos(y / 2**0.5)


def styblinski_tang(x: Tensor, y: Tensor) -> Tensor:
    """Minimum -78.332 at (-2.9035, -2.9035) in [-5, 5]², and three higher ones.

    Source: M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization: stochastic approximation with
    function smoothing and simulated annealing, Neural Networks 3 (1990) 467-483.
    """
    return ((x**2 - 16) * x**2 + 5 * x + (y**2 - 16) * y**2 + 5 * y) / 2


def six_hump_camel(x: Tensor, y: Tensor) -> Tensor:
    """Two minima of value -1.0316 in [-2, 2] x [-1.2, 1.2], one at (0.0898, -0.7127), and four higher ones.

    Source: L. C. W. Dixon and G. P. Szegő, The global optimization problem: an introduction, in Towards Global
    Optimisation 2, North-Holland, 1978.
    """
    return (4 - 2.1 * x**2 + x**2 * x**2 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


def saddle(x: Tensor, y: Tensor) -> Tensor:
    """No minimum: it curves up along x and falls without end along y; shown over [-3, 3]².

    Source: the hyperbolic paraboloid, the plainest saddle point.
    """
    return x**2 - y**2


def mccormick(x: Tensor, y: Tensor) -> Tensor:
    """Minimum -1.9132 at (-0.5472, -1.5472) in [-1.5, 4] x [-3, 4], and a higher one at (2.5944, 1.5944).

    Source: G. P. McCormick, Computability of global solutions to factorable nonconvex programs, Mathematical
    Programming 10 (1976) 147-175.
    """
    return torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


KNOWN: dict[KnownName, Callable[[Tensor, Tensor], Tensor]] = {
    "himmelblau": himmelblau,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "booth": booth,
    "rastrigin": rastrigin,
    "ackley": ackley,
    "griewank": griewank,
    "styblinski_tang": styblinski_tang,
    "six_hump_camel": six_hump_camel,
    "saddle": saddle,
    "mccormick": mccormick,
}


def _of_rows(f: Callable[[Tensor, Tensor], Tensor]) -> Function:
    def function(x: Tensor) -> Tensor:
        return f(x[0], x[1])

    return function


def _bowl(condition: float) -> Function:
    def function(x: Tensor) -> Tensor:
        return (x[0] ** 2 + condition * x[1] ** 2) / 2

    return function


def _line_loss(spec: Regression) -> Function:
    points = torch.tensor(spec.points, dtype=torch.float64).T.contiguous()  # [2, P]
    columns: dict[tuple[torch.dtype, torch.device], Tensor] = {}
    is_squared, ridge = spec.loss == "mse", spec.ridge

    def function(x: Tensor) -> Tensor:
        kind = x.dtype, x.device
        if kind not in columns:
            columns[kind] = points.to(x.device, x.dtype)
        xs, ys = columns[kind]
        w, b = x[0], x[1]
        residual = w[..., None] * xs + b[..., None] - ys  # [..., P]
        loss: Tensor = (residual**2 if is_squared else residual.abs()).mean(-1)
        return loss + ridge * (w**2 + b**2) if ridge > 0 else loss

    return function


def _without_docstring(f: Callable[[Tensor, Tensor], Tensor]) -> str:
    """A known function's text as `f`, without types and docstring."""
    body = textwrap.dedent(inspect.getsource(f)).rpartition('"""')[2].strip("\n")
    return f"def f(x, y):\n{body}\n"
