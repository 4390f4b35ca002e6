"""`predict`: which digit each image shows."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from playground.commands.documents import open_document
from playground.commands.output import percent, say, say_json
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from playground.engine.digits.predictor import Predictor

HELP = "Say which digit each image shows."
SHIPPED = ("models", "digit-cnn.safetensors")


def add_arguments(parser: ArgumentParser) -> None:
    """What `predict` takes."""
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a picture of one digit, light or dark")
    parser.add_argument(
        "--model",
        metavar="FILE",
        type=Path,
        help="safetensors, .pt, ONNX, .pt2 or TorchScript, or the folder of a run or an export; else ours",
    )
    parser.add_argument(
        "--document",
        metavar="DOC|PRESET",
        help="the experiment whose network the weights belong to, where the file does not say",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Answer for every image; 2 where one of them could not be read, after all others were."""
    from playground.engine.digits.predictor import Predictor

    document = open_document(arguments.document) if arguments.document is not None else None
    with closing(Predictor.from_file(arguments.model or _shipped(), document)) as predictor:
        refused = [image for image in arguments.images if not _answered(predictor, image, json=arguments.json)]
    return 2 if refused else 0


def _shipped() -> Path:
    from playground.assets import resource

    return resource(*SHIPPED)


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
