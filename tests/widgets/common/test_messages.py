"""The window's sentences are the engine's, ready to be translated."""

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from playground.engine import problems
from playground.engine.problems import Problem
from playground.widgets.common import messages


class Backwards(QTranslator):
    """Translates one sentence, to see that translation is asked for."""

    def translate(self, context, text, *_more):
        if context == "problems" and text == problems.TEMPLATES["file-missing"]:
            return "Es gibt {path} nicht."
        return None

    def isEmpty(self):
        return False


def test_every_code_of_the_engine_has_the_same_sentence_here():
    assert dict(messages.TEMPLATES) == dict(problems.TEMPLATES)


def test_a_sentence_is_filled_with_the_problems_fields():
    problem = Problem("file-too-large", path="a.playground", size=20_000_000, limit=16_777_216)
    assert messages.sentence(problem.code, problem.fields) == problem.sentence


@pytest.mark.usefixtures("qapp")
def test_a_sentence_is_translated():
    translator = Backwards()
    QCoreApplication.installTranslator(translator)
    try:
        assert messages.sentence("file-missing", {"path": "x"}) == "Es gibt x nicht."
    finally:
        QCoreApplication.removeTranslator(translator)
