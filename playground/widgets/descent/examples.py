"""Made-up values with which the panels can be seen alone."""

from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice
from playground.widgets.descent.values import ExplanationLine, FunctionChoice, Plain, RacerValues, Standing

FUNCTIONS = (
    FunctionChoice("himmelblau", "Himmelblau", "f(x, y) = (x² + y - 11)² + (x + y² - 7)²", "Four minima, all 0."),
    FunctionChoice("rosenbrock", "Rosenbrock", "f(x, y) = (1 - x)² + 100 (y - x²)²", "A long bent valley."),
    FunctionChoice("bowl", "Quadratic bowl", "f(x, y) = (x² + κ y²) / 2", "As long as you like."),
    FunctionChoice("formula", "Own formula", "", "Any formula in x and y."),
    FunctionChoice("regression", "Linear regression", "f(w, b) = mean loss of w·x + b", "Place the points yourself."),
)
PRESETS = (("course", "Adam from five starts, 20,000 steps"), ("momentum", "Momentum as the course writes it"))

LR = Argument("lr", ("float",), 0.001, minimum=0, doc="Learning rate.")
DECAY = Argument("weight_decay", ("float",), 0, minimum=0, doc="Weight decay (L2 penalty).")
OPTIMIZERS = (
    Choice("Adam", (LR, Argument("betas", ("floats",), (0.9, 0.999)), DECAY), "Adaptive moments."),
    Choice("SGD", (LR, Argument("momentum", ("float",), 0), Argument("nesterov", ("bool",), False)), "Descent."),
    Choice("RMSprop", (LR, Argument("alpha", ("float",), 0.99), DECAY), "Divides by a running size of the gradient."),
    Choice("Muon", (LR,), refused="Muon takes only parameters that are matrices."),
)
SCHEDULES = (
    Choice("StepLR", (Argument("step_size", ("int",), required=True), Argument("gamma", ("float",), 0.1))),
    Choice("ExponentialLR", (Argument("gamma", ("float",), required=True),)),
)
RACERS = (
    RacerValues("Adam lr 0.1", "Adam", {"lr": 0.1}),
    RacerValues("SGD lr 0.01", "SGD", {"lr": 0.01}),
    RacerValues(
        "SGD 0.9 lr 0.002", "SGD", {"lr": 0.002, "momentum": 0.9}, {"name": "ExponentialLR", "args": {"gamma": 0.99}}
    ),
    RacerValues("SGD lr 0.5", "SGD", {"lr": 0.5}, None, (1.0, 2.0)),
)
STANDINGS = (
    Standing(2.61e-3, 0.629),
    Standing(7.89e-31, 1.13e-14, 16),
    Standing(1.42e-2, 1.374),
    Standing(
        float("inf"), float("nan"), None, "SGD left the finite numbers at step 5; choose a smaller learning rate."
    ),
)
LINES = (
    ExplanationLine("point", "", (-0.2104, 1.1837)),
    ExplanationLine("f", "", (131.2,)),
    ExplanationLine("gradient g", "", (-14.02, -22.31)),
    ExplanationLine("exp_avg m", "0.9 · (-9.41, -16.43) + 0.1 · (-14.02, -22.31)", (-9.871, -17.02)),
    ExplanationLine("exp_avg_sq v", "0.999 · (1.918, 5.411) + 0.001 · (196.6, 497.7)", (2.113, 5.904)),
    ExplanationLine("m corrected", "m / (1 - 0.9³¹) = (-9.871, -17.02) / 0.9618", (-10.26, -17.69)),
    ExplanationLine("v corrected", "v / (1 - 0.999³¹) = (2.113, 5.904) / 0.03054", (69.2, 193.4)),
    ExplanationLine("step", "-0.1 · (-10.26, -17.69) / (8.319, 13.91)", (0.1233, 0.1272), True),
)
CURVATURE = (
    "The Hessian has a negative eigenvalue: a saddle region. Plain descent is stable for learning rates below 0.0456.",
    (-27.1, 43.9),
    2 / 43.9,
)
POINTS = ((-2.0, -2.6), (-1.3, -1.9), (-0.6, -0.1), (0.2, 0.4), (0.9, 1.9), (1.5, 2.4), (2.2, 4.1))


def values_of(words: list[str]) -> Plain:
    """Values of the function's panel; a kind or a known function's name among the words is shown."""
    function: Plain = {"kind": "known", "name": "himmelblau"}
    if "rosenbrock" in words:
        function = {"kind": "known", "name": "rosenbrock"}
    if "bowl" in words:
        function = {"kind": "bowl", "condition": 100.0}
    if "formula" in words:
        function = {"kind": "formula", "text": "x**2 + sin(3*y)", "domain": (-6.0, 6.0, -6.0, 6.0)}
    if "regression" in words:
        function = {"kind": "regression", "points": POINTS, "loss": "mse", "ridge": 0.1}
    return {"function": function, "start": (-0.6, 0.4), "steps": 300}
