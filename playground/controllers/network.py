"""The network panel: presets go to the session, and every edit is analysed on a warm thread."""

from collections.abc import Generator

from PySide6.QtCore import QObject, Signal, Slot

from playground.engine import presets
from playground.engine.data.facts import Facts, describe
from playground.engine.inbox import Inbox
from playground.engine.network.events import Answer, Question
from playground.engine.network.labels import kind_of, label_of
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.session import Session
from playground.widgets.common.messages import sentence
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.rows import NodeRow

JOB = "analysis"


class NetworkController(QObject):
    """Joins session, analysis and network panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, panel: NetworkPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._panel = panel
        self._inbox = Inbox()
        self._facts: Facts | None = None
        panel.set_presets([(name, presets.title(name), presets.summary(name)) for name in presets.names()])
        panel.preset_chosen.connect(self.choose_preset)
        session.changed.connect(self.refresh)
        self.refresh()

    def start(self) -> None:
        """Begin to analyse; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._show_answers, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)
        self.refresh()

    def _job(self) -> Generator[Answer, None, None]:
        from playground.engine.network.job import analysis_job  # imports torch, so on the job's own thread

        return analysis_job(self._inbox)

    @Slot(str)
    def choose_preset(self, name: str) -> None:
        """Show a preset's document, undoably."""
        text = self.tr("preset {name}").format(name=name)
        self._session.replace_document(presets.preset(name), text)

    @Slot()
    def refresh(self) -> None:
        """Show the layers at once, and ask for their shapes."""
        document = self._session.document
        self._panel.set_current_preset(presets.name_of(document))
        try:
            self._facts = describe(document.data)
        except Problem as problem:
            self._panel.set_summary(sentence(problem.code, problem.fields), "bad")
            return
        if not self._jobs.is_running(JOB):
            self._show_labels()
        self._inbox.put("network", Question(document.network, self._facts.shape))

    def _show_labels(self) -> None:
        """What is known without torch: the layers, not yet their shapes."""
        layers = self._session.document.network.layers
        rows = [NodeRow(id=layer.id, label=label_of(layer), kind=kind_of(layer)) for layer in layers]
        self._panel.set_rows(rows, self._shape_text(self._facts.shape) if self._facts else "")
        self._panel.set_summary(self.tr("Shapes follow when PyTorch is loaded."))

    @Slot(list)
    def _show_answers(self, answers: list[Answer]) -> None:
        answer = answers[-1]
        if answer.question.network != self._session.document.network or self._facts is None:
            return
        analysis = answer.analysis
        most = max((layer.parameters for layer in analysis.layers), default=0)
        rows = [
            NodeRow(
                id=layer.id,
                label=layer.label,
                kind=layer.kind,
                output=self._shape_text(layer.output) if layer.output is not None else "",
                parameters=layer.parameters or None,
                share=layer.parameters / most if most else 0.0,
                problem=layer.problem or "",
            )
            for layer in analysis.layers
        ]
        self._panel.set_rows(rows, self._shape_text(analysis.input))
        self._panel.set_summary(*self._summary(answer, self._facts))

    def _summary(self, answer: Answer, facts: Facts) -> tuple[str, str]:
        analysis = answer.analysis
        if analysis.problem is not None:
            return sentence(analysis.problem.code, analysis.problem.fields), "bad"
        counted = self.tr("{count} parameters").format(count=f"{analysis.parameters:,}")
        if analysis.output != (facts.outputs,):
            wanted = self.tr("{title} needs {count} outputs").format(title=facts.title, count=facts.outputs)
            return f"{counted} · {wanted}", "warning"
        return f"{counted} · " + self.tr("fits {title}").format(title=facts.title), ""

    @staticmethod
    def _shape_text(shape: tuple[int, ...]) -> str:
        return " \u00d7 ".join(f"{size:,}" for size in shape)
