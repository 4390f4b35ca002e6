"""Analysis as a job: the newest network asked about is analysed, on a warm thread."""

from collections.abc import Generator

from playground.engine.inbox import Inbox
from playground.engine.network.analysis import analyse
from playground.engine.network.events import Answer


def analysis_job(inbox: Inbox) -> Generator[Answer, None, None]:
    """Answer every `Question` put into the inbox, until it is closed."""
    for _, question in inbox:
        yield Answer(question, analyse(question.network, question.shape))
