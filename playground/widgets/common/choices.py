"""Optimisers and schedules as forms offer them, and first values for a schedule just chosen."""

from dataclasses import dataclass

from playground.widgets.common.arguments import Argument


@dataclass(frozen=True, slots=True)
class Choice:
    """An optimiser or a schedule with its arguments; `refused` says why it cannot be used here."""

    name: str
    arguments: tuple[Argument, ...] = ()
    summary: str = ""
    refused: str = ""
    title: str = ""  # what it is called on the screen; empty for its name


def starting_arguments(schedule: str, learning_rate: float) -> dict[str, object]:
    """Sensible first values for the arguments a schedule cannot do without."""
    starts: dict[str, dict[str, object]] = {
        "StepLR": {"step_size": 1, "gamma": 0.5},
        "MultiStepLR": {"milestones": (2, 4)},
        "ExponentialLR": {"gamma": 0.9},
        "CosineAnnealingWarmRestarts": {"T_0": 1},
        "CyclicLR": {"base_lr": learning_rate / 10, "max_lr": learning_rate},
        "OneCycleLR": {"max_lr": learning_rate},
    }
    return starts.get(schedule, {})


def usual_step(schedule: str) -> str:
    """Whether a schedule usually moves on every epoch or every step."""
    return "step" if schedule in ("OneCycleLR", "CyclicLR") else "epoch"
