"""`python -m benchmarks accuracy`: what two presets reach, and how soon, through the command line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

RUNS = {"lenet5": (0,), "mnist-99": (0, 1, 2)}


def accuracies() -> Iterator[str]:
    """A line for each run: preset, seed, test accuracy, seconds of training."""
    for preset, seeds in RUNS.items():
        for seed in seeds:
            done = train(preset, seed)
            yield (
                f"{preset} seed {seed}: {done['test_accuracy']:.2%} on test digits after {done['seconds']:.1f} s "
                f"of training ({done['samples_per_s']:,.0f} samples/s)"
            )


def train(preset: str, seed: int, *settings: str) -> dict[str, Any]:
    """The `done` line of one run."""
    command = [sys.executable, "-m", "playground", "train", preset, "--seed", str(seed), "--json"]
    said = subprocess.run(
        [*command, *(word for setting in settings for word in ("--set", setting))],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    done: dict[str, Any] = json.loads(said.splitlines()[-1])
    return done
