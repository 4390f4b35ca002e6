"""Reading the published sets: shipped, from a folder, downloaded; damaged files are never taken."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
from dataclasses import replace

import numpy as np
import pytest
from torchvision import datasets

from playground.engine.data import images
from playground.engine.data.facts import PUBLISHED
from playground.engine.data.idx import read_idx, unpack
from playground.engine.data.spec import Images
from playground.engine.folders import datasets_folder
from playground.engine.problems import Problem

TRAIN, TEST = 30, 10
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def returned(generator):
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value


def problem_of(action, *args, **kwargs):
    with pytest.raises(Problem) as caught:
        action(*args, **kwargs)
    return caught.value


def idx(array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def fashion(monkeypatch):
    """A tiny FashionMNIST: its four files, compressed, by name; torchvision's list says their checksums."""
    draw = np.random.default_rng(0)
    files = {}
    for name, count in zip(NAMES, (TRAIN, TRAIN, TEST, TEST), strict=True):
        shape = (count, 28, 28) if "images" in name else (count,)
        files[f"{name}.gz"] = gzip.compress(idx(draw.integers(0, 10, shape, np.uint8)))
    md5 = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    monkeypatch.setattr(datasets.FashionMNIST, "resources", md5)
    monkeypatch.setitem(PUBLISHED, "fashion-mnist", replace(PUBLISHED["fashion-mnist"], train=TRAIN, test=TEST))
    return files


@pytest.fixture
def cifar(monkeypatch):
    """A tiny CIFAR-10 archive with a member that climbs out of its folder; torchvision's lists say the checksums."""
    draw = np.random.default_rng(0)
    names = [name for name, _ in datasets.CIFAR10.train_list + datasets.CIFAR10.test_list]
    batches = {
        name: pickle.dumps({"data": draw.integers(0, 256, (4, 3072), np.uint8), "labels": [3, 1, 4, 1]}, 2)
        for name in names
    }
    meta = pickle.dumps({"label_names": list(PUBLISHED["cifar10"].classes)}, 2)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in (*batches.items(), ("batches.meta", meta), ("../../escaped", b"!")):
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    listed = [[name, hashlib.md5(content).hexdigest()] for name, content in batches.items()]
    monkeypatch.setattr(datasets.CIFAR10, "train_list", listed[:-1])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", listed[-1:])
    monkeypatch.setattr(datasets.CIFAR10, "meta", {**datasets.CIFAR10.meta, "md5": hashlib.md5(meta).hexdigest()})
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", hashlib.md5(packed.getvalue()).hexdigest())
    monkeypatch.setitem(PUBLISHED, "cifar10", replace(PUBLISHED["cifar10"], train=20, test=4))
    return packed.getvalue()


def offer(mirror, monkeypatch, files):
    mirror.files.update(files)
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [mirror.url])


def test_fashion_mnist_is_downloaded_once_and_torchvision_reads_the_same(mirror, monkeypatch, fashion):
    offer(mirror, monkeypatch, fashion)
    raw = returned(images.read(Images(name="fashion-mnist")))
    again = returned(images.read(Images(name="fashion-mnist")))
    assert len(mirror.asked) == 4
    assert np.array_equal(raw.train[0], again.train[0])

    folder = datasets_folder() / "FashionMNIST" / "raw"
    for name, content in fashion.items():
        (folder / name.removesuffix(".gz")).write_bytes(gzip.decompress(content))
    reference = datasets.FashionMNIST(datasets_folder(), train=True)
    assert np.array_equal(raw.train[0][:, 0], reference.data.numpy())
    assert np.array_equal(raw.train[1], reference.targets.numpy())
    assert raw.test[0].shape == (TEST, 1, 28, 28)


def test_a_wrong_file_from_the_mirror_leaves_nothing_behind(mirror, monkeypatch, fashion):
    offer(mirror, monkeypatch, {**fashion, "train-labels-idx1-ubyte.gz": b"a page that says: not found"})
    problem = problem_of(returned, images.read(Images(name="fashion-mnist")))
    assert problem.code == "data-download"
    left = [path.name for path in datasets_folder().rglob("*") if path.is_file()]
    assert left == ["train-images-idx3-ubyte.gz"]  # the one that came whole before


@pytest.mark.parametrize("where", ["FashionMNIST/raw", "raw", "."])
@pytest.mark.parametrize("compressed", [True, False])
def test_a_folder_the_user_has_is_read_in_any_usual_layout(tmp_path, fashion, where, compressed):
    folder = tmp_path / "Meine Daten ü" / where
    folder.mkdir(parents=True)
    for name, content in fashion.items():
        if compressed:
            (folder / name).write_bytes(content)
        else:
            (folder / name.removesuffix(".gz")).write_bytes(gzip.decompress(content))
    raw = returned(images.read(Images(name="fashion-mnist", folder=str(tmp_path / "Meine Daten ü"))))
    assert raw.train[0].shape == (TRAIN, 1, 28, 28)
    assert raw.train[1].dtype == np.int64


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
def test_a_folder_without_the_files_is_a_problem_and_nothing_is_downloaded(tmp_path, name):
    problem = problem_of(returned, images.read(Images(name=name, folder=str(tmp_path))))
    assert problem.code == "data-missing"
    assert list(tmp_path.iterdir()) == []


def test_cifar10_is_unpacked_by_name_and_nothing_leaves_its_folder(mirror, monkeypatch, cifar):
    mirror.files["cifar-10-python.tar.gz"] = cifar
    monkeypatch.setattr(datasets.CIFAR10, "url", f"{mirror.url}cifar-10-python.tar.gz")
    raw = returned(images.read(Images(name="cifar10")))
    assert raw.train[0].shape == (20, 3, 32, 32)
    assert raw.train[1].tolist() == [3, 1, 4, 1] * 5
    reference = datasets.CIFAR10(datasets_folder(), train=False)
    assert np.array_equal(raw.test[0].transpose(0, 2, 3, 1), reference.data)
    files = {path.name for path in datasets_folder().parent.parent.rglob("*") if path.is_file()}
    assert files == {*(f"data_batch_{n}" for n in range(1, 6)), "test_batch", "batches.meta"}
    assert returned(images.read(Images(name="cifar10", folder=str(datasets_folder() / "cifar-10-batches-py"))))


def test_a_cifar10_batch_with_other_bytes_is_never_unpickled(tmp_path, mirror, monkeypatch, cifar):
    mirror.files["cifar-10-python.tar.gz"] = cifar
    monkeypatch.setattr(datasets.CIFAR10, "url", f"{mirror.url}cifar-10-python.tar.gz")
    returned(images.read(Images(name="cifar10")))
    planted = tmp_path / "planted"

    class Trap:
        def __reduce__(self):
            return planted.touch, ()

    (datasets_folder() / "cifar-10-batches-py" / "data_batch_3").write_bytes(pickle.dumps(Trap()))
    assert problem_of(returned, images.read(Images(name="cifar10"))).code == "data-corrupt"
    assert not planted.exists()


def test_a_cifar10_archive_without_its_batches_is_a_problem(mirror, monkeypatch):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz"):
        pass
    mirror.files["cifar-10-python.tar.gz"] = packed.getvalue()
    monkeypatch.setattr(datasets.CIFAR10, "url", f"{mirror.url}cifar-10-python.tar.gz")
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", hashlib.md5(packed.getvalue()).hexdigest())
    problem = problem_of(returned, images.read(Images(name="cifar10")))
    assert problem.code == "data-corrupt"
    assert "data_batch_1" in problem.sentence


def test_a_gzip_file_cut_anywhere_or_with_any_byte_of_its_content_flipped_is_refused(tmp_path):
    whole = np.arange(200, dtype=np.uint8).reshape(2, 10, 10)
    packed = gzip.compress(idx(whole))
    sha256 = hashlib.sha256(idx(whole)).hexdigest()
    path = tmp_path / "images.gz"
    for length in range(len(packed)):
        path.write_bytes(packed[:length])
        assert problem_of(read_idx, path, whole.shape, sha256=sha256).code == "data-corrupt"
    for place in range(10, len(packed)):
        path.write_bytes(packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :])
        assert problem_of(read_idx, path, whole.shape, sha256=sha256).code == "data-corrupt"


def test_an_array_of_another_shape_is_refused(tmp_path):
    path = tmp_path / "labels"
    path.write_bytes(idx(np.zeros(20, np.uint8)))
    problem = problem_of(read_idx, path, (30,))
    assert problem.code == "data-corrupt"
    assert "38 bytes" in problem.sentence


def test_a_gzip_bomb_is_not_unpacked_beyond_the_size_expected():
    assert len(unpack(gzip.compress(bytes(50_000_000)), 1_000)) == 1_001


def test_a_damaged_file_names_itself_and_the_checksum_it_should_have(tmp_path):
    for name in NAMES:
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(b"something else"))
    problem = problem_of(returned, images.read(Images(folder=str(tmp_path))))
    assert problem.code == "data-corrupt"
    assert images.MNIST_SHA256[NAMES[0]] in problem.sentence
    assert str(tmp_path) in problem.sentence
