"""Safetensors files as they are read here: all tensors and texts at once, and what is wrong with a damaged one."""

import json
import struct
from pathlib import Path
from typing import Any

import safetensors
from torch import Tensor

from playground.engine.files import reason
from playground.engine.problems import Problem

_CUT_OFF = "it ends too early, as after a copy or download that was broken off"
_DAMAGED = "its table of contents is damaged"
_MOST_HEADER = 2**24  # bytes that are looked through for what is wrong


def read_tensors(path: Path, code: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a safetensors file by name, on the CPU, and the texts in its header.

    Raises
    ------
    Problem
        `file-missing`, or `code` with `path` and `detail` where it cannot be read.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            texts = file.metadata() or {}
            return {name: file.get_tensor(name) for name in file.keys()}, texts  # noqa: SIM118 (no mapping)
    except FileNotFoundError as error:
        raise Problem("file-missing", path=path) from error
    except OSError as error:
        raise Problem(code, path=path, detail=reason(error)) from error
    except (safetensors.SafetensorError, ValueError, RuntimeError, AttributeError, TypeError) as error:
        raise Problem(code, path=path, detail=_complaint(path)) from error


def _complaint(path: Path) -> str:
    """What is wrong, found by looking, since the library's words presume its source."""
    try:
        with path.open("rb") as file:
            start, size = file.read(8), path.stat().st_size
            if len(start) < 8:
                return _CUT_OFF
            (length,) = struct.unpack("<Q", start)
            if 8 + length > size:
                return _CUT_OFF
            header = file.read(length) if length <= _MOST_HEADER else b""
        end = 8 + length + _end(json.loads(header))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _DAMAGED
    if end > size:
        return _CUT_OFF
    return "it holds more than its table of contents tells of" if end < size else _DAMAGED


def _end(header: dict[str, Any]) -> int:
    """Where the last tensor ends, counted from the end of the header."""
    return max(int(one["data_offsets"][1]) for name, one in header.items() if name != "__metadata__")
