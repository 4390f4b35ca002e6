"""`script`: the experiment as one plain PyTorch program, or as a notebook."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from playground.commands.documents import add_document, open_document
from playground.commands.output import say
from playground.engine.files import write_atomic

HELP = "Write the experiment as a plain PyTorch program, or as a Jupyter notebook, that needs no playground."
MOST_THREADS = 1_024

_OUT = "write it there instead of printing it: a program, or a Jupyter notebook where the name ends in .ipynb"


def add_arguments(parser: ArgumentParser) -> None:
    """What `script` takes."""
    add_document(parser)
    parser.add_argument("--out", metavar="FILE.py|FILE.ipynb", type=Path, help=_OUT)
    parser.add_argument(
        "--form",
        choices=("sequential", "class"),
        default="sequential",
        help="the network as an nn.Sequential (sequential), or as a class Net(nn.Module) with a forward",
    )
    parser.add_argument(
        "--threads",
        metavar="N",
        type=_count,
        help="how many CPU threads it sets, for the same numbers elsewhere; without it torch chooses",
    )
    parser.epilog = (
        "The program takes --data, --epochs, --steps, --out and --resume; under torchrun several processes share out "
        "every batch."
    )


def run(arguments: Namespace) -> int:
    """Print or write the program."""
    from playground.engine.scripts.notebook import notebook
    from playground.engine.scripts.program import script
    from playground.engine.training.checking import check_document

    out: Path | None = arguments.out
    write = notebook if out is not None and out.suffix == ".ipynb" else script
    document = open_document(arguments.document, arguments.settings)
    check_document(document)
    text = write(document, threads=arguments.threads, form=arguments.form)
    if out is None:
        say(text.rstrip("\n"))
    else:
        write_atomic(out, text.encode())
        say(f"wrote {out}")
    return 0


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_THREADS):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_THREADS:,}")
    return int(text)
