"""What can leave through the export window: the nets there are, and what a wish of its user's means by them."""

from PySide6.QtCore import QObject

from playground.controllers.export_jobs import Source, run_source, untrained_source
from playground.engine.document import Document
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.common.numbers import per_cent
from playground.widgets.export.values import SourceChoice, Wish

RUN, DOCUMENT = "run", "document"


class ExportSources(QObject):
    """The run's net as it is now, where there is a run, and the document's net untrained."""

    def __init__(self, session: Session, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run

    def choices(self) -> list[SourceChoice]:
        """The nets on offer, the one first that one wants most."""
        seed = self._session.document.training.seed
        line = self.tr("Not trained yet: with the weights that seed {seed} draws.").format(seed=seed)
        untrained = SourceChoice(DOCUMENT, self.tr("The document's net, untrained"), line)
        if self._run.document is None:
            return [untrained]
        return [SourceChoice(RUN, self.tr("The run's net as it is now"), self._run_line(self._run.document)), untrained]

    def document(self, name: str) -> Document:
        """The experiment of the net of that name."""
        return self._run.document if name == RUN and self._run.document else self._session.document

    def subject(self, name: str) -> object:
        """What stands for the net of that name: the run's control, or the document."""
        return self._run.control if name == RUN else self._session.document

    def source(self, wish: Wish) -> Source:
        """Gives the net, on the job's own thread."""
        if wish.source == RUN:
            return run_source(self._run, wish.name)
        return untrained_source(self._session.document, wish.name)

    def _run_line(self, document: Document) -> str:
        history, title = self._run.history, document.title or self.tr("Untitled")
        if self._run.is_from_file:
            return self.tr("{title} · from a model file").format(title=title)
        if not history.next_step:
            return self.tr("{title} · not trained yet").format(title=title)
        parts = [title, self.tr("{steps} steps").format(steps=f"{history.next_step:,}")]
        last = history.epochs[-1] if history.epochs else None
        for name, score in ((self.tr("test"), last and last.test), (self.tr("validation"), last and last.validation)):
            if score and score.accuracy == score.accuracy:  # not a NaN, as for regressions
                parts.append(self.tr("{split} accuracy {share}").format(split=name, share=per_cent(score.accuracy)))
                break
        return " · ".join(parts)


def specs_of(wish: Wish) -> list[ExportSpec]:
    """The exports that are wished for; weights alone take nothing inside."""
    return [
        ExportSpec(name, normalise=wish.normalise and each.has_graph, softmax=wish.softmax and each.has_graph)
        for name, each in FORMATS.items()
        if name in wish.formats
    ]
