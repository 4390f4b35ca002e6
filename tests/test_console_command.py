"""`torch-playground console`."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from playground.cli import main

SCRIPT = "x = torch.ones(2)\nx.sum()\nprint('so')\nx @ torch.ones(3)\nx.tolist()\n"


def test_each_cell_is_a_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cells.py"
    file.write_text(SCRIPT)
    assert main(["console", str(file), "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [sorted(line) for line in lines] == [["code", "error", "event", "note", "seconds", "text"]] * 5
    assert [line["code"] for line in lines] == SCRIPT.splitlines()
    assert [line["text"] for line in lines] == ["", "tensor(2.)\n", "so\n", "", "[1.0, 1.0]\n"]
    assert [bool(line["error"]) for line in lines] == [False, False, False, True, False]
    assert all(0 <= line["seconds"] < 60 for line in lines)


def test_the_input_is_read_without_a_file(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a = 2\na * 3\n")))
    assert main(["console"]) == 0
    assert capsys.readouterr().out == ">>> a = 2\n>>> a * 3\n6\n"


def test_an_error_is_shown_with_its_traceback(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("1 / 0")
    assert main(["console", str(file)]) == 1
    out = capsys.readouterr().out
    assert "Traceback" in out
    assert "ZeroDivisionError: division by zero" in out


@pytest.mark.parametrize(("data", "told"), [(None, "does not exist"), (b"\xff\xfe\x00", "not UTF-8")])
def test_a_file_that_cannot_be_read_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes | None, told: str
) -> None:
    file = tmp_path / "cells.py"
    if data is not None:
        file.write_bytes(data)
    assert main(["console", str(file), "--json"]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert json.loads(captured.out)["event"] == "error"


def test_lines_of_json_stay_whole_whatever_threads_and_programs_print(tmp_path: Path) -> None:
    file = tmp_path / "cells.py"
    file.write_text(
        "import os, threading, time\n"
        "late = threading.Thread(target=lambda: (time.sleep(0.2), print('from a thread')))\n"
        "late.start()\nos.system('echo from a program')\n1 + 1\n"
    )
    command = [sys.executable, "-m", "playground", "console", str(file), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["cell"] * 5
    assert lines[-1]["text"] == "2\n"
    assert done.stderr.splitlines() == ["from a program", "from a thread"]
