"""Resources are found in both layouts: inside an installed package and beside it in a checkout."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from playground import assets


def installed_at(package: Path) -> ModuleType:
    """assets.py as it is when the package lies in this folder."""
    package.mkdir(parents=True)
    copy = package / "assets.py"
    copy.write_bytes(Path(assets.__file__).read_bytes())
    spec = importlib.util.spec_from_file_location("assets_elsewhere", copy)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def file_in(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    path = folder / "words.txt"
    path.write_text(text)
    return path


def test_a_wheel_carries_them_inside_the_package(tmp_path: Path) -> None:
    elsewhere = installed_at(tmp_path / "site-packages" / "playground")
    path = file_in(tmp_path / "site-packages" / "playground" / "resources" / "lessons", "inside")
    assert elsewhere.resource("lessons", "words.txt") == path


def test_a_checkout_has_them_beside_the_package(tmp_path: Path) -> None:
    elsewhere = installed_at(tmp_path / "check out" / "playground")
    path = file_in(tmp_path / "check out" / "resources" / "lessons", "beside")
    assert elsewhere.resource("lessons", "words.txt") == path


def test_the_packages_own_ones_go_first(tmp_path: Path) -> None:
    elsewhere = installed_at(tmp_path / "playground")
    path = file_in(tmp_path / "playground" / "resources", "inside")
    file_in(tmp_path / "resources", "a stranger's")
    assert elsewhere.resource("words.txt") == path


def test_a_missing_one_is_named(tmp_path: Path) -> None:
    elsewhere = installed_at(tmp_path / "playground")
    with pytest.raises(FileNotFoundError, match=r"models/none\.safetensors is missing"):
        elsewhere.resource("models", "none.safetensors")


def test_this_checkout_finds_its_own() -> None:
    assert assets.resource("mnist", "README.md").is_file()
