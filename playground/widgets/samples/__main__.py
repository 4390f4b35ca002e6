"""The panel alone with made-up samples: `python -m playground.widgets.samples [--empty|--points|--curve|--color]`."""

import sys

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.samples.panel import SamplesPanel

_COUNT = 10_000
_NAMES = tuple("0123456789")


def _blots(indices: np.ndarray, colored: bool) -> np.ndarray:
    rows, columns = np.mgrid[0:28, 0:28]
    angle = indices[:, None, None] * 2.4
    ring = np.hypot(rows - 14 - 4 * np.sin(angle), columns - 14 - 4 * np.cos(angle))
    ink = (255 * np.exp(-((ring - 5) ** 2) / 3)).astype(np.uint8)
    return np.stack([ink, ink // 2, 255 - ink], axis=-1) if colored else ink


def _show_page(panel: SamplesPanel, chosen: str, first: int, count: int) -> None:
    indices = np.arange(_COUNT)
    indices = indices[indices % 13 == 3] if chosen == "mistakes" else indices
    page = indices[first : first + count]
    labels = tuple(_NAMES[i % 10] for i in page)
    predictions = tuple(_NAMES[(i + 1) % 10 if i % 13 == 3 else i % 10] for i in page)
    scores = np.full((len(page), 10), 0.01)
    scores[np.arange(len(page)), [int(p) for p in predictions]] = 0.91
    panel.set_position(first, len(indices))
    panel.set_images(_blots(page, "--color" in sys.argv), labels, predictions, scores, indices=page, classes=_NAMES)


def _show_plane(panel: SamplesPanel) -> None:
    draws = np.random.default_rng(0)
    if "--curve" in sys.argv:
        x = draws.uniform(-1, 1, 200)
        line = np.linspace(-1, 1, 50)
        panel.set_curve(x, 0.7 * x + 0.2 + draws.normal(0, 0.1, 200), line, 0.7 * line + 0.2)
        return
    points = np.concatenate([draws.normal(centre, 0.4, (120, 2)) for centre in ((-1, 0), (1, 0), (0, 1.4))])
    labels = tuple(str(i // 120) for i in range(360))
    predictions = tuple("0" if x < 0 and y < 0.8 else "1" if y < 0.8 else "2" for x, y in points)
    panel.set_points(points, labels, predictions)
    y, x = np.mgrid[-2.5:2.5:100j, -2.5:2.5:100j]
    told = np.where(y > 0.8, 2, np.where(x < 0, 0, 1))
    tints = {
        False: ((222, 235, 245), (253, 240, 213), (215, 240, 230)),
        True: ((28, 48, 66), (62, 50, 24), (24, 58, 48)),
    }
    panel.set_decision(np.array(tints[theme.is_dark], np.uint8)[told], (-2.5, -2.5, 5, 5))


def main() -> int:
    """Show ten thousand made-up images, every thirteenth told wrongly, or points."""
    application = QApplication(sys.argv)
    theme.install(application)
    if "--dark" in sys.argv:
        theme.choose("dark")
    panel = SamplesPanel()
    panel.resize(690, 260)
    panel.show()
    if "--points" in sys.argv or "--curve" in sys.argv:
        _show_plane(panel)
    elif "--empty" not in sys.argv:
        panel.page_requested.connect(lambda _, chosen, first, count: _show_page(panel, chosen, first, count))
        panel.set_ranges((0, 255), (-0.4242, 2.8215))
        panel.set_mistakes(769)
        panel.request_page()
    return application.exec()


sys.exit(main())
