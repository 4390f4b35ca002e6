"""Analysis as a job: the newest network asked about is analysed on a warm thread, then mended and looked through."""

from collections.abc import Generator

from playground.engine.inbox import Inbox
from playground.engine.network.analysis import analyse
from playground.engine.network.doctor import examine
from playground.engine.network.events import Advice, Answer, Question
from playground.engine.network.lint import warnings


def analysis_job(inbox: Inbox) -> Generator[Answer | Advice, None, None]:
    """Answer every `Question` put into the inbox, until it is closed: the shapes first, then the advice."""
    for _, question in inbox:
        yield from _answers(question)


def _answers(question: Question) -> Generator[Answer | Advice, None, None]:
    network = question.document.network
    yield Answer(question, analyse(network, question.shape))
    yield Advice(question, examine(network, question.shape, question.outputs), warnings(question.document))
