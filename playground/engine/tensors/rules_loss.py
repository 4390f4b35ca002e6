"""Rules of the losses; cross entropy is log_softmax and then nll."""

# ruff: noqa: RUF001 (Greek letters are meant)

from collections.abc import Mapping

import torch
from torch import Tensor

from playground.engine.tensors.graph_text import signed
from playground.engine.tensors.rules_call import Call, Explain
from playground.engine.tensors.rules_pointwise import Numbers, Pointwise, Values, by_input

_MEAN = 1  # torch's numbers for reductions: none 0, mean 1, sum 2


def _divisor(call: Call) -> Tensor:
    """N for a mean, 1 for a sum or no reduction."""
    count = call.tensor("self").numel() if call.saved["reduction"] == _MEAN else 1
    return torch.tensor(float(count), device=call.raw.device)


def _pair(call: Call) -> Values:
    return {"x": call.tensor("self"), "y": call.tensor("target"), "n": _divisor(call)}


def _weighted(call: Call) -> Values:
    weight = call.saved.get("weight")
    return _pair(call) | {"w": torch.ones((), device=call.raw.device) if weight is None else weight.detach()}


def _nll(call: Call) -> Values:
    """t is the class's weight where the class is the target, else 0."""
    x, target = call.tensor("self"), call.tensor("target")
    ignored = signed(call.saved["ignore_index"])
    class_dim = 1 if x.ndim > 1 else 0
    classes = torch.arange(x.shape[class_dim], device=x.device)
    classes = classes.reshape(-1, *(1,) * (x.ndim - 1 - class_dim))
    target = target.unsqueeze(class_dim) if x.ndim > 1 else target
    weight = call.saved.get("weight")
    weights = torch.ones((), device=x.device) if weight is None else weight.detach().reshape(classes.shape)
    taken = (classes == target) & (target != ignored)
    divisor = call.tensor("total_weight") if call.saved["reduction"] == _MEAN else torch.ones((), device=x.device)
    g = call.g.unsqueeze(class_dim) if call.g.ndim else call.g
    return {"g": g, "t": taken * weights, "n": divisor}


def _smooth_value(v: Numbers) -> Tensor:
    return v.g * torch.clamp((v.x - v.y) / v.b, -1, 1) / v.n


def _huber_value(v: Numbers) -> Tensor:
    return v.g * torch.clamp(v.x - v.y, -v.b, v.b) / v.n


def _smooth(call: Call) -> Values:
    return _pair(call) | {"b": torch.tensor(float(call.saved["beta"]), device=call.raw.device)}


def _huber(call: Call) -> Values:
    return _pair(call) | {"b": torch.tensor(float(call.saved["delta"]), device=call.raw.device)}


def _bce_value(v: Numbers) -> Tensor:
    return v.g * v.w * (v.x - v.y) / torch.clamp(v.x * (1 - v.x), min=1e-12) / v.n


def _bce_logits_value(v: Numbers) -> Tensor:
    return v.g * v.w * (torch.sigmoid(v.x) - v.y) / v.n


_BCE_LOGITS = Pointwise("x", "g w (σ(x) - y) / N", "{g} · {w} · (σ({x}) - {y}) / {n}", _bce_logits_value, _weighted)


RULES: Mapping[str, Explain] = {
    "MseLoss": by_input(
        Pointwise("x", "g 2 (x - y) / N", "{g} · 2 · ({x} - {y}) / {n}", lambda v: v.g * 2 * (v.x - v.y) / v.n, _pair),
        Pointwise("y", "g 2 (y - x) / N", "{g} · 2 · ({y} - {x}) / {n}", lambda v: v.g * 2 * (v.y - v.x) / v.n, _pair),
    ),
    "NllLoss": Pointwise(
        "x", "-g w / Σw for the target's class, else 0", "-{g} · {t} / {n}", lambda v: -v.g * v.t / v.n, _nll
    ),
    "NllLoss2D": Pointwise(
        "x", "-g w / Σw for the target's class, else 0", "-{g} · {t} / {n}", lambda v: -v.g * v.t / v.n, _nll
    ),
    "SmoothL1Loss": by_input(
        Pointwise(
            "x", "g clamp((x - y) / β, -1, 1) / N", "{g} · clamp(({x} - {y}) / {b}) / {n}", _smooth_value, _smooth
        )
    ),
    "HuberLoss": by_input(
        Pointwise("x", "g clamp(x - y, -δ, δ) / N", "{g} · clamp({x} - {y}, ±{b}) / {n}", _huber_value, _huber)
    ),
    "BinaryCrossEntropy": by_input(
        Pointwise(
            "x",
            "g w (x - y) / (x (1 - x)) / N",
            "{g} · {w} · ({x} - {y}) / ({x} · (1 - {x})) / {n}",
            _bce_value,
            _weighted,
        )
    ),
    "BinaryCrossEntropyWithLogits": lambda call: (
        _BCE_LOGITS(call) if call.index == 0 and call.saved.get("pos_weight") is None else None
    ),
}
