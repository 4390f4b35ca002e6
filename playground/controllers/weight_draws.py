"""Initial weights drawn at a click: the same ones again, or others."""

import secrets

from PySide6.QtCore import QObject, Signal, Slot

from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.network.layer_form import LayerFormPanel


class WeightDraws(QObject):
    """Joins the form's seed and its two buttons with the document and the run.

    Signals
    -------
    told(str) : something worth a line.
    """

    told = Signal(str)

    def __init__(self, session: Session, run: LiveRun, form: LayerFormPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        form.seed_edited.connect(self._set_seed)
        form.same_weights_requested.connect(self._draw_again)
        form.new_weights_requested.connect(self._draw_anew)

    @Slot(int)
    def _set_seed(self, seed: int) -> None:
        self._session.push("training.seed", seed, self.tr("change of the seed"), merge_key="training.seed")

    @Slot()
    def _draw_again(self) -> None:
        """The same weights again: the run starts over with its seed, and waits."""
        self._run.start(self._session.document, first="nothing")
        self.told.emit(self.tr("The weights of seed {seed} again.").format(seed=self._session.document.training.seed))

    @Slot()
    def _draw_anew(self) -> None:
        """New weights: another seed, and a run that waits with them."""
        self._set_seed(secrets.randbelow(2**31))
        self._draw_again()
