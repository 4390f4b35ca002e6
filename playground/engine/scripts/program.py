"""The document as one plain PyTorch program that runs without the playground and gives the same losses."""

import re

from playground.engine.data.facts import describe
from playground.engine.data.spec import Images
from playground.engine.document import Document
from playground.engine.scripts.data import data_code
from playground.engine.scripts.net import Form, net_code
from playground.engine.scripts.training import evaluation_code, loop_code, loss_code, optimizer_code

_HEADER = '''"""A plain PyTorch program, written by PyTorch Playground.

    python FILE.py{data_option}              trains, prints the losses, saves the weights
    python FILE.py{data_option} --steps 50   stops after 50 steps
"""
'''

_DEVICES = {
    "auto": '"cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"',
}

_IMPORTS = (
    "import argparse",
    "import math",
    "",
    "import torch",
    "import torch.nn.functional as F",
    "from torch import nn",
)

_MANY_BLANKS = re.compile(r"\n{4,}")

_ENDING = """\
torch.save(net.state_dict(), args.out)
print(f"weights saved in {args.out}")
"""


def script(document: Document, *, threads: int | None = None, form: Form = "sequential") -> str:
    """The program of a document, from its seed to its saved weights. Needs no torch.

    Run as `python FILE.py [--data FOLDER] [--steps N] [--out FILE]` it computes what the engine computes: bit for
    bit on the same machine's CPU with as many threads. Its list `losses` holds the loss of every step.

    Parameters
    ----------
    document : Document
        What to write down. Texts of the user enter the program only through `repr`.
    threads : int, optional
        The number of CPU threads to set; left out, torch's own choice.
    form : "sequential" or "class"
        The network as an `nn.Sequential` or as a `class Net(nn.Module)`.

    Raises
    ------
    Problem
        Those of `net_code`, `optimizer-unknown`, `optimizer-argument`,
        `schedule-unknown`, `schedule-argument`, or `data-split`.
    """
    facts = describe(document.data)
    training = document.training
    parts = [
        _header(document),
        _imports(document),
        _config(document, threads),
        _options(document),
        data_code(document.data, facts),
        _section("Network", net_code(document.network, form) + "net.to(DEVICE)\n"),
        _section("Loss", loss_code(training.loss, facts)),
        _section("Optimiser", optimizer_code(training)),
        _section("Evaluation", evaluation_code(training, facts) if facts.validation or facts.test else ""),
        _section("Training", loop_code(document, facts)),
        _ENDING,
    ]
    return _MANY_BLANKS.sub("\n\n\n", "\n".join(part for part in parts if part))


def _header(document: Document) -> str:
    return _HEADER.format(data_option=" --data FOLDER" if isinstance(document.data, Images) else "")


def _imports(document: Document) -> str:
    vision = ["from torchvision import datasets"] if isinstance(document.data, Images) else []
    return "\n".join([*_IMPORTS, *vision, ""])


def _config(document: Document, threads: int | None) -> str:
    training = document.training
    lines = [
        f"TITLE = {document.title!r}",
        f"SEED = {training.seed}",
        f"EPOCHS = {training.epochs}",
        f"BATCH_SIZE = {training.batch_size}",
        f"DEVICE = {_DEVICES.get(training.device) or repr(training.device)}",
    ]
    if threads is not None:
        lines.append(f"torch.set_num_threads({threads})  # another number rounds differently")
    if training.deterministic:
        lines.append("torch.use_deterministic_algorithms(True)")
    return "\n".join([*lines, ""])


def _options(document: Document) -> str:
    lines = ["parser = argparse.ArgumentParser(description=TITLE)"]
    if isinstance(document.data, Images):
        folder = document.data.folder or "data"
        lines.append(f'parser.add_argument("--data", default={folder!r}, help="folder of the data set")')
    lines += [
        'parser.add_argument("--steps", type=int, default=math.inf, help="stop after so many steps")',
        'parser.add_argument("--out", default="weights.pt", help="file for the weights")',
        "args = parser.parse_args()",
        "",
    ]
    return "\n".join(lines)


def _section(title: str, code: str) -> str:
    return f"\n# {title}\n\n{code}" if code else ""
