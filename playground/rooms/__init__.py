"""Rooms of the window that are made when they are first seen: their panels with everything behind them."""

from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from playground.controllers.code import CodeController
from playground.controllers.saver import Saver
from playground.jobs import Jobs
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


def make_room(name: str, session: Session, jobs: Jobs, saver: Saver, code: CodeController, parent: QObject) -> Room:
    """The room of that name; its libraries take a second to load."""
    from playground.rooms.descent import DescentRoom

    return {"descent": DescentRoom}[name](session, jobs, saver, code, parent)
