"""Problems: a code, the facts and one sentence, also after a journey between processes."""

import pickle
import string

import pytest

from playground.engine.problems import TEMPLATES, Problem


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_template_is_one_line_that_ends_as_a_sentence(code):
    template = TEMPLATES[code]
    assert template == template.strip()
    assert template.endswith((".", "?"))
    assert "\n" not in template
    fields = {name: 1 for _, name, _, _ in string.Formatter().parse(template) if name}
    assert "{" not in Problem(code, **fields).sentence


def test_a_problem_is_its_sentence():
    problem = Problem("file-missing", path="a.txt", node="extra")
    assert str(problem) == problem.sentence == "a.txt does not exist; check the name."
    assert problem.fields["node"] == "extra"


def test_a_problem_survives_a_journey_between_processes():
    problem = Problem("file-missing", details="traceback", path="a.txt")
    again = pickle.loads(pickle.dumps(problem))
    assert (again.code, again.details, again.fields, again.sentence) == (
        problem.code,
        "traceback",
        {"path": "a.txt"},
        problem.sentence,
    )


def test_a_code_that_there_is_not_and_a_missing_fact_are_faults():
    with pytest.raises(KeyError):
        Problem("no-such-code")
    with pytest.raises(KeyError):
        Problem("file-missing")
