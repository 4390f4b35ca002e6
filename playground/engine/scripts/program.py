"""The document as one plain PyTorch program that runs without the playground and gives the same losses."""

import re
from dataclasses import dataclass

from playground.engine.data.facts import describe
from playground.engine.data.spec import Images
from playground.engine.document import Document
from playground.engine.scripts.checkpoint import checkpoint_code, progress_code
from playground.engine.scripts.data import data_code
from playground.engine.scripts.net import Form, net_code
from playground.engine.scripts.processes import processes_code
from playground.engine.scripts.training import evaluation_code, loop_code, loss_code, optimizer_code

_HEADER = '''"""A plain PyTorch program, written by PyTorch Playground.

    python FILE.py{data}              trains, prints the losses, saves the weights
    python FILE.py{data} --steps 50   stops after 50 steps
    python FILE.py{data} --resume     goes on from the checkpoint, which is written after each epoch

    torchrun --nproc-per-node=2 FILE.py{data}   trains with two processes, each with half of every batch
"""
'''

_DEVICES = {
    "auto": '"cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"',
}

_MANY_BLANKS = re.compile(r"\n{4,}")

_REFUSE = '''\


def refuse(sentence):
    """End with a sentence instead of a traceback."""
    print(sentence, file=sys.stderr)
    sys.exit(2)


if not os.path.isdir(os.path.dirname(OUT) or "."):
    refuse(f"There is no folder for {OUT!r}; make it, or name another file with --out.")
'''

_SAVE = """\
torch.save(net.state_dict(), OUT)
print(f"{len(losses)} steps trained, weights saved in {OUT}")
"""

_SAVE_ONCE = """\
if RANK == 0:
    torch.save(net.state_dict(), OUT)
    print(f"{len(losses)} steps trained, weights saved in {OUT}")
if WORLD > 1:
    dist.destroy_process_group()
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a program under its title."""

    title: str
    code: str


def script(document: Document, *, threads: int | None = None, form: Form = "sequential") -> str:
    """The program of a document, from its seed to its saved weights. Needs no torch.

    Run as `python FILE.py [--data FOLDER] [--epochs N] [--steps N] [--out FILE] [--resume]` it computes what the
    engine computes: bit for bit on the same machine's CPU with as many threads. Its list `losses` holds the loss of
    every step. `torchrun` runs it with several processes, which share out every batch.

    Parameters
    ----------
    document : Document
        What to write down. Texts of the user enter the program only through `repr`.
    threads : int, optional
        The number of CPU threads to set; left out, torch's own choice, or the cores shared out between processes.
    form : "sequential" or "class"
        The network as an `nn.Sequential` or as a `class Net(nn.Module)`.

    Raises
    ------
    Problem
        Those of `net_code`, `optimizer-unknown`, `optimizer-argument`,
        `schedule-unknown`, `schedule-argument`, or `data-split`.
    """
    data = " --data FOLDER" if isinstance(document.data, Images) else ""
    parts = [
        _HEADER.format(data=data),
        "\n".join([*imports(document), ""]),
        "\n".join([*settings(document, threads), ""]),
        "\n".join([*_options(document), ""]),
        *map(_titled, sections(document, threads, form)),
    ]
    return _MANY_BLANKS.sub("\n\n\n", "\n".join(parts))


def sections(document: Document, threads: int | None, form: Form, *, notebook: bool = False) -> tuple[Section, ...]:
    """What follows the settings, in order; a notebook knows nothing of other processes.

    Raises
    ------
    Problem
        As `script`.
    """
    facts = describe(document.data)
    training = document.training
    evaluation = evaluation_code(training, facts, notebook=notebook) if facts.validation or facts.test else ""
    found = (
        Section("Processes", "" if notebook else processes_code(document, threads)),
        Section(f"Data: {facts.title}", data_code(document.data, facts, notebook=notebook)),
        Section("Network", net_code(document.network, form) + "net.to(DEVICE)\n"),
        Section("Loss", loss_code(training.loss, facts)),
        Section("Optimiser", optimizer_code(training)),
        Section("Evaluation", evaluation),
        Section("Checkpoint", checkpoint_code(scheduled=training.schedule is not None, notebook=notebook)),
        Section("Progress bar", progress_code(notebook=notebook)),
        Section("Training", loop_code(document, facts, notebook=notebook)),
        Section("The trained weights", _SAVE if notebook else _SAVE_ONCE),
    )
    return tuple(Section(section.title, section.code.strip()) for section in found if section.code)


def imports(document: Document, *, notebook: bool = False) -> list[str]:
    """The lines that import what the sections use."""
    vision = ["from torchvision import datasets"] if isinstance(document.data, Images) else []
    return [
        *([] if notebook else ["import argparse"]),
        *("import math", "import os", "import sys", ""),
        *("import torch", *([] if notebook else ["import torch.distributed as dist"])),
        *("import torch.nn.functional as F", "from torch import nn", *vision),
    ]


def settings(document: Document, threads: int | None) -> list[str]:
    """The lines that hold for every run of the program."""
    training = document.training
    lines = [
        f"TITLE = {document.title!r}",
        f"SEED = {training.seed}",
        f"BATCH_SIZE = {training.batch_size}",
        f"DEVICE = {_DEVICES.get(training.device) or repr(training.device)}",
    ]
    if training.device.startswith("cuda:"):
        lines.append("torch.cuda.set_device(DEVICE)")
    if threads is not None:
        lines.append(f"torch.set_num_threads({threads})  # another number rounds differently")
    if training.deterministic:
        lines.append("torch.use_deterministic_algorithms(True)")
    return lines


def data_folder(document: Document) -> str | None:
    """Where the program looks for its data set; None where it makes its data itself."""
    return document.data.folder or "data" if isinstance(document.data, Images) else None


def _options(document: Document) -> list[str]:
    folder = data_folder(document)
    option = f'parser.add_argument("--data", default={folder!r}, help="folder of the data set")'
    return [
        "parser = argparse.ArgumentParser(description=TITLE)",
        *([] if folder is None else [option]),
        f'parser.add_argument("--epochs", type=int, default={document.training.epochs})',
        'parser.add_argument("--steps", type=int, default=math.inf, help="stop after so many steps")',
        'parser.add_argument("--out", default="weights.pt", help="file for the weights; beside it, the checkpoint")',
        'parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")',
        "args = parser.parse_args()",
        *([] if folder is None else ["DATA = args.data"]),
        "EPOCHS, STEPS, OUT, RESUME = args.epochs, args.steps, args.out, args.resume",
        *_REFUSE.splitlines(),
    ]


def _titled(section: Section) -> str:
    blank = "\n\n\n" if section.code.startswith(("def ", "class ", "@")) else "\n\n"
    return f"\n# {section.title}{blank}{section.code}\n"
