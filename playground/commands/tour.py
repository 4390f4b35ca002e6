"""`tour`: drives the real window through its main jobs and saves pictures."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "Drive the real window through its main jobs and save a picture of each."


def add_arguments(parser: ArgumentParser) -> None:
    """What `tour` takes."""
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out/tour"), help="where the pictures go")


def run(arguments: Namespace) -> int:
    """Run the tour: 0 where every stage worked."""
    from playground.tour import main as drive

    return drive(arguments.out)
