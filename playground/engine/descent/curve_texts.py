"""What the functions of one number are called, how they read and over which range they are shown; no torch."""

from collections.abc import Mapping

from playground.engine.descent.facts import MINUS, readable
from playground.engine.descent.spec import Activation, ActivationName, CurveFormula, CurveLoss, CurveLossName, CurveSpec

ACTIVATIONS: Mapping[ActivationName, tuple[str, str]] = {
    "sigmoid": ("Sigmoid", "1 / (1 + e⁻ˣ)"),
    "tanh": ("Tanh", "(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)"),
    "relu": ("ReLU", "max(0, x)"),
    "leaky_relu": ("Leaky ReLU", "max(0, x) + 0.01·min(0, x)"),
    "gelu": ("GELU", "x·(1 + erf(x / √2)) / 2"),
    "silu": ("SiLU", "x / (1 + e⁻ˣ)"),
    "softplus": ("Softplus", "log(1 + eˣ)"),
}
"""Title and formula by the name in torch.nn.functional."""

LOSSES: Mapping[CurveLossName, str] = {
    "mse": "Squared error",
    "l1": "Absolute error",
    "huber": "Huber loss",
    "cross_entropy": "Cross entropy",
}

_AWAY_FROM_TARGET = 3.0
_RANGE = (-6.0, 6.0)


def title(spec: CurveSpec) -> str:
    """Its name above the picture."""
    match spec:
        case Activation(name=name):
            return ACTIVATIONS[name][0]
        case CurveLoss(name="cross_entropy", target=target):
            return f"Cross entropy, true class {target:g} of the logits (0, x)"
        case CurveLoss(name=loss, target=target):
            return f"{LOSSES[loss]} of the prediction x, target {target:g}"
        case CurveFormula():
            return "Own formula"


def formula_text(spec: CurveSpec) -> str:
    """Its formula for reading."""
    match spec:
        case Activation(name=name):
            return ACTIVATIONS[name][1].replace("-", MINUS)
        case CurveLoss(name=loss, target=target):
            return _loss_text(loss, target).replace("-", MINUS)
        case CurveFormula(text=text):
            return readable(text)


def default_range(spec: CurveSpec) -> tuple[float, float]:
    """Where it is shown at first: around the target of a loss, else from -6 to 6."""
    if isinstance(spec, CurveLoss) and spec.name != "cross_entropy":
        return spec.target - _AWAY_FROM_TARGET, spec.target + _AWAY_FROM_TARGET
    return _RANGE


def _loss_text(name: CurveLossName, target: float) -> str:
    error = "x" if target == 0 else f"x - {target:g}" if target > 0 else f"x + {-target:g}"
    square = "x²" if target == 0 else f"({error})²"
    match name:
        case "mse":
            return square
        case "l1":
            return f"|{error}|"
        case "huber":
            return f"{square} / 2 where |{error}| < 1, else |{error}| - 1/2"
        case "cross_entropy":
            return "log(1 + eˣ)" if target == 0 else "log(1 + e⁻ˣ)"
