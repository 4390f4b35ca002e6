"""An edit of the network while a run exists: the run goes on with the new network, keeping every weight that fits."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.live_run import LiveRun
from playground.session import Session

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun
    from playground.engine.training.swap import Kept


class NetworkSwap(QObject):
    """Hands edits of the network to the run under way, between two of its steps.

    Signals
    -------
    told(str) : what was kept and what starts anew, or that the run goes on as it was.
    """

    told = Signal(str)
    _answered = Signal(object)

    def __init__(self, session: Session, run: LiveRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        session.changed.connect(self._follow)
        self._answered.connect(self._show)

    @Slot(str)
    def _follow(self, path: str) -> None:
        document, network = self._run.document, self._session.document.network
        if path != "network" or not self._run.is_active or document is None or document.network == network:
            return
        self._run.between_steps(_Swap(network)).add_done_callback(self._answered.emit)

    @Slot(object)
    def _show(self, future: "Future[tuple[NetworkSpec, Kept]]") -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, Problem):
            self.told.emit(self.tr("The run goes on with the network as it was, until this one fits."))
        elif error is None and not future.cancelled():
            network, kept = future.result()
            self._run.take_network(network)
            texts = [self.tr("{count} layers keep their weights").format(count=len(kept.kept))]
            if kept.fresh:
                texts.append(self.tr("new: {names}").format(names=", ".join(kept.fresh)))
            self.told.emit(" · ".join(texts))


class _Swap:
    """The request for one network."""

    def __init__(self, network: NetworkSpec) -> None:
        self._network = network

    def __call__(self, run: "TrainingRun") -> "tuple[NetworkSpec, Kept]":
        from playground.engine.training.swap import swap_network  # imports torch, so on the run's own thread

        return self._network, swap_network(run, self._network)
