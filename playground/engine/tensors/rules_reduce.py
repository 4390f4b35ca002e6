"""Rules of operations that make one number of several: sums, means, extremes, norms, products, spreads."""

from collections.abc import Mapping

import torch
from torch import Tensor

from playground.engine.tensors.graph_text import signed
from playground.engine.tensors.rules_call import Answer, Call, Explain, products, total
from playground.engine.tensors.rules_pointwise import Numbers, Pointwise, Values, spread


def _spread_g(call: Call) -> Values:
    return {"g": spread(call, call.g)}


def _count(call: Call) -> int:
    """How many numbers were reduced to one."""
    sizes = [call.raw.shape[dim] for dim in call.dims()] if call.raw.ndim else []
    return int(torch.Size(sizes).numel())


def _mean(call: Call) -> Values:
    return _spread_g(call) | {"n": torch.tensor(float(_count(call)), device=call.raw.device)}


def _all_reduced(call: Call) -> Values:
    """Of the kinds without dimensions: everything became one number."""
    return {"g": call.g, "x": call.tensor("self"), "y": call.tensor("result")}


def _with_result(call: Call) -> Values:
    return {"g": spread(call, call.g), "x": call.tensor("self"), "y": spread(call, call.tensor("result"))}


def _evenly(call: Call) -> Values:
    """Equal extremes share the gradient."""
    x, y = call.tensor("self"), spread(call, call.tensor("result"))
    dims = call.dims() if "dim" in call.saved else tuple(range(x.ndim))
    hits = (x == y).double()
    return {"g": spread(call, call.g), "d": hits / (hits.sum(dims, keepdim=True) if x.ndim else hits)}


def _picked(call: Call) -> Answer:
    """One number of each row was taken, or sorted to some place."""
    dim = signed(call.saved["dim"]) % max(call.raw.ndim, 1)
    indices = spread(call, call.tensor("indices"))
    if not call.raw.ndim:
        return total("x", "g", call.g)
    line = tuple(slice(None) if d == dim else at for d, at in enumerate(call.element))
    came = spread(call, call.g)[line][indices[line] == call.element[dim]]
    return total("x", "g where it was picked, else 0", came)


def _norm_value(v: Numbers) -> Tensor:
    return torch.where(v.y == 0, 0.0, v.g * v.x / v.y)


def _norm(call: Call) -> Answer | None:
    order = float(call.saved["ord"])
    if order == 2.0:
        return Pointwise("x", "g x / ‖x‖", "{g} · {x} / {y}", _norm_value, _with_result)(call)
    if order == 1.0:
        return Pointwise("x", "g sign(x)", "{g} · sign {x}", lambda v: v.g * torch.sign(v.x), _with_result)(call)
    return None


def _prod_value(v: Numbers) -> Tensor:
    return v.g * v.y / v.x


def _prod(call: Call) -> Answer | None:
    if bool((call.tensor("self") == 0).any()):
        return None  # torch multiplies the others instead of dividing
    return Pointwise("x", "g Πx / x", "{g} · {y} / {x}", _prod_value, _with_result)(call)


def _spread_of_values(call: Call) -> Values | None:
    x, correction = call.tensor("self").double(), call.saved.get("correction")
    freedom = _count(call) - (1.0 if correction is None else float(correction))
    if freedom <= 0:
        return None
    dims = call.dims()
    mean = x.mean(dims, keepdim=True) if x.ndim else x
    return {"g": spread(call, call.g), "x": x, "m": mean, "n": torch.tensor(freedom, device=x.device)}


def _var(call: Call) -> Answer | None:
    values = _spread_of_values(call)
    if values is None:
        return None
    rule = Pointwise(
        "x",
        "g 2 (x - mean) / (n - 1)",
        "{g} · 2 · ({x} - {m}) / {n}",
        lambda v: v.g * 2 * (v.x - v.m) / v.n,
        lambda _: values,
    )
    return rule(call)


def _std(call: Call) -> Answer | None:
    values = _spread_of_values(call)
    if values is None or bool((call.tensor("result") == 0).any()):
        return None
    named = {**values, "s": spread(call, call.tensor("result"))}
    rule = Pointwise(
        "x",
        "g (x - mean) / ((n - 1) std)",
        "{g} · ({x} - {m}) / ({n} · {s})",
        lambda v: v.g * (v.x - v.m) / (v.n * v.s),
        lambda _: named,
    )
    return rule(call)


def _cumsum(call: Call) -> Answer:
    dim = signed(call.saved["dim"]) % max(call.raw.ndim, 1)
    line = tuple(slice(at, None) if d == dim else at for d, at in enumerate(call.element))
    return total("x", "Σ g from here on", call.g[line])


def _logsumexp_value(v: Numbers) -> Tensor:
    return v.g * torch.exp(v.x - v.y)


_SHARED = "g where it is the extreme (shared among equal ones), else 0"
_EXTREME = Pointwise("x", _SHARED, "{g} · {d}", lambda v: v.g * v.d, _evenly, is_diagonal=False)
_MEAN = Pointwise("x", "g / N", "{g} / {n}", lambda v: v.g / v.n, _mean, "1/{n}")


def _dot_with_argument(call: Call) -> Answer:
    other = call.tensor("tensor" if call.index == 0 else "self")
    return products("a" if call.index == 0 else "b", "g · the other", call.g, other[call.element])


RULES: Mapping[str, Explain] = {
    "Sum": Pointwise("x", "g", "{g}", lambda v: v.g, _spread_g),
    "Mean": _MEAN,
    "MaxBackward0": _picked,
    "MinBackward0": _picked,
    "MaxBackward1": _EXTREME,
    "MinBackward1": _EXTREME,
    "Amax": _EXTREME,
    "Amin": _EXTREME,
    "Median": lambda call: _picked(call) if "indices" in call.saved else _EXTREME(call),
    "Kthvalue": _picked,
    "Topk": _picked,
    "Sort": _picked,
    "LinalgVectorNorm": _norm,
    "Prod": _prod,
    "Var": _var,
    "Std": _std,
    "Cumsum": _cumsum,
    "Dot": _dot_with_argument,
    "Logsumexp": Pointwise("x", "g exp(x - y)", "{g} · exp({x} - {y})", _logsumexp_value, _with_result),
}
