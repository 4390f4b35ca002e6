"""What a formula may be made of: names, their meaning in torch, and slips of the pen that deserve a hint; no torch."""

from collections.abc import Mapping

CONSTANTS: Mapping[str, float] = {"pi": 3.141592653589793, "e": 2.718281828459045}

FUNCTIONS: Mapping[str, str] = {
    **{
        name: f"torch.{name}"
        for name in (
            "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp",
            "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "abs", "sign", "floor", "ceil", "square",
            "sigmoid", "relu", "erf", "erfc",
        )
    },
    **{
        name: f"torch.nn.functional.{name}"
        for name in ("softplus", "silu", "gelu", "leaky_relu", "elu")
    },
}  # fmt: skip
"""Functions of one number, with the name each has in torch."""

PAIRS: Mapping[str, str] = {
    "maximum": "torch.maximum",
    "minimum": "torch.minimum",
    "max": "torch.maximum",
    "min": "torch.minimum",
}
"""Functions of two numbers."""

SLIPS: Mapping[str, str] = {
    "ln": "log",
    "lg": "log10",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "tg": "tan",
    "sgn": "sign",
    "fabs": "abs",
    "root": "sqrt",
    "squareroot": "sqrt",
    "swish": "silu",
    "logistic": "sigmoid",
    "power": "x**2",
    "pow": "x**2",
}
"""Names from elsewhere, and what is written for them here."""
