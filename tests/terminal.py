"""A command of ours in this process, as the tests of the command line run it."""

import json
from pathlib import Path
from typing import Any

import pytest

from playground import cli


class Terminal:
    """Runs a command, whose first words may be given once for all, and keeps what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *first: str) -> None:
        self._capsys = capsys
        self._first = first
        self.out = self.err = ""

    def __call__(self, *arguments: str | Path) -> int:
        try:
            code = cli.main([*self._first, *map(str, arguments)])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was printed, as JSON a line."""
        return [json.loads(line) for line in self.out.splitlines()]
