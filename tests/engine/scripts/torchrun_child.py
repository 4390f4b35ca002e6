"""Run by torchrun: every program of a folder in turn, in processes that cannot import the playground.

    torchrun ... torchrun_child.py FOLDER

Options of `NAME.py` are the words of `NAME.options`; what came of it lies in `NAME.RANK.json`.
"""

import contextlib
import hashlib
import io
import json
import os
import runpy
import sys
from pathlib import Path

sys.modules["playground"] = None  # importing it fails from here on

import torch.distributed as dist  # noqa: E402

TOLD = ("losses", "test_loss", "test_accuracy", "validation_loss")


def run(path: Path) -> dict[str, object]:
    """What the program's names and its output are in the end."""
    sys.argv = [str(path), *path.with_suffix(".options").read_text().split("\n")]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        names = runpy.run_path(str(path), run_name="__main__")
    weights = hashlib.sha256()
    for value in names["net"].state_dict().values():
        weights.update(value.numpy().tobytes())
    return {name: names.get(name) for name in TOLD} | {"printed": printed.getvalue(), "weights": weights.hexdigest()}


def main(folder: Path) -> None:
    """Run all programs in one process group: torch cannot make a second one of the same store."""
    rank, join, leave = os.environ["RANK"], dist.init_process_group, dist.destroy_process_group
    dist.init_process_group = lambda backend: None if dist.is_initialized() else join(backend)
    dist.destroy_process_group = lambda: None
    for path in sorted(folder.glob("*.py")):
        path.with_suffix(f".{rank}.json").write_text(json.dumps(run(path)))
    if dist.is_initialized():
        leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
