"""Rules of softmax and of the layers that normalise."""

# ruff: noqa: RUF001 (Greek letters are meant)

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from playground.engine.tensors.graph_text import signed
from playground.engine.tensors.rules_call import Answer, Call, Explain, products, total
from playground.engine.tensors.rules_pointwise import Numbers, Pointwise, Values


def _softmax(call: Call) -> Values:
    p, dim = call.tensor("result").double(), signed(call.saved["dim"])
    return {"p": p, "s": (call.g.double() * p).sum(dim, keepdim=True)}


def _log_softmax(call: Call) -> Values:
    dim = signed(call.saved["dim"])
    return {"p": call.tensor("result").double().exp(), "s": call.g.double().sum(dim, keepdim=True)}


def _over_channels(tensor: Tensor, ndim: int) -> Tensor:
    """[C] as [1, C, 1, ...]."""
    return tensor.reshape(1, -1, *(1,) * (ndim - 2))


def _batch_norm(call: Call) -> Answer | None:
    """Gradients for input, weight and bias: Ioffe and Szegedy, Batch normalization (2015), section 3."""
    x, g = call.tensor("input").double(), call.g.double()
    training = bool(call.saved["training"])
    mean = call.tensor("result1" if training else "running_mean").double()
    scale = _inverse_deviation(call, training)
    x_hat = (x - _over_channels(mean, x.ndim)) * _over_channels(scale, x.ndim)
    if call.index:
        channel: tuple[Any, ...] = (slice(None), *call.element)
        if call.index == 2:
            return total("bias", "Σ g", g[channel])
        return products("weight", "Σ g x̂, where x̂ = (x - mean) / σ", g[channel], x_hat[channel])
    return _normalised_input(call, x_hat, _over_channels(scale, x.ndim), training)


def _inverse_deviation(call: Call, training: bool) -> Tensor:
    if training:
        return call.tensor("result2").double()
    return (call.tensor("running_var").double() + float(call.saved["eps"])).rsqrt()


def _normalised_input(call: Call, x_hat: Tensor, scale: Tensor, training: bool) -> Answer:
    weight = call.saved.get("weight")
    gamma = torch.ones_like(scale) if weight is None else _over_channels(weight.detach().double(), x_hat.ndim)
    if not training:
        rule = Pointwise(
            "input", "g γ / σ", "{g} · {c} · {s}", lambda v: v.g * v.c * v.s, lambda _: {"c": gamma, "s": scale}
        )
        return rule(call)
    dims = (0, *range(2, x_hat.ndim))
    return _centred("input", "γ/σ (g - mean(g) - x̂ mean(g x̂))", call, call.g.double(), x_hat, gamma * scale, dims)


def _centred(
    argument: str, formula: str, call: Call, g: Tensor, x_hat: Tensor, scale: Tensor, dims: tuple[int, ...]
) -> Answer:
    """scale (g - mean(g) - x̂ mean(g x̂)), the means over `dims`."""

    def values(_: Call) -> Values:
        means = {"a": g.mean(dims, keepdim=True), "b": (g * x_hat).mean(dims, keepdim=True)}
        return {"g": g, "s": scale, "h": x_hat, **means}

    def value(v: Numbers) -> Tensor:
        return v.s * (v.g - v.a - v.h * v.b)

    return Pointwise(argument, formula, "{s} · ({g} - {a} - {h} · {b})", value, values, is_diagonal=False)(call)


def _layer_norm(call: Call) -> Answer | None:
    """Gradients for input, weight and bias: Ba, Kiros and Hinton, Layer normalization (2016)."""
    x, g = call.tensor("input").double(), call.g.double()
    dims = tuple(range(x.ndim - len(call.saved["normalized_shape"]), x.ndim))
    scale = call.tensor("result2").double()
    x_hat = (x - call.tensor("result1").double()) * scale
    if call.index:
        column: tuple[Any, ...] = (*(slice(None),) * (x.ndim - len(dims)), *call.element)
        if call.index == 2:
            return total("bias", "Σ g", g[column])
        return products("weight", "Σ g x̂, where x̂ = (x - mean) / σ", g[column], x_hat[column])
    weight = call.saved.get("weight")
    weighted = g if weight is None else g * weight.detach().double()
    return _centred("input", "1/σ (γg - mean(γg) - x̂ mean(γg x̂))", call, weighted, x_hat, scale, dims)


RULES: Mapping[str, Explain] = {
    "Softmax": Pointwise(
        "x", "pᵢ (gᵢ - Σⱼ gⱼ pⱼ)", "{p} · ({g} - {s})", lambda v: v.p * (v.g - v.s), _softmax, is_diagonal=False
    ),
    "LogSoftmax": Pointwise(
        "x", "gᵢ - pᵢ Σⱼ gⱼ", "{g} - {p} · {s}", lambda v: v.g - v.p * v.s, _log_softmax, is_diagonal=False
    ),
    "NativeBatchNorm": _batch_norm,
    "NativeLayerNorm": _layer_norm,
}
