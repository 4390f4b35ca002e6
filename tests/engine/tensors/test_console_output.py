"""What a cell prints, shows and draws: how much of it is shown, and how."""

import threading
from collections.abc import Iterator
from typing import Any

import matplotlib
import pytest

from playground.engine.document import Document
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.console.figures import FigureColors, dress
from playground.engine.tensors.console.output import KEPT, SHOWN, SHOWN_LINES

Messages = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def console() -> Iterator[Console]:
    """A console on a thread of its own."""
    console = Console(Document)
    thread = threading.Thread(target=console.serve)
    thread.start()
    yield console
    console.close()
    thread.join()


@pytest.fixture
def messages(console: Console) -> Messages:
    """What is shown, in order."""
    found: Messages = []
    console.listen(lambda kind, content: found.append((kind, content)))
    return found


def test_an_error_begins_a_line_of_its_own(console: Console, messages: Messages) -> None:
    result = console.run_cell("print('so', end=''); 1 / 0")
    kinds = [(kind, content.get("text")) for kind, content in messages if kind in ("stream", "error")]
    assert kinds == [("stream", "so"), ("stream", "\n"), ("error", None)]
    assert result.text == "so"


def test_a_flood_of_output_is_capped_counted_and_kept_up_to_a_bound(console: Console, messages: Messages) -> None:
    result = console.run_cell("for i in range(200_000): print('x' * 60)")
    assert len(_printed(messages)) == SHOWN
    assert len(result.text) == KEPT
    told = next(content["text"] for kind, content in messages if content.get("name") == "stderr")
    assert f"{200_000 * 61 - SHOWN:,} more characters are not shown (200,000 lines in all)" in told
    assert next(content["text"] for kind, content in messages if kind == "capped") == result.text


@pytest.mark.parametrize("code", ["for i in range(5_000): print(i)", "print('\\n'.join(map(str, range(5_000))))"])
def test_many_short_lines_are_capped_as_lines(console: Console, messages: Messages, code: str) -> None:
    result = console.run_cell(code)
    assert _printed(messages).splitlines() == [str(i) for i in range(SHOWN_LINES)]
    assert next(content["text"] for kind, content in messages if kind == "capped") == result.text
    assert result.text.splitlines() == [str(i) for i in range(5_000)]


def test_as_many_lines_as_are_shown_are_not_capped(console: Console, messages: Messages) -> None:
    console.run_cell(f"for i in range({SHOWN_LINES}): print(i)")
    assert "capped" not in [kind for kind, _ in messages]


def test_a_long_value_is_capped_too(console: Console, messages: Messages) -> None:
    result = console.run_cell("'y' * 200_000")
    value = next(content for kind, content in messages if kind == "execute_result")
    assert len(value["data"]["text/plain"]) == SHOWN
    assert result.text == repr("y" * 200_000) + "\n"


def test_a_figure_is_shown_in_the_console(console: Console, messages: Messages) -> None:
    assert console.run_cell("plot_curve([3, 2, 1])").error == ""
    shown = [content["data"] for kind, content in messages if kind == "display_data"]
    assert [sorted(data) for data in shown] == [["image/png", "text/plain"]]
    assert shown[0]["image/png"].startswith("iVBOR")


def test_figures_take_the_colours_of_a_dark_window_and_give_them_back() -> None:
    names = ("figure.facecolor", "axes.facecolor", "text.color", "xtick.color", "axes.edgecolor", "grid.color")
    before = {name: matplotlib.rcParams[name] for name in matplotlib.rcParams}
    dress(FigureColors("#101010", "#fefefe", "#999999", "#333333"))
    dark = [matplotlib.rcParams[name] for name in names]
    dress(None)
    assert dark == ["#101010", "#101010", "#fefefe", "#999999", "#999999", "#333333"]
    assert {name: matplotlib.rcParams[name] for name in matplotlib.rcParams} == before


def _printed(messages: Messages) -> str:
    """What the console shows of what was printed."""
    return "".join(content["text"] for kind, content in messages if kind == "stream" and content["name"] == "stdout")
