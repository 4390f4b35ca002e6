"""The layer panel: a warm thread looks into the selected layer, as often as training does not notice."""

from collections.abc import Callable, Generator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.controllers import layer_sheets
from playground.engine.data.facts import describe
from playground.engine.inbox import Inbox
from playground.engine.network.labels import label_of
from playground.engine.network.probe_events import (
    Activations,
    Cell,
    Filters,
    Look,
    Peek,
    Probe,
    ProbeRequest,
    Sample,
    View,
    Weights,
)
from playground.engine.network.spec import Layer, Node, walk
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.common.messages import sentence
from playground.widgets.digits.panel import DigitPanel
from playground.widgets.layer.panel import LayerPanel
from playground.widgets.samples.panel import SamplesPanel

if TYPE_CHECKING:
    from torch import nn

    from playground.engine.training.run import TrainingRun

JOB = "layer"
SAMPLE, DIGIT = "sample", "digit"
REFRESH_MS = 500  # how often a layer in training is looked at, at most
SHARE = 100  # a look may take at most one part in so many of the time
# Where the page that the user chose has nothing to show for a layer, these may.
OTHERWISE: Mapping[View, tuple[View, ...]] = {
    "filters": ("weights", "activations"),
    "weights": ("activations",),
    "cell": ("activations",),
    "activations": (),
}


class LayerController(QObject):
    """Joins session, run, probing job and layer panel; the sample is the gallery's, or the digit pad's drawing.

    Nothing is asked while nobody sees the panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(
        self,
        session: Session,
        run: LiveRun,
        jobs: Jobs,
        panel: LayerPanel,
        samples: SamplesPanel,
        digits: DigitPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._panel = panel
        self._samples = samples
        self._inbox = Inbox()
        self._layer = ""
        self._asked = session.document.network, session.document.data, session.document.training.seed
        self._version = 0
        self._wished: View = "filters"
        self._found: View | None = None  # what shows something of this layer in its stead
        self._insists = False
        self._sample = Sample("test")
        self._ink: NDArray[np.float32] | None = None
        self._source = SAMPLE
        self._copy = self._channel = 0
        self._parameter = ""
        self._training = False
        self._cell: tuple[int, int, int] | None = None  # the middle
        self._kept: Peek | None = None
        self._timer = QTimer(self, interval=REFRESH_MS, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        self._connect(samples, digits)
        self._offer_samples()

    def start(self) -> None:
        """Begin to look; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._show, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)
        self.refresh()

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.network.probe import probing_job  # imports torch, so on the job's own thread

        return probing_job(self._inbox)

    def _connect(self, samples: SamplesPanel, digits: DigitPanel) -> None:
        panel = self._panel
        panel.view_chosen.connect(self._choose_view)
        panel.visibility_changed.connect(self.refresh)
        panel.channel_chosen.connect(self._choose_channel)
        panel.parameter_chosen.connect(self._choose_parameter)
        panel.sample_chosen.connect(self._choose_source)
        panel.mode_chosen.connect(self._choose_mode)
        panel.copy_chosen.connect(self._choose_copy)
        panel.cell_chosen.connect(self._choose_cell)
        samples.sample_selected.connect(self._choose_sample)
        digits.ink_changed.connect(self._take_ink)
        self._session.changed.connect(self._follow_document)
        self._run.learned.connect(self.refresh)
        self._run.state_changed.connect(self._follow_run)

    @Slot(str)
    def select_layer(self, layer: str) -> None:
        """Look into another layer; nothing where `layer` is no id of the network."""
        self._layer = layer
        self._insists = False
        self._copy = self._channel = 0
        self._cell = None
        self._forget()
        if self._node() is None:
            self._panel.clear()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again, if anybody sees it."""
        self._timer.stop()
        node, document = self._node(), self._session.document
        if node is None or not self._panel.isVisible():
            return
        self._inbox.put(
            "probe",
            ProbeRequest(
                layer=node.id,
                network=document.network,
                data=document.data,
                seed=document.training.seed,
                view=self._found or self._wished,
                otherwise=() if self._insists or self._found else OTHERWISE[self._wished],
                peek=self._peek(),
                sample=Sample(ink=self._ink) if self._source == DIGIT else self._sample,
                copy=self._copy,
                training=self._training,
                parameter=self._parameter,
                channel=self._channel,
                cell=self._cell,
                version=self._version,
            ),
        )

    def _peek(self) -> Peek | None:
        """How to get at the net: the run's between two steps, its file's when it is over, a fresh one without a run."""
        document, run = self._run.document, self._run
        if document is None or document.network != self._session.document.network:
            return None
        if run.state in ("running", "paused", "stopping"):
            return _asking(run.between_steps)
        if run.state == "failed" and run.started is None:
            return None  # it never had a net
        if run.state in ("finished", "failed"):
            self._kept = self._kept or _reading(run.net_source())
            return self._kept
        return None

    def _node(self) -> Node | None:
        nodes = walk(self._session.document.network.layers)
        return next((node for node in nodes if node.id == self._layer), None)

    def _forget(self) -> None:
        """What was asked before is of no interest any more."""
        self._version += 1
        self._found = None

    @Slot()
    def _follow_document(self) -> None:
        document = self._session.document
        asked = document.network, document.data, document.training.seed
        if asked == self._asked:
            return
        if document.data != self._asked[1]:
            self._sample = Sample("test")
        self._asked = asked
        self._forget()
        self._offer_samples()
        if self._node() is None:
            self._panel.clear()
        self.refresh()

    @Slot(str)
    def _follow_run(self, state: str) -> None:
        self._kept = None
        if state in ("idle", "starting"):
            self._forget()
        self.refresh()

    @Slot(str)
    def _choose_view(self, view: View) -> None:
        """Whoever turns to a page sees it, if only to read why it is empty; the next layer may turn to another one."""
        self._wished, self._insists = view, True
        self._forget()
        self.refresh()

    @Slot(int)
    def _choose_channel(self, channel: int) -> None:
        self._channel = channel
        self.refresh()

    @Slot(str)
    def _choose_parameter(self, name: str) -> None:
        self._parameter = name
        self.refresh()

    @Slot(str)
    def _choose_source(self, key: str) -> None:
        self._source = key
        self.refresh()

    @Slot(bool)
    def _choose_mode(self, training: bool) -> None:
        self._training = training
        self.refresh()

    @Slot(int)
    def _choose_copy(self, copy: int) -> None:
        self._copy = copy
        self._forget()
        self.refresh()

    @Slot(int, int, int)
    def _choose_cell(self, channel: int, row: int, column: int) -> None:
        self._cell = (channel, row, column)
        self.refresh()

    @Slot(int)
    def _choose_sample(self, index: int) -> None:
        split = self._samples.chosen_split
        self._sample, self._source = Sample(split, index), SAMPLE  # type: ignore[arg-type]
        self._offer_samples()
        self.refresh()

    @Slot(object)
    def _take_ink(self, ink: NDArray[np.float32]) -> None:
        self._ink = ink.copy() if ink.any() else None
        was_shown = self._source == DIGIT
        self._offer_samples()
        if was_shown:
            self.refresh()

    def _offer_samples(self) -> None:
        names = {"train": self.tr("train"), "validation": self.tr("validation"), "test": self.tr("test")}
        text = self.tr("sample {index} of {split}")
        offered = [(SAMPLE, text.format(index=f"{self._sample.index:,}", split=names[self._sample.split]))]
        if self._ink is not None and self._takes_digits():
            offered.append((DIGIT, self.tr("the drawn digit")))
        elif self._source == DIGIT:
            self._source = SAMPLE
        self._panel.set_samples(offered, self._source)

    def _takes_digits(self) -> bool:
        try:
            return describe(self._session.document.data).shape == (1, 28, 28)
        except Problem:
            return False  # the training form says it

    @Slot(list)
    def _show(self, probes: list[Probe]) -> None:
        probe = probes[-1]
        if self._run.state == "running":
            self._timer.start(max(REFRESH_MS, round(1000 * SHARE * probe.seconds)))
        if probe.request.version != self._version:
            return
        node = self._node()
        if node is None:
            return
        self._turn(probe)
        self._panel.set_layer(self.tr("{label} · {name}").format(label=label_of(node), name=probe.name))
        self._panel.set_copies(probe.copies, probe.request.copy)
        self._panel.set_caption(self._caption(probe))
        if probe.problem is not None:
            self._panel.show_message(sentence(probe.problem.code, probe.problem.fields))
        else:
            self._show_found(probe)

    def _turn(self, probe: Probe) -> None:
        """To the page that has something to show; where none has, the chosen one says why."""
        self._found = probe.view if probe.found is not None else None
        self._panel.turn_to(self._found or self._wished)

    def _show_found(self, probe: Probe) -> None:
        found, panel = probe.found, self._panel
        if isinstance(found, Filters):
            panel.show_filters(layer_sheets.filters(found))
        elif isinstance(found, Weights):
            panel.show_weights(layer_sheets.parameter(found))
        elif isinstance(found, Activations):
            panel.show_activations(layer_sheets.activations(found, probe.kind))
        elif isinstance(found, Cell):
            panel.show_cell(layer_sheets.arithmetic(found))
        else:
            panel.show_message(self._why_nothing(probe))

    def _why_nothing(self, probe: Probe) -> str:
        reasons = {
            "filters": self.tr("{kind} has no filters; convolutions and linear layers on the input have."),
            "weights": self.tr("{kind} learns nothing: it has no parameters."),
            "cell": self.tr("Select a Conv2d to see how one value of its output comes about; this is {kind}."),
        }
        return reasons[self._wished].format(kind=probe.kind)

    def _caption(self, probe: Probe) -> str:
        if probe.request.training and any(map(_differs_in_training, walk(probe.request.network.layers))):
            warning = self.tr("Dropout and batch norm behave as while training; for an answer of the net choose eval.")
            return f"{self._state(probe)} {warning}"
        return self._state(probe)

    def _state(self, probe: Probe) -> str:
        if probe.is_fresh:
            return self.tr("Not trained: the weights as seed {seed} draws them.").format(seed=probe.request.seed)
        if probe.step is None:
            return self.tr("As the run left it.")
        return self.tr("After {steps} steps.").format(steps=f"{probe.step:,}")


def _differs_in_training(node: Node) -> bool:
    return node.enabled and isinstance(node, Layer) and node.kind.startswith(("Dropout", "BatchNorm"))


def _asking(between_steps: "Callable[[Callable[[TrainingRun], Any]], Any]") -> Peek:
    def peek(look: Look) -> Any:
        return between_steps(lambda run: look(run.net, run.step_count)).result()

    return peek


def _reading(source: "Callable[[], nn.Module]") -> Peek:
    read_once = cache(source)

    def peek(look: Look) -> Any:
        return look(read_once(), None)

    return peek
