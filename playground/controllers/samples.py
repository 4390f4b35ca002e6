"""The samples panel: pages of the data set, with what the net of the run says of them."""

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from playground.engine.data.events import ImagePage, NoPage, PageRequest, PointPage
from playground.engine.data.facts import describe
from playground.engine.inbox import Inbox
from playground.engine.problems import Problem
from playground.jobs import Jobs, Watcher
from playground.live_run import LiveRun, NetSource
from playground.session import Session
from playground.widgets.common.messages import sentence
from playground.widgets.common.theme import SERIES, theme
from playground.widgets.samples.panel import SamplesPanel

JOB = "samples"
RANGES = {"unit": (0.0, 1.0), "symmetric": (-1.0, 1.0)}


class SamplesController(QObject):
    """Joins session, run, gallery job and samples panel.

    Signals
    -------
    problem_found(object) : a `Problem` to show.
    """

    problem_found = Signal(object)

    def __init__(
        self, session: Session, run: LiveRun, jobs: Jobs, panel: SamplesPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._jobs = jobs
        self._panel = panel
        self._inbox = Inbox()
        self._data = session.document.data
        self._net: NetSource | None = None
        self._version = 0
        self._first = 0
        panel.page_requested.connect(self._ask)
        panel.range_chosen.connect(self._show_range)
        panel.action_requested.connect(self.refresh)
        session.changed.connect(self._follow_document)
        run.learned.connect(self._take_net)
        run.state_changed.connect(self._follow_run)

    def start(self) -> None:
        """Begin to answer; needs torch, so after the window is shown."""
        watcher = Watcher(progress=self._show_pages, failed=self.problem_found.emit)
        self._jobs.start(JOB, self._job, stop=self._inbox.close, watcher=watcher, interval=0)
        self._follow_document()
        self.refresh()

    def _job(self) -> Generator[Any, None, None]:
        from playground.engine.data.gallery import gallery_job  # imports torch, so on the job's own thread
        from playground.engine.threads import use_one_core

        use_one_core()
        return gallery_job(self._inbox)

    @Slot()
    def refresh(self) -> None:
        """Show the page again, from where it is."""
        panel = self._panel
        self._ask(panel.chosen_split, panel.chosen_filter, self._first, panel.page_size)

    @Slot(str, str, int, int)
    def _ask(self, split: str, which: str, first: int, count: int) -> None:
        self._first = first
        belongs = self._run.document is not None and self._run.document.data == self._data
        self._inbox.put(
            "page",
            PageRequest(
                data=self._data,
                split=split,  # type: ignore[arg-type]
                mistakes_only=which == "mistakes",
                first=first,
                count=max(count, 1),
                net=self._net if belongs else None,
                version=self._version,
            ),
        )

    @Slot()
    def _follow_document(self) -> None:
        data = self._session.document.data
        if data == self._data and self._version:
            return
        self._data, self._first = data, 0
        self._version += 1
        try:
            facts = describe(data)
        except Problem:
            return  # the training form says it
        splits = (("train", facts.train), ("validation", facts.validation), ("test", facts.test))
        self._panel.set_splits(tuple(name for name, count in splits if count))
        self.refresh()

    @Slot(str)
    def _follow_run(self, state: str) -> None:
        if state == "starting":
            self._net = None
            self._version += 1
            self.refresh()

    @Slot()
    def _take_net(self) -> None:
        """Ask for the net as it is now."""
        self._net = self._run.net_source()
        self._version += 1
        self.refresh()

    @Slot(list)
    def _show_pages(self, pages: list[ImagePage | PointPage | NoPage]) -> None:
        page = pages[-1]
        if page.request.data != self._data:
            return
        if isinstance(page, ImagePage):
            self._show_images(page)
        elif isinstance(page, PointPage):
            self._show_points(page)
        elif page.problem is not None:
            self._panel.show_message(sentence(page.problem.code, page.problem.fields))

    def _show_images(self, page: ImagePage) -> None:
        self._seen = page.seen
        self._panel.set_position(page.request.first, page.total)
        self._panel.set_mistakes(page.mistakes)
        self._panel.set_images(
            page.images,
            page.labels,
            page.predictions,
            page.confidences,
            indices=page.indices,
            classes=page.classes,
            shown_range=(0.0, 1.0),
        )
        self._show_range(self._panel.chosen_range)

    @Slot(str)
    def _show_range(self, key: str) -> None:
        self._panel.set_ranges((0.0, 255.0), RANGES.get(key, self._seen))

    _seen = (0.0, 1.0)

    def _show_points(self, page: PointPage) -> None:
        if page.points.shape[1] == 1:
            line = page.curve if page.curve is not None else np.empty((0, 2), np.float32)
            self._panel.set_curve(page.points[:, 0], page.labels, line[:, 0], line[:, 1])
            return
        predictions = _texts(page.predictions) if page.predictions is not None else None
        self._panel.set_points(page.points, _texts(page.labels), predictions)
        left, bottom, right, top = page.extent
        ground = None if page.ground is None else _coloured(page.ground)
        self._panel.set_decision(ground, (left, bottom, right - left, top - bottom))


def _texts(classes: NDArray[np.float32]) -> tuple[str, ...]:
    return tuple(str(round(float(value))) for value in classes)


def _coloured(ground: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Classes [G, G] as a pale picture [G, G, 3] in the colours of their points."""
    surface = np.array(_rgb(theme.color("surface").name()), dtype=np.float32)
    classes = np.array([_rgb(name) for name in SERIES], dtype=np.float32)
    picture: NDArray[np.float32] = 0.72 * surface + 0.28 * classes[ground.astype(int) % len(SERIES)]
    return picture.astype(np.uint8)


def _rgb(name: str) -> tuple[int, ...]:
    return tuple(int(name[at : at + 2], 16) for at in (1, 3, 5))
