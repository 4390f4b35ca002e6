"""IPython's shell, quiet and private: what it shows becomes messages, and nothing in it can end the process."""

import atexit
import base64
import os
import re
import sqlite3
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from traceback import format_exception, walk_tb
from types import TracebackType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Any as AnyTrait
from traitlets import Type

from playground.engine.files import make_folder
from playground.engine.tensors.console import draws, output
from playground.engine.tensors.console.output import Publish

OUT_KEPT = 20  # values that Out, _1, _2 ... keep alive
DEEP = 100  # frames of a traceback that IPython may dress
SHOWN_OF_DEEP = 10  # frames of a deeper one that are shown
_GUARDS = (draws.__file__, output.__file__)  # nobody typed these
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class _Results(DisplayHook):
    """Shows the value of a cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        """The window writes it."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.show_value(self.prompt_count, format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        """Nothing has to be flushed."""

    def cull_cache(self) -> None:
        """Let go of the oldest values without a warning."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().cull_cache()
        hidden = self.shell.user_ns_hidden  # where IPython forgets to let go of them
        for name in [name for name in hidden if name[1:].isdecimal() and name not in self.shell.user_ns]:
            del hidden[name]


class _Displays(DisplayPublisher):
    """Shows what `display` is called with, figures among them."""

    shell: Any

    def publish(self, data: dict[str, Any], metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.show_display(data, metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.publish("clear_output", {"wait": wait})


class ConsoleShell(InteractiveShell):
    """Made and used on the console's thread only.

    Attributes
    ----------
    start : mapping of str to object
        The names that are there from the beginning, and again after `%reset`.
    publish : Publish
        Takes what is to be shown.
    output : Output
        The text of the cell that runs.
    failed : callable
        Told of the exception that ended the cell, with its traceback.
    """

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)
    start: Any = AnyTrait()
    publish: Any = AnyTrait()
    output: Any = AnyTrait()
    failed: Any = AnyTrait()

    @property
    def past(self) -> HistoryManager:
        """What was typed."""
        manager: HistoryManager | None = self.history_manager
        assert manager is not None, "a closed console remembers nothing"
        return manager

    def init_profile_dir(self, _: Any) -> None:
        """A profile of our own, so that nobody's start-up files take part."""
        self.profile_dir = ProfileDir(location=str(Path(self.ipython_dir) / "profile"))

    def init_sys_modules(self) -> None:
        """Be `__main__`, so that classes written here can be pickled; `close` gives the name back."""
        self._main_before = sys.modules.get("__main__")
        super().init_sys_modules()

    def init_user_ns(self) -> None:
        """What every shell has, and the names of this one."""
        super().init_user_ns()
        self.user_ns.update(self.start)
        self.user_ns_hidden.update(self.start)

    def init_hooks(self) -> None:
        """Long texts (`?`) go to the window's pager."""
        super().init_hooks()
        self.pages: list[dict[str, Any]] = []
        self.set_hook("show_in_pager", _page, 99)

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """`%matplotlib`: figures are drawn into the console, whatever it asks for."""
        if gui not in (None, "auto", "inline"):
            self.output.write("stdout", "Figures are drawn into the console; windows of their own are not opened.\n")
        return None, "inline"

    def ask_exit(self) -> None:
        """Stay."""
        self.output.write("stdout", "The console stays open; close the window to leave the playground.\n")

    def show_value(self, number: int, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Show a value, its text up to the bound."""
        shown = {**_as_text(data), "text/plain": self.output.shortened(data.get("text/plain", ""))}
        self.publish("execute_result", {"execution_count": number, "data": shown, "metadata": metadata})

    def show_display(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Show a figure or another object."""
        text = self.output.shortened(data.get("text/plain", ""))
        self.publish("display_data", {"data": {**_as_text(data), "text/plain": text}, "metadata": metadata})

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """IPython's traceback with its surroundings; Python's own where hundreds of frames would take seconds."""
        kind, error, trace = self._get_exc_info(exc_tuple)
        depth = sum(1 for _ in walk_tb(trace))
        if depth > DEEP:
            lines = "".join(format_exception(kind, error, trace, limit=-SHOWN_OF_DEEP)).splitlines()
            self._showtraceback(kind, error, [f"({depth - SHOWN_OF_DEEP:,} outer calls are left out)", *lines])
        else:
            super().showtraceback(exc_tuple, *args, **options)

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Nothing: IPython would dress every traceback a second time for notebooks."""
        return {}

    def _get_exc_info(self, exc_tuple: Any = None) -> tuple[Any, Any, TracebackType | None]:
        """What happened, without the frames that guard random draws and standard input."""
        kind, error, trace = super()._get_exc_info(exc_tuple)
        return kind, error, _without_guards(trace)

    def _showtraceback(self, _: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.failed(evalue, stb)

    def close(self) -> None:
        """Write the history down, let go of every value, and be `__main__` no more."""
        atexit.unregister(self.atexit_operations)
        self.atexit_operations()
        self.user_ns.clear()
        type(self).clear_instance()
        if sys.modules.get("__main__") is self.user_module and self._main_before is not None:
            sys.modules["__main__"] = self._main_before


def make_shell(
    namespace: dict[str, Any], start: Mapping[str, Any], publish: Publish, folder: Path, history: Path | None
) -> ConsoleShell:
    """A shell over `namespace`, with its files in `folder`; without a history file it forgets what was typed."""
    assert not ConsoleShell.initialized(), "there is one console in a process at a time"
    make_folder(folder)
    folder.chmod(0o700)
    shell: ConsoleShell = ConsoleShell.instance(
        user_ns=namespace, start=start, publish=publish, ipython_dir=str(folder), **_options(history)
    )
    warnings.filterwarnings("ignore", message="To exit: use")  # it names keys that this console has not
    shell.displayhook.cull_fraction = 0
    shell.Completer.use_jedi = False  # it takes seconds over torch
    return shell


def _without_guards(trace: TracebackType | None) -> TracebackType | None:
    """The traceback up to where an operator went through `GuardedDraws`, or input was refused."""
    frames = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    files = [frame.tb_frame.f_code.co_filename for frame in frames]
    end = next((place for place, file in enumerate(files) if file in _GUARDS), len(frames))
    while 0 < end < len(frames) and f"{os.sep}torch{os.sep}_" in files[end - 1]:
        end -= 1
    if 0 < end < len(frames):
        frames[end - 1].tb_next = None
    return frames[0] if frames else None


def plain(text: str) -> str:
    """The text without its colours."""
    return _ANSI.sub("", text)


def _page(shell: ConsoleShell, data: Any, start: int, **_: Any) -> None:
    shown = data if isinstance(data, dict) else {"text/plain": data}
    shell.output.shortened(shown.get("text/plain", ""))
    shell.pages.append({"source": "page", "data": shown, "start": start})


def _options(history: Path | None) -> dict[str, Any]:
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = history is not None
    if history is not None:
        history.touch(mode=0o600)
        config.HistoryManager.hist_file = str(history)
        config.HistoryManager.connection_options = {"check_same_thread": False, "factory": _HistoryFile}
    # Without automagic: before there is a run, `history` would be the magic of that name.
    shown = {"cache_size": OUT_KEPT, "colors": "neutral"}
    return {"config": config, "autoawait": False, "automagic": False, **shown}


class _HistoryFile(sqlite3.Connection):
    """Written without waiting for the disk, which the next cell would wait for too; a killed process loses nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.execute("PRAGMA journal_mode=WAL")
        self.execute("PRAGMA synchronous=NORMAL")


def _as_text(data: dict[str, Any]) -> dict[str, Any]:
    """Pictures as base64, as messages have them."""
    return {kind: base64.b64encode(each).decode() if isinstance(each, bytes) else each for kind, each in data.items()}
