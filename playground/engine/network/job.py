"""Analysis as a job: the newest network asked about is analysed, on a warm thread."""

from collections.abc import Generator
from dataclasses import dataclass

from playground.engine.inbox import Inbox
from playground.engine.network.analysis import Analysis, analyse
from playground.engine.network.spec import NetworkSpec


@dataclass(frozen=True, slots=True)
class Question:
    """Which network, for samples of which shape."""

    network: NetworkSpec
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The analysis of the network that was asked about."""

    question: Question
    analysis: Analysis


def analysis_job(inbox: Inbox) -> Generator[Answer]:
    """Answer every `Question` put into the inbox, until it is closed."""
    for _, question in inbox:
        yield Answer(question, analyse(question.network, question.shape))
