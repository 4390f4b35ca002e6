"""The published sets of images as bytes: where their files lie, and how those that are not here get here."""

import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.assets import resource
from playground.engine.data import cifar
from playground.engine.data.download import check_stop, download
from playground.engine.data.facts import PUBLISHED
from playground.engine.data.idx import read_idx
from playground.engine.data.spec import Images
from playground.engine.files import write_atomic
from playground.engine.folders import datasets_folder
from playground.engine.problems import Problem
from playground.engine.training.events import Preparing

MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

Labelled = tuple[NDArray[np.uint8], NDArray[np.int64]]

IDX_NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclass(frozen=True)
class Raw:
    """Images uint8 [N, C, H, W] and labels int64 [N], as published."""

    train: Labelled
    test: Labelled


def read(spec: Images, stop: threading.Event | None = None) -> Generator[Preparing, None, Raw]:
    """Read a set from `spec.folder`, from what is shipped, or from the data folder, to which it is downloaded first.

    Raises
    ------
    Problem
        `data-missing` when `spec.folder` lacks a file, `data-download`, `data-corrupt`, or a problem of the disk.
    Stopped
        When `stop` is set.
    """
    if spec.name == "cifar10":
        return (yield from _read_cifar(spec, stop))
    return (yield from _read_idx_family(spec, stop))


def is_present(spec: Images) -> bool:
    """Whether `read` would find the whole set without downloading."""
    if spec.name == "cifar10":
        return cifar.root_of(Path(spec.folder) if spec.folder else datasets_folder()) is not None
    return all(_find(spec, name) is not None for name in IDX_NAMES)


def _read_cifar(spec: Images, stop: threading.Event | None) -> Generator[Preparing, None, Raw]:
    folder = Path(spec.folder) if spec.folder else datasets_folder()
    if cifar.root_of(folder) is None and not spec.folder:
        yield from cifar.fetch(folder, stop)
    root = cifar.root_of(folder)
    if root is None:
        raise Problem("data-missing", name=PUBLISHED[spec.name].title)
    yield Preparing("data", 0.0)
    train = cifar.read(root, train=True)
    check_stop(stop)
    yield Preparing("data", 0.8)
    return Raw(train, cifar.read(root, train=False))


def _read_idx_family(spec: Images, stop: threading.Event | None) -> Generator[Preparing, None, Raw]:
    published = PUBLISHED[spec.name]
    _, height, width = published.shape
    arrays: list[NDArray[np.uint8]] = []
    shapes = ((published.train, height, width), (published.train,), (published.test, height, width), (published.test,))
    for name, shape in zip(IDX_NAMES, shapes, strict=True):
        check_stop(stop)
        yield Preparing("data", len(arrays) / 4)
        path = yield from _path(spec, name, stop)
        sha256 = MNIST_SHA256[name] if spec.name == "mnist" else None
        md5 = None if sha256 else _published_md5(spec)[f"{name}.gz"]
        arrays.append(read_idx(path, shape, sha256=sha256, md5=md5))
    train, train_labels, test, test_labels = arrays
    return Raw(
        (train[:, None], train_labels.astype(np.int64)),  # [N, H, W] -> [N, 1, H, W]
        (test[:, None], test_labels.astype(np.int64)),
    )


def _path(spec: Images, name: str, stop: threading.Event | None) -> Generator[Preparing, None, Path]:
    """Where one file lies; downloaded if need be, and then kept compressed, for that is what has a checksum."""
    found = _find(spec, name)
    if found is not None:
        return found
    title = PUBLISHED[spec.name].title
    if spec.folder:
        raise Problem("data-missing", name=title)
    path = datasets_folder() / title / "raw" / f"{name}.gz"
    yield from _fetch(spec, path, stop)
    return path


def _find(spec: Images, name: str) -> Path | None:
    """Where one file lies already, compressed or not."""
    if spec.name == "mnist" and not spec.folder:
        return resource("mnist", f"{name}.gz")
    root = Path(spec.folder) if spec.folder else datasets_folder()
    places = (root / PUBLISHED[spec.name].title / "raw", root / "raw", root)
    paths = (path for folder in places for path in (folder / f"{name}.gz", folder / name))
    return next((path for path in paths if path.is_file()), None)


def _fetch(spec: Images, path: Path, stop: threading.Event | None) -> Generator[Preparing, None, None]:
    urls = [f"{mirror}{path.name}" for mirror in _torchvision_class(spec).mirrors]
    content = yield from download(path.name, urls, _published_md5(spec)[path.name], stop)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, content)


def _published_md5(spec: Images) -> dict[str, str]:
    return dict(_torchvision_class(spec).resources)


def _torchvision_class(spec: Images) -> Any:
    from torchvision import datasets

    return {"mnist": datasets.MNIST, "fashion-mnist": datasets.FashionMNIST}[spec.name]
