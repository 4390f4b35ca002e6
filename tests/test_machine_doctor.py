"""The doctor tells whether the window can open, and what to do where it cannot."""

import json
import platform
from pathlib import Path

import pytest

from playground import cli, doctor, libraries


def report(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_where_qt_has_a_platform_the_window_opens(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("DISPLAY", raising=False)
    assert cli.main(["doctor", "--json"]) == 0
    found = report(capsys)
    assert found["window"] == {"opens": True, "platform": "offscreen", "opengl": None, "detail": ""}
    assert found["python"] == platform.python_version()
    assert found["versions"]["torch"] is not None
    assert found["torch"]["devices"][0].startswith("cpu")
    assert found["data_folder_writable"] is True


@pytest.mark.skipif(platform.system() != "Linux", reason="other systems always have a display")
def test_without_a_display_it_says_so_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "does not open" in said
    assert "There is no display" in said


def test_a_missing_library_is_named_with_its_package(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(doctor, "missing_packages", lambda: ["libxcb-cursor0"])
    cli.main(["doctor"])
    assert "sudo apt-get install libxcb-cursor0" in capsys.readouterr().out


def test_a_folder_that_is_a_file_is_not_writable(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert not doctor.is_writable(blocked / "data")
    assert doctor.is_writable(tmp_path / "not" / "yet")


@pytest.mark.skipif(platform.system() != "Linux", reason="the Qt wheels bring all elsewhere")
def test_only_libraries_that_do_not_load_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "WINDOW", {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"})
    assert libraries.missing_packages() == ["libnowhere9"]


@pytest.mark.skipif(platform.system() != "Linux", reason="virtual screens are for Linux")
def test_a_virtual_screen_is_asked_for_only_where_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "WINDOW", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert libraries.missing_packages() == []
    assert libraries.missing_packages(screen=True) == ["xauth", "xvfb"]
