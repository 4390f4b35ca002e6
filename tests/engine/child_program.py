"""A child for the tests: it says what it is asked to, and can be told to misbehave."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from playground.engine.serving import serve

farewells: list[str] = []


def answer(question):
    match question:
        case {"echo": value}:
            return value
        case {"print": text}:
            print(text)  # noqa: T201
            return "printed"
        case {"exit": code}:
            os._exit(code)
        case {"wait": _}:
            threading.Event().wait()
        case {"spawn and wait": note}:
            grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            Path(note).write_text(str(grandchild.pid))
            threading.Event().wait()
        case {"farewell": path}:
            farewells.append(path)
            return os.environ.get("OMP_NUM_THREADS")
    raise AssertionError("unknown question")


def farewell():
    for path in farewells:
        Path(path).write_text("farewell")


if __name__ == "__main__":
    serve(answer, farewell)
