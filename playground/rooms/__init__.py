"""Rooms of the window that are made when they are first seen: their panels with everything behind them."""

from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from playground.controllers.code import CodeController
from playground.controllers.saver import Saver
from playground.jobs import Jobs
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.common.panel import Panel


class Room(Protocol):
    """Panels with their controllers; `start` is called when PyTorch is loaded."""

    panels: tuple[Panel, ...]

    @property
    def problem_found(self) -> SignalInstance:
        """Tells a `Problem` to show."""

    @property
    def told(self) -> SignalInstance:
        """Tells a line for the status bar."""

    def start(self) -> None:
        """Compute what is shown first."""

    def close(self) -> None:
        """End what the window's jobs do not know of."""


NEED_TORCH = frozenset({"tensors"})
"""Rooms that cannot even be made before PyTorch is loaded."""


def make_room(
    name: str, session: Session, run: LiveRun, jobs: Jobs, saver: Saver, code: CodeController, parent: QObject
) -> Room:
    """The room of that name; its libraries take a second to load."""
    if name == "descent":
        from playground.rooms.descent import DescentRoom

        return DescentRoom(session, jobs, saver, code, parent)
    from playground.rooms.tensors import TensorsRoom

    return TensorsRoom(session, run, jobs, saver, code, parent)
