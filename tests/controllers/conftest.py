"""The program behind the controllers: one for each module, brought to rest for each test."""

import pytest
from driving import end_run, shown_program, start_over


@pytest.fixture(scope="module")
def shown(qapp, tmp_path_factory):  # noqa: ARG001  # pytest-qt makes the application
    """A shown program with PyTorch loaded."""
    with shown_program(tmp_path_factory.mktemp("user")) as program:
        yield program


@pytest.fixture
def program(shown):
    """The shown program with a small document, at rest, nothing said."""
    start_over(shown)
    yield shown
    end_run(shown)
