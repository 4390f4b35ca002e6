"""Cards of small runs for the tests, and what a reader finds in their HTML."""

from datetime import datetime
from html.parser import HTMLParser

from playground.engine.data.sets import load_present
from playground.engine.data.spec import Points, RandomData
from playground.engine.document import Document
from playground.engine.export.card.card import card
from playground.engine.export.card.source import of_run
from playground.engine.network.sequence import layer, sequence
from playground.engine.spec import Args
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import LossSpec, OptimizerSpec, TrainingSpec

WRITTEN = datetime(2026, 5, 1, 12, 30)
BLOBS = Points(name="blobs", classes=3, samples=90, validation=30, test=50, noise=0.5)
LINE = Points(name="line", samples=60, test=20)
NUMBERS = RandomData(shape=(2,), outputs=3, samples=60, test=20)
VOID = ("meta", "img", "br", "image", "path", "rect", "hr")


def experiment(data=BLOBS, *, inputs=2, outputs=3, loss="cross_entropy", title="Three blobs", **training):
    """A small net over points."""
    layers = (
        layer("Linear", in_features=inputs, out_features=8),
        layer("Tanh"),
        layer("Linear", in_features=8, out_features=outputs),
    )
    usual = {"batch_size": 20, "epochs": 4, "device": "cpu"}
    asked = TrainingSpec(
        loss=LossSpec(name=loss), optimizer=OptimizerSpec(name="SGD", args=Args(lr=0.1)), **(usual | training)
    )
    return Document(title=title, data=data, network=sequence(*layers), training=asked)


def trained(document, steps=None):
    """A run after so many steps, or at its end."""
    run = TrainingRun(document, load_present(document.data))
    for _ in range(run.total_steps if steps is None else steps):
        run.step()
    if run.epoch_due:
        run.finish_epoch()
    run.read_back()
    return run


def source_of(document, steps=None):
    """What the card of such a run is made of."""
    return of_run(trained(document, steps))


def text_of(source, written=WRITTEN):
    """The card's HTML."""
    events = card(source, written)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


class Reader(HTMLParser):
    """Text and structure of a page; elements that are not closed in order are a mistake."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts, self.rows, self.headings = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open or not data.strip():
            return
        self.texts.append(data.strip())
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data.strip())
        if {"th", "td"} & set(self.open):
            self.rows[-1].append(data.strip())

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())
