"""What a model card says in words: the summary, and the figures that a reader looks for first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playground.engine.data.facts import Facts
from playground.engine.export.card.numbers import by, duration, number, percent, plural, short
from playground.engine.export.card.results import Classified, Results
from playground.engine.export.card.source import CardSource
from playground.engine.network.events import Analysis
from playground.engine.spec import Args
from playground.engine.training.events import EpochDone, Score
from playground.engine.training.history import SplitName

State = Literal["untrained", "stopped", "trained", "unknown"]

LOSSES = {
    "cross_entropy": "cross entropy",
    "nll": "negative log-likelihood",
    "mse": "mean squared error",
    "l1": "mean absolute error",
    "kl_div": "Kullback-Leibler divergence",
    "bce_with_logits": "binary cross entropy",
}
SPLITS: tuple[SplitName, ...] = ("test", "validation", "train")


@dataclass(frozen=True)
class Figure:
    """A number worth a large print, with its name and a remark."""

    value: str
    name: str
    remark: str = ""


@dataclass(frozen=True)
class Mark:
    """The score of one split after one epoch."""

    split: SplitName
    epoch: int
    score: Score


def state_of(source: CardSource) -> State:
    """How far the training came, as far as that is known."""
    if source.steps is None:
        return "unknown"
    if source.steps == 0:
        return "untrained"
    return "trained" if epochs_done(source) >= source.document.training.epochs else "stopped"


def epochs_done(source: CardSource) -> int:
    """How many epochs were trained and scored."""
    return source.history.epochs[-1].epoch if source.history.epochs else 0


def summary(source: CardSource, facts: Facts, analysis: Analysis, found: Results | None) -> str:
    """One paragraph: what was trained on what, how long, and how well it does."""
    what = f"A network of {plural(len(analysis.layers), 'layer')} with {plural(analysis.parameters, 'parameter')}"
    return " ".join([f"{what} for {_of_data(facts)}.", _course(source, facts), *_outcome(source, facts, found)])


def figures(source: CardSource, facts: Facts, analysis: Analysis, found: Results | None) -> tuple[Figure, ...]:
    """What a reader looks for first."""
    frozen = analysis.parameters - analysis.trainable
    size = Figure(f"{analysis.parameters:,}", "parameters", f"{frozen:,} frozen" if frozen else "")
    work = Figure(short(analysis.flops), "FLOPs a sample", "of matrix products and convolutions")
    return (*_quality(source, facts, found), *_best(source, facts), *_effort(source), size, work)


def _of_data(facts: Facts) -> str:
    sample = by(facts.shape) if len(facts.shape) > 1 else plural(facts.shape[0], "number")
    if facts.task == "classification":
        return f"{facts.title}, samples of {sample} in {facts.outputs} classes"
    return f"{facts.title}, samples of {sample} with {plural(facts.outputs, 'value')} to predict"


def _course(source: CardSource, facts: Facts) -> str:
    training, state = source.document.training, state_of(source)
    if state == "untrained":
        return f"It has not been trained: its weights are those that it began with (seed {training.seed})."
    if state == "unknown":
        return "The file does not say whether and how long it was trained."
    how = f"{LOSSES[training.loss.name]} and {training.optimizer.name}{_called(training.optimizer.args)}"
    return f"It was trained on {plural(facts.train, 'sample')} {_length(source, state)}{_place(source)}, with {how}."


def _length(source: CardSource, state: State) -> str:
    wanted = source.document.training.epochs
    steps = plural(source.steps or 0, "step")
    if state == "trained":
        return f"for {plural(wanted, 'epoch')} ({steps})"
    return f"for {epochs_done(source):,} of {plural(wanted, 'epoch')} ({steps}; it was stopped or still runs)"


def _place(source: CardSource) -> str:
    seconds = f" in {duration(source.history.seconds)}" if source.history.seconds else ""
    return f"{seconds} on {source.started.device_name or source.started.device}" if source.started else seconds


def _called(args: Args) -> str:
    return f"({', '.join(f'{name}={value!r}' for name, value in args.items())})"


def _outcome(source: CardSource, facts: Facts, found: Results | None) -> Iterator[str]:
    if isinstance(found, Classified):
        samples = plural(len(found.labels), "test sample")
        yield f"Of the {samples} it recognises {found.right:,} ({percent(found.accuracy)})."
    elif found is not None:
        average = number(found.mean_absolute)
        yield f"On the {plural(len(found.targets), 'test sample')} it is off by {average} on average."
    best, last = _marks(source, facts)
    if best is not None and last is not None and best.epoch != last.epoch:
        name = _name(best.split, facts)
        yield f"The best {name} was that of epoch {best.epoch}: {_value(best, facts)}."


def _quality(source: CardSource, facts: Facts, found: Results | None) -> Iterator[Figure]:
    if isinstance(found, Classified):
        yield Figure(percent(found.accuracy), "test accuracy", f"{found.right:,} of {len(found.labels):,} samples")
    elif found is not None:
        yield Figure(number(found.root_mean_square), "test error", "root of the mean square")
        yield Figure(number(found.explained), "R\N{SUPERSCRIPT TWO}", "share of the variance that is predicted")
    else:
        last = _marks(source, facts)[1]
        if last is not None:
            yield Figure(_value(last, facts), _name(last.split, facts), f"as noted after epoch {last.epoch}")


def _best(source: CardSource, facts: Facts) -> Iterator[Figure]:
    best, last = _marks(source, facts)
    if best is not None and last is not None and best.epoch != last.epoch:
        yield Figure(_value(best, facts), f"best {_name(best.split, facts)}", f"after epoch {best.epoch}")


def _effort(source: CardSource) -> Iterator[Figure]:
    if source.history.seconds:
        lengths = f"{plural(epochs_done(source), 'epoch')}, {plural(source.steps or 0, 'step')}"
        yield Figure(duration(source.history.seconds), "training time", lengths)


def _marks(source: CardSource, facts: Facts) -> tuple[Mark | None, Mark | None]:
    """The best and the last epoch, by the split that tells most: test, else validation, else training."""
    for split in SPLITS:
        marks = [
            Mark(split, epoch.epoch, score)
            for epoch in source.history.epochs
            if (score := _score_of(epoch, split)) is not None
        ]
        if marks:
            by_loss = facts.task == "regression"
            return min(marks, key=lambda m: m.score.loss if by_loss else -m.score.accuracy), marks[-1]
    return None, None


def _score_of(epoch: EpochDone, split: SplitName) -> Score | None:
    score: Score | None = getattr(epoch, split)
    return score


def _name(split: SplitName, facts: Facts) -> str:
    return f"{'training' if split == 'train' else split} {'loss' if facts.task == 'regression' else 'accuracy'}"


def _value(mark: Mark, facts: Facts) -> str:
    return number(mark.score.loss) if facts.task == "regression" else percent(mark.score.accuracy)
