"""`predict`: which digit each image shows."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.commands.output import percent, say, say_json
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from playground.engine.digits.predictor import Predictor

HELP = "Say which digit each image shows."
SHIPPED = ("models", "digit-cnn.safetensors")


def add_arguments(parser: ArgumentParser) -> None:
    """What `predict` takes."""
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a picture of one digit, light or dark")
    parser.add_argument("--model", metavar="FILE", type=Path, help="a model file, or the folder of a run; else ours")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Answer for every image; 2 where one of them could not be read, after all others were."""
    from playground.engine.digits.predictor import Predictor

    predictor = Predictor.from_file(_model(arguments.model))
    refused = [image for image in arguments.images if not _answered(predictor, image, json=arguments.json)]
    return 2 if refused else 0


def _model(chosen: Path | None) -> Path:
    if chosen is None:
        from playground.assets import resource

        return resource(*SHIPPED)
    if chosen.is_dir():
        from playground.engine.training.checkpoint import weights_file

        return weights_file(chosen)
    return chosen


def _answered(predictor: "Predictor", image: Path, *, json: bool) -> bool:
    from playground.engine.digits.image import read_ink
    from playground.engine.digits.preprocess import to_digit

    try:
        prediction = predictor.predict(to_digit(read_ink(image)))
    except Problem as problem:
        if json:
            say_json("error", file=str(image), code=problem.code, message=problem.sentence)
        sys.stderr.write(f"{problem.sentence}\n")
        return False
    probabilities = prediction.probabilities.tolist()
    if json:
        say_json("done", file=str(image), digit=prediction.digit, probabilities=probabilities)
    else:
        say(f"{image}: {prediction.digit} ({percent(probabilities[prediction.digit])})")
    return True
