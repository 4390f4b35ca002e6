"""The panel on its own, with made-up values: `python -m playground.widgets.training [dark] [running|wrong|points]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice
from playground.widgets.common.theme import theme
from playground.widgets.training.controls import Progress
from playground.widgets.training.panel import TrainingPanel

LR = Argument("lr", ("float",), 0.001, minimum=0, doc="Learning rate.")
OPTIMIZERS = (
    Choice("SGD", (LR, Argument("momentum", ("float",), 0), Argument("nesterov", ("bool",), False))),
    Choice("AdamW", (LR, Argument("betas", ("floats",), (0.9, 0.999)), Argument("weight_decay", ("float",), 0.01))),
)
SCHEDULES = (
    Choice("StepLR", (Argument("step_size", ("int",), required=True), Argument("gamma", ("float",), 0.1))),
    Choice("OneCycleLR", (Argument("max_lr", ("float",), required=True), Argument("pct_start", ("float",), 0.3))),
)


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = TrainingPanel()
    panel.form.set_catalogue(OPTIMIZERS, SCHEDULES)
    panel.form.set_devices([("auto", "auto (cpu)"), ("cpu", "cpu")])
    panel.form.set_values({"training.optimizer.args": {"lr": 0.01, "momentum": 0.9}, "training.batch_size": 512})
    _arrange(panel, words)
    panel.resize(400, 620)
    panel.show()
    return application.exec()


def _arrange(panel: TrainingPanel, words: list[str]) -> None:
    if "running" in words:
        panel.set_state("running")
        panel.workflow.set_phase("train")
        panel.workflow.set_step_times((0.42, 0.05, 0.61, 0.2))
        panel.controls.set_progress(Progress(4, 5, 118, 235, 7.2, 41_234.0))
    if "points" in words:
        panel.form.set_values({"data": {"kind": "points", "name": "spirals", "classes": 3}})
        panel.form.set_values({"training.schedule": {"name": "OneCycleLR", "args": {"max_lr": 0.1}, "every": "step"}})
    if "wrong" in words:
        panel.form.optimizer.fold.open()
        panel.form.set_problem("training.optimizer.args.momentum", "SGD: momentum must not be negative.")
        panel.form.set_problem("data.validation", "A validation split of 60,000 leaves nothing to train on.")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
