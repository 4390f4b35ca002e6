"""`script`: the experiment as one plain PyTorch program."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from playground.commands.documents import add_document, open_document
from playground.commands.output import say
from playground.engine.files import write_atomic

HELP = "Write the experiment as a plain PyTorch program that needs no playground."


def add_arguments(parser: ArgumentParser) -> None:
    """What `script` takes."""
    add_document(parser)
    parser.add_argument("--out", metavar="FILE.py", type=Path, help="write it there instead of printing it")
    parser.add_argument(
        "--form",
        choices=("sequential", "class"),
        default="sequential",
        help="the network as an nn.Sequential (sequential), or as a class Net(nn.Module) with a forward",
    )


def run(arguments: Namespace) -> int:
    """Print or write the program."""
    from playground.engine.scripts.program import script

    text = script(open_document(arguments.document, arguments.settings), form=arguments.form)
    if arguments.out is None:
        say(text.rstrip("\n"))
    else:
        write_atomic(arguments.out, text.encode())
        say(f"wrote {arguments.out}")
    return 0
