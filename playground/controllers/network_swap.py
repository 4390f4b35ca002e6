"""An edit of the network while a run exists: the run goes on with the new network, keeping every weight that fits."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.network.spec import NetworkSpec
from playground.engine.network.tree import find, place_text
from playground.engine.problems import Problem
from playground.live_run import LiveRun
from playground.session import Session

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun
    from playground.engine.training.swap import Kept


NAMED = 3  # layers in a sentence


class NetworkSwap(QObject):
    """Hands edits of the network to the run under way, between two of its steps.

    Signals
    -------
    told(str) : what was kept and what starts anew, or that the run goes on as it was.
    began_anew(object) : the ids of the layers that lost their weights in the last edit; none in a new run.
    """

    told = Signal(str)
    began_anew = Signal(object)
    _answered = Signal(object)

    def __init__(self, session: Session, run: LiveRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        session.changed.connect(self._follow)
        run.state_changed.connect(self._follow_run)
        self._answered.connect(self._show)

    @Slot()
    def hand_over(self) -> None:
        """Give the network as it is now to the run, if that has another one."""
        document, network = self._run.document, self._session.document.network
        if self._run.is_active and document is not None and document.network != network:
            self._run.between_steps(_Swap(network)).add_done_callback(self._answered.emit)

    @Slot(str)
    def _follow(self, path: str) -> None:
        if path == "network":
            self.hand_over()

    @Slot(str)
    def _follow_run(self, state: str) -> None:
        if state in ("idle", "starting"):
            self.began_anew.emit(())

    @Slot(object)
    def _show(self, future: "Future[tuple[NetworkSpec, Kept]]") -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, Problem):
            self.told.emit(self.tr("The run goes on with the network as it was, until this one fits."))
        elif error is None and not future.cancelled():
            network, kept = future.result()
            self._run.take_network(network)
            self.began_anew.emit(kept.fresh)
            self.told.emit(self._sentence(network, kept))

    def _sentence(self, network: NetworkSpec, kept: "Kept") -> str:
        total = len(kept.kept) + len(kept.fresh)
        text = self.tr("The run goes on: {count} of {total} layers keep their weights").format(
            count=len(kept.kept), total=total
        )
        if not kept.fresh:
            return f"{text}."
        names = [place_text(network, find(network, each)) for each in kept.fresh]
        more = self.tr(" and {count} more").format(count=len(names) - NAMED) if len(names) > NAMED else ""
        return self.tr("{text}; anew: {names}.").format(text=text, names=", ".join(names[:NAMED]) + more)


class _Swap:
    """The request for one network."""

    def __init__(self, network: NetworkSpec) -> None:
        self._network = network

    def __call__(self, run: "TrainingRun") -> "tuple[NetworkSpec, Kept]":
        from playground.engine.training.swap import swap_network  # imports torch, so on the run's own thread

        return self._network, swap_network(run, self._network)
