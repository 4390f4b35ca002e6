"""The network panels show the document's network: analysed on a warm thread after every edit."""

from collections.abc import Collection, Generator
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from playground.controllers.network_rows import details, node_rows, palette_entries, shape_text
from playground.engine import presets
from playground.engine.data.facts import Facts, describe
from playground.engine.document import Document
from playground.engine.inbox import Inbox
from playground.engine.network import templates
from playground.engine.network.custom import is_trusted
from playground.engine.network.events import Advice, Analysis, Answer, LayerFacts, Question
from playground.engine.network.labels import kind_of
from playground.engine.network.spec import Custom, Node, walk
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.session import Session, concerns
from playground.widgets.common.messages import sentence
from playground.widgets.network.details import SourceText
from playground.widgets.network.layer_form import LayerFormPanel
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.picture import PicturePanel
from playground.widgets.network.rows import Hint, Repair

JOB = "analysis"


class NetworkController(QObject):
    """Joins session, analysis and the panels that show the network.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    selected(str) : the id of the selected node; empty for none.
    """

    problem_found = Signal(object)
    selected = Signal(str)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        panel: NetworkPanel,
        form: LayerFormPanel,
        picture: PicturePanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._panel = panel
        self._form = form
        self._picture = picture
        self._inbox = Inbox()
        self._facts: Facts | None = None
        self._selected = ""
        self._fresh: Collection[str] = ()
        self._chosen: Collection[str] = ()
        self.analysis: Analysis | None = None
        self.advice: Advice | None = None
        panel.set_presets([(name, presets.title(name), presets.summary(name)) for name in presets.names()])
        offered = [templates.template(name) for name in templates.names()]
        panel.set_templates([(each.name, each.title, each.summary) for each in offered])
        panel.layer_selected.connect(self.select)
        panel.selection_changed.connect(self._take_selection)
        picture.layer_selected.connect(panel.select_layer)
        session.changed.connect(self._follow_document)
        self.refresh()

    def start(self) -> None:
        """Begin to analyse; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._show_answers, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)
        self.refresh()

    def facts_of(self, node_id: str) -> LayerFacts | None:
        """What the last analysis found about a node."""
        layers = self.analysis.layers if self.analysis else ()
        return next((facts for facts in _walk_facts(layers) if facts.id == node_id), None)

    def together(self, node_id: str) -> list[str]:
        """The node, and every other one of its kind that is selected with it."""
        nodes = [node for node in walk(self._session.document.network.layers) if node.id in {node_id, *self._chosen}]
        kinds = {node.id: (type(node), kind_of(node)) for node in nodes}
        own = kinds.get(node_id) if node_id in self._chosen else None
        return [node_id, *(other for other, kind in kinds.items() if kind == own and other != node_id)]

    @Slot(str)
    def select(self, node_id: str) -> None:
        """Show one node in every panel."""
        node = self._node(node_id)
        self._selected = node.id if node else ""
        self._picture.select_layer(self._selected)
        self._show_details()
        self.selected.emit(self._selected)

    @Slot(object)
    def _take_selection(self, ids: Collection[str]) -> None:
        self._chosen = ids
        self._show_details()

    @Slot(object)
    def mark_fresh(self, ids: Collection[str]) -> None:
        """Mark the layers whose weights began anew in the run, and no others."""
        if self._fresh != ids:
            self._fresh = ids
            self._show_rows(self.analysis)

    @Slot()
    def refresh(self) -> None:
        """Show the layers at once, and ask for their shapes."""
        document = self._session.document
        self._panel.set_current_preset(presets.name_of(document))
        self._panel.set_palette_entries(palette_entries([source.name for source in document.network.sources]))
        self._form.set_seed(document.training.seed)
        try:
            self._facts = describe(document.data)
        except Problem as problem:
            self._panel.set_summary(sentence(problem.code, problem.fields), "bad")
            return
        self._show_rows(self.analysis)  # the shapes that were; the new ones follow
        if not self._jobs.is_running(JOB):
            self._panel.set_summary(self.tr("Shapes follow when PyTorch is loaded."))
        self._show_details()
        self._inbox.put("network", Question(document, self._facts.shape, self._facts.outputs))

    @Slot(str)
    def _follow_document(self, path: str) -> None:
        if concerns(path, "title", "data", "network", "training"):
            self.refresh()

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.network.job import analysis_job  # imports torch, so on the job's own thread

        return analysis_job(self._inbox)

    @Slot(list)
    def _show_answers(self, answers: list[Answer | Advice]) -> None:
        for answer in answers:
            if _asked(answer.question.document) != _asked(self._session.document) or self._facts is None:
                continue
            if isinstance(answer, Answer):
                self._show_analysis(answer.analysis, self._facts)
            else:
                self._show_advice(answer)

    def _show_analysis(self, analysis: Analysis, facts: Facts) -> None:
        self.analysis = analysis
        self._show_rows(analysis)
        self._panel.set_summary(*self._summary(analysis, facts))
        if analysis.problem is None:
            self._panel.set_repairs(())
        self._show_details()

    def _show_rows(self, analysis: Analysis | None) -> None:
        rows = node_rows(self._session.document.network.layers, analysis, self._fresh)
        shape = shape_text(self._facts.shape) if self._facts else ""
        self._panel.set_rows(rows, shape)
        self._picture.set_rows(rows, self._facts.shape if self._facts else ())

    def _show_advice(self, advice: Advice) -> None:
        self.advice = advice
        self._panel.set_repairs(
            [Repair(each.sentence, each.parameters_change, each.flops_change, each.flops) for each in advice.repairs]
        )
        fix = self.tr("Mend")
        self._panel.set_hints(
            [Hint(each.node, each.sentence, fix if each.repair is not None else "") for each in advice.warnings]
        )

    def _show_details(self) -> None:
        node = self._node(self._selected)
        if node is None:
            self._form.set_details(None)
            return
        batch = self._session.document.training.batch_size
        self._form.set_details(details(node, self.facts_of(node.id), batch, self._source(node), self.together(node.id)))

    def _source(self, node: Node) -> SourceText | None:
        if not isinstance(node, Custom):
            return None
        sources = self._session.document.network.sources
        source = next((each for each in sources if each.name == node.name), None)
        return SourceText(source.name, source.text, is_trusted(source)) if source else None

    def _node(self, node_id: str) -> Node | None:
        return next((node for node in walk(self._session.document.network.layers) if node.id == node_id), None)

    def _summary(self, analysis: Analysis, facts: Facts) -> tuple[str, str]:
        codes = {problem.code for problem in analysis.problems}
        if codes == {"network-empty"}:
            return self.tr("no layers yet"), ""
        if codes == {"custom-untrusted"}:
            return self.tr("waits until its code is trusted"), "warning"
        if analysis.problem is not None:
            count = len(analysis.problems)
            return self.tr("does not fit") if count == 1 else self.tr("{n} misfits").format(n=count), "bad"
        parts = [self.tr("{count} parameters").format(count=f"{analysis.parameters:,}")]
        if analysis.trainable != analysis.parameters:
            parts.append(self.tr("{count} learn").format(count=f"{analysis.trainable:,}"))
        parts.append(self.tr("{count} a sample").format(count=_flops(analysis.flops)))
        if analysis.output != (facts.outputs,):
            wanted = self.tr("{title} needs {count} outputs").format(title=facts.title, count=facts.outputs)
            return " · ".join([*parts, wanted]), "warning"
        return " · ".join([*parts, self.tr("fits {title}").format(title=facts.title)]), ""


def _flops(count: int) -> str:
    """FLOPs with three figures: 833 kFLOP."""
    value, unit = float(count), "FLOP"
    for larger in ("kFLOP", "MFLOP", "GFLOP", "TFLOP"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.3g} {unit}"


def _asked(document: Document) -> tuple[object, ...]:
    """What the analysis of a document depends on."""
    return document.data, document.network, document.training


def _walk_facts(layers: tuple[LayerFacts, ...]) -> list[LayerFacts]:
    return [found for layer in layers for found in (layer, *_walk_facts(layer.children))]
