"""Rules of operations that work on each element by itself."""

# ruff: noqa: RUF001 (Greek letters are meant)

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from playground.engine.tensors.rules_call import Answer, Call, Explain
from playground.engine.tensors.rules_pointwise import Numbers, Pointwise, Value, Values, by_input


def _x(call: Call) -> Values:
    return {"x": call.tensor("self")}


def _y(call: Call) -> Values:
    return {"y": call.tensor("result")}


def _of_x(formula: str, numbers: str, value: Value, factor: str = "") -> Pointwise:
    return Pointwise("x", formula, numbers, value, _x, factor)


def _of_y(formula: str, numbers: str, value: Value, factor: str = "") -> Pointwise:
    return Pointwise("x", formula, numbers, value, _y, factor)


def _passed(formula: str, passed: Callable[[Call], Tensor]) -> Pointwise:
    """Incoming numbers that are let through or held back: d is 1 or 0."""

    def values(call: Call) -> Values:
        return {"d": passed(call)}

    return Pointwise("x", formula, "{g} · {d}", lambda v: v.g * v.d, values)


def _alpha(call: Call) -> Values:
    return {"a": torch.as_tensor(call.saved.get("alpha", 1.0), device=call.raw.device)}


def _pair(call: Call) -> Values:
    return {"a": call.tensor("self"), "b": call.tensor("other")}


def _clamp(call: Call) -> Answer | None:
    """Between two numbers; at a bound itself, and with tensors as bounds, torch has rules of its own."""
    x, bounds = call.tensor("self"), (call.saved.get("min"), call.saved.get("max"))
    if any(
        isinstance(bound, Tensor) or bool((call.at_element(x) == bound).any()) for bound in bounds if bound is not None
    ):
        return None
    return _passed("g where x lies within the bounds, else 0", lambda _: _between(x, *bounds))(call)


def _between(x: Tensor, low: float | None, high: float | None) -> Tensor:
    passed = torch.ones_like(x, dtype=torch.bool)
    if low is not None:
        passed &= x > low
    if high is not None:
        passed &= x < high
    return passed


def _hardtanh(call: Call) -> Tensor:
    x = call.tensor("self")
    return (x > float(call.saved["min_val"])) & (x < float(call.saved["max_val"]))


def _share(call: Call, mine: str, other: str, largest: bool) -> Tensor:
    """1 where this one was taken, 1/2 where both are equal."""
    a, b = call.tensor(mine), call.tensor(other)
    won = a > b if largest else a < b
    share: Tensor = won.double() + (a == b).double() / 2
    return share


def _taken(largest: bool) -> Explain:
    name = "larger" if largest else "smaller"
    formula = f"g where it is the {name} one, g/2 where both are equal, else 0"
    return by_input(
        _passed(formula, lambda call: _share(call, "self", "other", largest)),
        _passed(formula, lambda call: _share(call, "other", "self", largest)),
    )


def _exponent(call: Call) -> Values:
    exponent = call.saved["exponent"]
    if not isinstance(exponent, Tensor):
        exponent = torch.as_tensor(exponent, dtype=torch.float64, device=call.raw.device)
    base = call.saved["self"]
    if not isinstance(base, Tensor):
        base = torch.as_tensor(base, dtype=torch.float64, device=call.raw.device)
    return {"x": base.detach(), "n": exponent.detach()}


def _power_value(v: Numbers) -> Tensor:
    x, n, g = v.x, v.n, v.g
    return torch.where(n == 0, 0.0, g * n * x ** (n - 1))


def _exponent_value(v: Numbers) -> Tensor:
    x, n, g = v.x, v.n, v.g
    return torch.where((x == 0) & (n >= 0), 0.0, g * x**n * torch.log(x))


_POWER = Pointwise("x", "g n xⁿ⁻¹", "{g} · {n} · {x}^({n} - 1)", _power_value, _exponent)
_POWER_EXPONENT = Pointwise("n", "g xⁿ ln x", "{g} · {x}^{n} · ln {x}", _exponent_value, _exponent)


def _leaky(call: Call) -> Values:
    x = call.tensor("self")
    return {"d": torch.where(x > 0, 1.0, float(call.saved["negative_slope"]))}


def _elu(call: Call) -> Values:
    x = call.tensor("self").double()
    inner = float(call.saved["alpha"]) * float(call.saved["scale"]) * float(call.saved["input_scale"])
    below = inner * torch.exp(x * float(call.saved["input_scale"]))
    return {"d": torch.where(x > 0, float(call.saved["scale"]), below)}


def _gelu(v: Numbers) -> Tensor:
    x = v.x
    normal = torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    below: Tensor = torch.special.ndtr(x)
    return v.g * (below + x * normal)


def _exact_gelu(call: Call) -> Answer | None:
    rule = _of_x("g (Φ(x) + x φ(x))", "{g} · (Φ({x}) + {x} · φ({x}))", _gelu)
    return rule(call) if call.saved.get("approximate") == "none" else None


def _silu(v: Numbers) -> Tensor:
    s = torch.sigmoid(v.x)
    return v.g * s * (1 + v.x * (1 - s))


def _softplus(call: Call) -> Values:
    x, beta = call.tensor("self").double(), float(call.saved["beta"])
    return {"s": torch.where(x * beta > call.saved["threshold"], 1.0, torch.sigmoid(beta * x))}


def _condition(call: Call) -> Tensor:
    condition = call.tensor("condition")
    return condition if call.index == 0 else ~condition


_FIRST = Pointwise("a", "g", "{g}", lambda v: v.g)
_LOG = "1/{x}"

RULES: Mapping[str, Explain] = {
    "Add": by_input(_FIRST, Pointwise("b", "g α", "{g} · {a}", lambda v: v.g * v.a, _alpha)),
    "Sub": by_input(_FIRST, Pointwise("b", "-g α", "-{g} · {a}", lambda v: -v.g * v.a, _alpha)),
    "Rsub": by_input(Pointwise("a", "-g α", "-{g} · {a}", lambda v: -v.g * v.a, _alpha), _FIRST),
    "Neg": Pointwise("x", "-g", "-{g}", lambda v: -v.g),
    "Mul": by_input(
        Pointwise("a", "g b", "{g} · {b}", lambda v: v.g * v.b, lambda call: {"b": call.tensor("other")}),
        Pointwise("b", "g a", "{g} · {a}", lambda v: v.g * v.a, lambda call: {"a": call.tensor("self")}),
    ),
    "Div": by_input(
        Pointwise("a", "g / b", "{g} / {b}", lambda v: v.g / v.b, lambda call: {"b": call.tensor("other")}, "1/{b}"),
        Pointwise("b", "-g a / b²", "-{g} · {a} / {b}²", lambda v: -v.g * v.a / v.b**2, _pair),
    ),
    "DivBackward2": lambda _: None,  # rounded divisions: nothing to derive
    "DivBackward3": lambda _: None,
    "Pow": by_input(_POWER, _POWER_EXPONENT),
    "PowBackward2": by_input(_POWER_EXPONENT),
    "Exp": _of_y("g exp(x)", "{g} · {y}", lambda v: v.g * v.y),
    "Exp2": _of_y("g 2ˣ ln 2", "{g} · {y} · 0.6931", lambda v: v.g * v.y * math.log(2)),
    "Expm1": _of_y("g exp(x)", "{g} · ({y} + 1)", lambda v: v.g * (v.y + 1)),
    "Log": _of_x("g / x", "{g} / {x}", lambda v: v.g / v.x, _LOG),
    "Log1P": _of_x("g / (1 + x)", "{g} / (1 + {x})", lambda v: v.g / (1 + v.x)),
    "Log2": _of_x("g / (x ln 2)", "{g} / ({x} · 0.6931)", lambda v: v.g / (v.x * math.log(2))),
    "Log10": _of_x("g / (x ln 10)", "{g} / ({x} · 2.303)", lambda v: v.g / (v.x * math.log(10))),
    "Sqrt": _of_y("g / (2 √x)", "{g} / (2 · {y})", lambda v: v.g / (2 * v.y)),
    "Rsqrt": _of_y("-g x^(-3/2) / 2", "-{g} · {y}³ / 2", lambda v: -v.g * v.y**3 / 2),
    "Reciprocal": _of_y("-g / x²", "-{g} · {y}²", lambda v: -v.g * v.y**2),
    "Sin": _of_x("g cos(x)", "{g} · cos {x}", lambda v: v.g * torch.cos(v.x)),
    "Cos": _of_x("-g sin(x)", "-{g} · sin {x}", lambda v: -v.g * torch.sin(v.x)),
    "Abs": _of_x("g sign(x)", "{g} · sign {x}", lambda v: v.g * torch.sign(v.x)),
    "Relu": _passed("g where x > 0, else 0", lambda call: call.tensor("result") > 0),
    "LeakyRelu": Pointwise("x", "g where x > 0, else g · slope", "{g} · {d}", lambda v: v.g * v.d, _leaky),
    "Elu": Pointwise("x", "g where x > 0, else g α exp(x)", "{g} · {d}", lambda v: v.g * v.d, _elu),
    "Gelu": _exact_gelu,
    "Silu": _of_x("g σ(x) (1 + x (1 - σ(x)))", "{g} · σ({x}) · (1 + {x} · (1 - σ({x})))", _silu),
    "Softplus": Pointwise("x", "g σ(β x)", "{g} · {s}", lambda v: v.g * v.s, _softplus),
    "Sigmoid": _of_y("g y (1 - y)", "{g} · {y} · (1 - {y})", lambda v: v.g * v.y * (1 - v.y)),
    "Tanh": _of_y("g (1 - y²)", "{g} · (1 - {y}²)", lambda v: v.g * (1 - v.y**2)),
    "Clamp": _clamp,
    "ClampMin": _clamp,
    "ClampMax": _clamp,
    "Hardtanh": _passed("g where x lies within the bounds, else 0", _hardtanh),
    "Maximum": _taken(True),
    "Minimum": _taken(False),
    "Where": _passed("g where this one was chosen, else 0", _condition),
    "MaskedFill": _passed("g where nothing was filled in, else 0", lambda call: ~call.tensor("mask")),
    "NativeDropout": Pointwise(
        "x",
        "g m / (1 - p), where m is 1 for what was kept",
        "{g} · {d}",
        lambda v: v.g * v.d,
        lambda call: {"d": call.tensor("result1").double() / (1 - float(call.saved["p"]))},
    ),
}
