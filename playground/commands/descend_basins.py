"""`descend --basins`: which minimum every start of a grid reaches."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable

import numpy as np

from playground.commands import descend_arguments
from playground.commands.output import percent, say, say_json
from playground.engine.descent.events import DIVERGED, NOT_ARRIVED, BasinsPicture
from playground.engine.descent.facts import domain, title
from playground.engine.descent.spec import BasinsSpec, FunctionSpec

SMALLEST, LARGEST, MOST_STEPS = 16, 1024, 100_000
_SECONDS = 1.0  # between two lines for a person
_MOST_LINES = 20  # of minima, for a person

Tell = Callable[[BasinsPicture], None]


def add_arguments(parser: ArgumentParser) -> None:
    """--basins and --device."""
    about = f"show instead which minimum each of N x N starts reaches, {SMALLEST} to {LARGEST} on a side"
    parser.add_argument("--basins", metavar="N", type=_side, help=about)
    parser.add_argument("--device", metavar="D", default="auto", help="where basins are computed: auto, cpu, cuda")


def run(arguments: Namespace) -> int:
    """Tell pictures as they are refined, then the share of each minimum."""
    if arguments.start:
        arguments.parser.error("--basins takes its starts from a grid; leave out --start")
    if arguments.steps is not None and arguments.steps > MOST_STEPS:
        arguments.parser.error(f"--basins makes at most {MOST_STEPS:,} steps, not {arguments.steps:,}")
    optimizer = descend_arguments.optimizer(arguments)
    spec = BasinsSpec(optimizer=optimizer, side=arguments.basins, steps=arguments.steps or BasinsSpec().steps)
    from playground.engine.descent.basins_job import basins_job

    pictures = basins_job(arguments.function, spec, _never, arguments.device)
    picture = next(pictures)
    (_json_start if arguments.json else _plain_start)(arguments.function, spec)
    tell = _json_line if arguments.json else _plain_lines()
    while not picture.is_final:
        tell(picture)
        picture = next(pictures)
    (_json_done if arguments.json else _plain_done)(picture)
    return 0


def _json_start(function: FunctionSpec, spec: BasinsSpec) -> None:
    say_json(
        "start",
        function=title(function),
        domain=domain(function),
        optimizer=spec.optimizer.name,
        args=dict(spec.optimizer.args),
        side=spec.side,
        steps=spec.steps,
    )


def _json_line(picture: BasinsPicture) -> None:
    say_json(
        "picture",
        side=picture.side,
        steps=picture.steps_done,
        shares=picture.shares,
        progress=picture.progress,
        seconds=picture.seconds,
    )


def _json_done(picture: BasinsPicture) -> None:
    minima = [
        {"x": mark.x, "y": mark.y, "f": mark.value, "share": share}
        for mark, share in zip(picture.minima, picture.shares, strict=True)
    ]
    say_json(
        "done",
        minima=minima,
        not_arrived=_share(picture, NOT_ARRIVED),
        diverged=_share(picture, DIVERGED),
        side=picture.side,
        steps=picture.steps_done,
        seconds=picture.seconds,
    )


def _plain_start(function: FunctionSpec, spec: BasinsSpec) -> None:
    args = ", ".join(f"{name}={value}" for name, value in spec.optimizer.args.items())
    say(f"{title(function)} with {spec.optimizer.name}({args}), {spec.side} x {spec.side} starts, {spec.steps:,} steps")


def _plain_lines() -> Tell:
    """A line a second at most."""
    told = 0.0

    def tell(picture: BasinsPicture) -> None:
        nonlocal told
        if picture.seconds - told >= _SECONDS:
            told = picture.seconds
            say(f"  {picture.side} x {picture.side}: {picture.progress:.0%} done, {picture.seconds:.0f} s")

    return tell


def _plain_done(picture: BasinsPicture) -> None:
    ranked = sorted(zip(picture.shares, picture.minima, strict=True), key=lambda pair: -pair[0])
    for share, mark in ranked[:_MOST_LINES]:
        say(f"{percent(share):>9} reach ({mark.x:.4f}, {mark.y:.4f}), f = {mark.value:.4g}")
    if ranked[_MOST_LINES:]:
        rest = sum(share for share, _ in ranked[_MOST_LINES:])
        say(f"{percent(rest):>9} reach {len(ranked) - _MOST_LINES} other minima")
    for label, what in ((NOT_ARRIVED, "are not there yet"), (DIVERGED, "diverged")):
        if _share(picture, label):
            say(f"{percent(_share(picture, label)):>9} {what}")
    say(f"done after {picture.seconds:.2f} s")


def _share(picture: BasinsPicture, label: int) -> float:
    return float(np.mean(picture.labels == label))


def _side(text: str) -> int:
    if not (text.isascii() and text.isdigit() and SMALLEST <= int(text) <= LARGEST):
        raise ArgumentTypeError(f"{text!r} is not a whole number from {SMALLEST} to {LARGEST:,}")
    return int(text)


def _never() -> bool:
    return False
