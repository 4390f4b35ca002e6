"""The settings of a run as a model card lists them, by subject."""

from collections.abc import Iterator
from dataclasses import dataclass

from playground.engine.data.facts import Facts
from playground.engine.data.spec import Images, Points, RandomData
from playground.engine.document import Document
from playground.engine.export.card.numbers import by
from playground.engine.export.card.source import CardSource
from playground.engine.export.card.words import LOSSES
from playground.engine.spec import Args, Value

_NORMALISATIONS = {
    "standard": "minus the mean, divided by the deviation",
    "unit": "none: pixels from 0 to 1",
    "symmetric": "to pixels from -1 to 1",
}
_UNITS = {"rotation": "\N{DEGREE SIGN}", "shear": "\N{DEGREE SIGN}", "shift": " pixels", "thickness": " pixels"}

Row = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Settings that belong together: names and values."""

    title: str
    rows: tuple[Row, ...]


def settings(source: CardSource, facts: Facts) -> tuple[Group, ...]:
    """Everything that decided what the run computed, apart from the network."""
    training = source.document.training
    optimizer, schedule = training.optimizer, training.schedule
    loss = (("loss", LOSSES[training.loss.name]), ("over the batch", training.loss.reduction))
    groups = [Group("Data", tuple(_data(source.document, facts))), Group("Loss", loss)]
    groups.append(Group("Optimiser", (("class", f"torch.optim.{optimizer.name}"), *_arguments(optimizer.args))))
    if schedule is not None:
        rows = (("class", schedule.name), ("moves on after every", schedule.every), *_arguments(schedule.args))
        groups.append(Group("Schedule", rows))
    return (*groups, Group("Run", tuple(_run(source))))


def _data(document: Document, facts: Facts) -> Iterator[Row]:
    yield "set", facts.title
    yield "one sample", by(facts.shape)
    yield ("classes" if facts.classes else "values"), ", ".join(facts.classes) or str(facts.outputs)
    for name in ("train", "validation", "test"):
        count = getattr(facts, name)
        yield f"{'training' if name == 'train' else name} samples", f"{count:,}" if count else "none"
    yield from _kind(document.data, facts)


def _kind(data: Images | Points | RandomData, facts: Facts) -> Iterator[Row]:
    if not isinstance(data, Images):
        yield "seed of the set", str(data.seed)
        if isinstance(data, Points):
            yield "noise", _text(data.noise)
        return
    yield "normalised", _NORMALISATIONS[data.normalisation]
    yield "mean", ", ".join(map(_text, facts.mean))
    yield "deviation", ", ".join(map(_text, facts.std))
    augment = data.augment
    changes = {name: getattr(augment, name) for name in augment.__struct_fields__} if augment else {}
    texts = [
        f"{name} \N{PLUS-MINUS SIGN}{_text(value)}{_UNITS.get(name, '')}" for name, value in changes.items() if value
    ]
    yield "augmentation", ", ".join(texts) or "none"


def _run(source: CardSource) -> Iterator[Row]:
    training, started = source.document.training, source.started
    yield "batch size", f"{training.batch_size:,}"
    yield "epochs", f"{training.epochs:,}"
    yield "seed", str(training.seed)
    yield "deterministic algorithms", "asked for" if training.deterministic else "not asked for"
    if started is None:
        yield "device", f"{training.device} was asked for; where it ran was not noted"
        return
    yield "device", f"{started.device} ({started.device_name})" if started.device_name else started.device
    yield "threads", str(started.threads)
    yield "the same again", "bit for bit on this machine" if started.exact else "not bit for bit"


def _arguments(args: Args) -> Iterator[Row]:
    yield from ((name, _text(value)) for name, value in args.items())


def _text(value: Value) -> str:
    """A value as Python would write it, floats without needless figures."""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else repr(value)
