"""What stands below a traceback: the cure of what this console cannot do, or of a common mistake."""

from bdb import BdbQuit
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from playground.engine.tensors.console.live import NAMES

_TAUGHT = "playground.engine.tensors.taught"
_AWAIT = (
    "await works only inside an async function here; write async def main(): ... and call asyncio.run(main()), "
    "after import asyncio."
)
_NO_RUN = "{name} is there as soon as a run has been started: press Train, or Step batch for a run that waits."
_NOBODY = "Nobody can type an answer while a cell runs: write the value instead of input(...), such as name = 'Ada'."
_STOPPED = (
    "A debugger waits for commands, and nobody can type any while a cell runs. print(...) shows values on the way, and "
    "every name that a cell sets can be inspected after it."
)
_EXIT = "The console stays open; close the window to leave the playground."


def note(error: BaseException, code: str, namespace: Mapping[str, Any]) -> str:
    """One to three sentences, or nothing where no cure is known."""
    if isinstance(error, SyntaxError) and "await" in str(error.msg):
        return _AWAIT
    if isinstance(error, SystemExit):
        return _EXIT
    if isinstance(error, EOFError) and "input()" in str(error):
        return _NOBODY
    if isinstance(error, BdbQuit) or (isinstance(error, EOFError) and "breakpoint()" in str(error)):
        return _STOPPED
    if isinstance(error, NameError) and error.name in NAMES and error.name not in namespace:
        return _NO_RUN.format(name=error.name)
    if isinstance(error, KeyboardInterrupt) or find_spec(_TAUGHT) is None:
        return ""
    found: str = import_module(_TAUGHT).note(error, code, namespace)
    return found
