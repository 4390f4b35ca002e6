"""scripts/setup does only what is still to be done; a stand-in for uv notes what it is asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parent.parent / "scripts" / "setup"


class Checkout:
    """A fresh clone in a folder with a space, whose uv and Python are stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a clone"
        self.calls = folder / "uv-calls"
        self.write("requirements.lock", "torch==2.15.0\n")
        self.write("pyproject.toml", "[project]\n")
        self.write("scripts/setup", SETUP.read_text())
        self.program(".uv/bin/uv", f'[ "$1" = --version ] || echo "$@" >>"{self.calls}"')
        self.lacking("")

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def program(self, name: str, body: str) -> None:
        self.write(name, f"#!/bin/sh\n{body}\n").chmod(0o755)

    def lacking(self, packages: str) -> None:
        self.program(".venv/bin/python", f"printf '%s' '{packages}'")

    def set_up(self) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        command = ["sh", str(self.folder / "scripts" / "setup")]
        return subprocess.run(command, env={"PATH": path}, cwd="/", capture_output=True, text=True, check=False)

    def installations(self) -> int:
        return self.calls.read_text().count("pip sync") if self.calls.exists() else 0


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if shutil.which("sh") is None or os.name == "nt":
        pytest.skip("needs a POSIX shell")
    return Checkout(tmp_path)


def test_the_second_time_nothing_is_installed(checkout: Checkout) -> None:
    assert checkout.set_up().returncode == 0
    assert checkout.set_up().stderr == ""
    assert checkout.installations() == 1


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.write("requirements.lock", "torch==2.16.0\n")
    checkout.set_up()
    assert checkout.installations() == 2


def test_a_moved_checkout_is_installed_again(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert checkout.set_up().returncode == 0
    assert checkout.installations() == 2


def test_a_failed_installation_is_tried_again(checkout: Checkout) -> None:
    checkout.program(".uv/bin/uv", '[ "$1" = --version ]')
    assert checkout.set_up().returncode != 0
    checkout.program(".uv/bin/uv", f'[ "$1" = --version ] || echo "$@" >>"{checkout.calls}"')
    assert checkout.set_up().returncode == 0
    assert checkout.installations() == 1


def test_without_root_the_missing_packages_are_named_in_one_sentence(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.lacking("libegl1 libxcb-cursor0")
    checkout.program("bin/id", "echo 1000")
    checkout.program("bin/sudo", "exit 1")
    checkout.program("bin/apt-get", "exit 1")
    result = checkout.set_up()
    assert result.returncode == 1
    assert result.stderr == (
        "Missing on this machine: libegl1 libxcb-cursor0. "
        "Install with: sudo apt-get install libegl1 libxcb-cursor0, then run this again.\n"
    )


def test_as_root_the_missing_packages_are_installed(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.lacking("libegl1")
    checkout.program("bin/id", "echo 0")
    checkout.program("bin/apt-get", f'echo "apt-get $@" >>"{checkout.calls}"')
    assert checkout.set_up().returncode == 0
    assert checkout.calls.read_text().endswith("install --no-install-recommends -y libegl1\n")
