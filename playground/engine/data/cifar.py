"""CIFAR-10 as torchvision lays it out: `cifar-10-batches-py/`, filled from the published archive."""

import io
import tarfile
import threading
import zlib
from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.engine.data.download import check_stop, download
from playground.engine.files import write_atomic
from playground.engine.problems import Problem
from playground.engine.training.events import Preparing

MAX_MEMBER_BYTES = 64 * 2**20


def fetch(folder: Path, stop: threading.Event | None) -> Generator[Preparing, None, None]:
    """Download the archive and write its batches to `folder`/cifar-10-batches-py.

    Raises
    ------
    Problem
        `data-download`, `data-corrupt`, or `file-unwritable`.
    Stopped
        When `stop` is set.
    """
    from torchvision.datasets import CIFAR10

    archive = yield from download(CIFAR10.filename, [CIFAR10.url], CIFAR10.tgz_md5, stop)
    yield Preparing("data", None, f"{CIFAR10.filename}: unpacking")
    batches = folder / CIFAR10.base_folder
    batches.mkdir(parents=True, exist_ok=True)
    for name, content in _members(archive, CIFAR10.base_folder, folder / CIFAR10.filename).items():
        check_stop(stop)
        write_atomic(batches / name, content)


def root_of(folder: Path) -> Path | None:
    """The folder that holds all of cifar-10-batches-py, where `folder` is it or those batches' own; None without."""
    from torchvision.datasets import CIFAR10

    candidates = (folder, folder.parent) if folder.name == CIFAR10.base_folder else (folder,)
    for root in candidates:
        if all((root / CIFAR10.base_folder / name).is_file() for name in _names()):
            return root
    return None


def read(root: Path, train: bool) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images [N, 3, 32, 32] and labels [N].

    torchvision compares every file's MD5 with the published one before it unpickles it.

    Raises
    ------
    Problem
        `data-corrupt` when a file is missing or is not the published one.
    """
    from torchvision.datasets import CIFAR10

    try:
        parsed = CIFAR10(str(root), train=train, download=False)
    except (RuntimeError, OSError) as error:
        path = root / CIFAR10.base_folder
        raise Problem("data-corrupt", path=path, found="other files", wanted="the published batches") from error
    images = np.ascontiguousarray(parsed.data.transpose(0, 3, 1, 2))  # [N, H, W, C] -> [N, C, H, W]
    return images, np.asarray(parsed.targets, np.int64)


def _names() -> list[str]:
    from torchvision.datasets import CIFAR10

    return [name for name, _ in (*CIFAR10.train_list, *CIFAR10.test_list)] + [str(CIFAR10.meta["filename"])]


def _members(archive: bytes, folder: str, path: Path) -> dict[str, bytes]:
    """The batches in the archive, by name; nothing else of it is ever written."""
    names = _names()
    wanted = {f"{folder}/{name}": name for name in names}
    found = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            for member in tar:
                if member.name in wanted and member.isreg() and member.size <= MAX_MEMBER_BYTES:
                    file = tar.extractfile(member)
                    found[wanted[member.name]] = file.read() if file is not None else b""
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise Problem("data-corrupt", path=path, found="a damaged archive", wanted="a whole one") from error
    if missing := set(names) - set(found):
        raise Problem(
            "data-corrupt", path=path, found="an archive", wanted=f"one that holds {', '.join(sorted(missing))}"
        )
    return found
