"""One cell after the other: what it prints, how it fails, what stays of it."""

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest
import torch

from playground.engine.document import Document
from playground.engine.tensors.console.cells import CellResult
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.graph import GraphHandle

PATIENCE_S = 60
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


def started(console: Console, code: str) -> "Future[CellResult]":
    """A cell that runs on, and has begun."""
    begun, done = threading.Event(), Future[CellResult]()
    console.namespace["begun"] = begun
    code = f"begun.set()\n{code}"
    threading.Thread(target=lambda: done.set_result(console.run_cell(code)), daemon=True).start()
    assert begun.wait(PATIENCE_S)
    return done


def interrupted(console: Console, done: "Future[CellResult]") -> CellResult:
    """Interrupt it."""
    assert console.interrupt()
    return done.result(PATIENCE_S)


def test_a_cell_gives_what_it_prints_and_its_value(console: Console) -> None:
    result = console.run_cell("print('so'); 6 * 7")
    assert (result.text, result.error, result.note) == ("so\n42\n", "", "")
    assert 0 < result.seconds < PATIENCE_S


def test_names_stay_from_cell_to_cell_and_torch_is_there(console: Console) -> None:
    console.run_cell("w = torch.arange(6.).view(2, 3)")
    assert console.run_cell("F.relu(-w).sum() + nn.Identity()(w)[1, 2] + np.float32(1)").text == "tensor(6.)\n"
    assert torch.equal(console.namespace["w"], torch.arange(6.0).view(2, 3))
    assert "w" in console.names()
    assert not {"torch", "np", "F", "one_hot", "In", "exit"} & set(console.names())


def test_an_error_keeps_its_traceback_and_the_console_goes_on(console: Console, messages: Messages) -> None:
    result = console.run_cell("print('before')\n1 / 0")
    assert result.text == "before\n"
    assert result.error == "ZeroDivisionError: division by zero"
    assert "1 / 0" in result.traceback
    assert "\x1b" not in result.traceback
    assert [content["ename"] for kind, content in messages if kind == "error"] == ["ZeroDivisionError"]
    assert console.run_cell("1").text == "1\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("def again(): return again()\nagain()", "RecursionError"),
        ("torch.empty(10**15)", "RuntimeError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("input('name: ')", "EOFError: input() is not available in this console"),
        ("await nothing", "SyntaxError: 'await' outside function"),
        ("%nonsense", "UsageError"),
        ("print\uff081\uff09", "SyntaxError"),
    ],
)
def test_what_would_end_or_hang_another_console_is_an_error_of_one_cell(
    console: Console, code: str, error: str
) -> None:
    assert console.run_cell(code).error.startswith(error)
    assert console.run_cell("1 + 1").text == "2\n"


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("input('name: ')", "name = 'Ada'"),
        ("breakpoint()", "A debugger waits for commands"),
        ("import pdb\ndef f():\n    pdb.Pdb().set_trace()\nf()", "A debugger waits for commands"),
    ],
)
def test_what_would_wait_for_someone_to_type_says_what_works_instead(console: Console, code: str, note: str) -> None:
    result = console.run_cell(code)
    assert note in result.note
    assert "output.py" not in result.traceback


@pytest.mark.parametrize("code", ["exit()", "quit()", "exit", "import sys; sys.exit()"])
def test_nothing_typed_leaves_a_dead_console(console: Console, code: str) -> None:
    result = console.run_cell(code)
    assert "stays open" in result.text + result.note
    assert console.run_cell("1 + 1").text == "2\n"


def test_a_top_level_await_says_what_works_instead(console: Console) -> None:
    assert "asyncio.run" in console.run_cell("await nothing").note
    told = console.run_cell("import asyncio\nasync def main(): return 5\nasyncio.run(main())")
    assert told.text == "5\n"


@pytest.mark.parametrize("name", ["net", "optimizer", "x", "history"])
def test_a_name_of_the_run_is_explained_before_there_is_a_run(console: Console, name: str) -> None:
    result = console.run_cell(name)
    assert result.error.startswith("NameError")
    assert result.note.startswith(f"{name} is there as soon as a run has been started")


@pytest.mark.parametrize("line", ["%matplotlib inline", "%matplotlib", "%matplotlib qt"])
def test_the_first_line_of_a_notebook_leaves_figures_in_the_console(console: Console, line: str) -> None:
    assert console.run_cell(line).error == ""
    backend = console.run_cell("import matplotlib; print(matplotlib.get_backend())").text
    assert backend.strip().removeprefix("module://matplotlib_inline.backend_").startswith("inline")


def test_a_common_mistake_has_its_cure_below_the_traceback(console: Console, messages: Messages) -> None:
    result = console.run_cell("torch.sigmod(torch.zeros(2))")
    assert "sigmoid" in result.note
    assert ("note", {"text": result.note}) in messages


def test_a_warning_is_one_line_with_its_cure(console: Console) -> None:
    result = console.run_cell("F.mse_loss(torch.zeros(4, 1), torch.zeros(4))")
    assert result.error == ""
    assert result.text.startswith("UserWarning: Using a target size")
    assert result.text.endswith("tensor(0.)\n")
    assert "4" in result.note


def test_a_cell_that_begins_while_the_console_closes_is_not_run_on(console: Console) -> None:
    console.watchers.before_cell.append(lambda _: console.close())
    assert console.run_cell("while True: pass").error == "KeyboardInterrupt"


def test_an_endless_loop_is_interrupted(console: Console) -> None:
    console.run_cell("count = 0")
    result = interrupted(console, started(console, "while True: count += 1"))
    assert result.error == "KeyboardInterrupt"
    assert console.namespace["count"] > 0
    assert console.run_cell("1").text == "1\n"


def test_an_endless_loop_of_draws_is_interrupted_with_the_gate_given_back(console: Console) -> None:
    result = interrupted(console, started(console, "while True: torch.rand(2)"))
    assert result.error.startswith("KeyboardInterrupt")
    from playground.engine.gate import draws

    with draws:  # waits for ever where a draw still held it
        assert console.interrupt() is False


def test_interrupting_an_idle_console_does_nothing(console: Console) -> None:
    console.run_cell("1")
    assert console.interrupt() is False
    assert console.run_cell("2").text == "2\n"


def test_a_big_tensor_prints_its_summary(console: Console) -> None:
    assert len(console.run_cell("torch.randn(1000, 1000)").text) < 1000


def test_other_threads_print_where_they_did_before(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    done = started(console, "while 'go_on' not in globals(): pass\nprint('inside')")
    print("outside")  # noqa: T201
    console.namespace["go_on"] = True
    assert done.result(PATIENCE_S).text == "inside\n"
    assert capsys.readouterr().out == "outside\n"


def test_out_keeps_the_last_values_and_lets_older_ones_go(console: Console) -> None:
    console.run_cell("torch.randn(3)")
    first = weakref.ref(console.namespace["_"])
    assert torch.equal(console.namespace["_"], console.namespace["Out"][1])
    for _ in range(25):
        console.run_cell("torch.randn(3)")
    gc.collect()
    assert first() is None
    assert len(console.namespace["Out"]) <= 20


def test_a_thousand_fold_rebound_tensor_leaves_nothing_behind(console: Console) -> None:
    seen = []
    for _ in range(30):
        console.run_cell("x = torch.randn(100, 100)")
        seen.append(weakref.ref(console.namespace["x"]))
    gc.collect()
    assert [each() is None for each in seen] == [True] * 29 + [False]


def test_closing_lets_go_of_everything_and_gives_main_back() -> None:
    import sys

    before = sys.modules["__main__"]
    console = Console(Document)
    with console.opened():
        console.run_cell("class Mine(nn.Module): pass\nt = torch.ones(3)\nimport pickle")
        kept = weakref.ref(console.namespace["t"])
        assert console.run_cell("type(pickle.loads(pickle.dumps(Mine()))) is Mine").text == "True\n"
        assert console.run_cell("__name__").text == "'__main__'\n"
    gc.collect()
    assert kept() is None
    assert sys.modules["__main__"] is before


def test_torch_is_as_it_was_after_closing() -> None:
    functions = torch.manual_seed, torch.random.seed, torch.cuda.manual_seed_all
    with Console(Document).opened():
        assert torch.manual_seed is not functions[0]
    assert (torch.manual_seed, torch.random.seed, torch.cuda.manual_seed_all) == functions


def test_what_was_typed_is_there_at_the_next_start(fresh_user: Any) -> None:
    for code in ("a = 1", "b = 2"):
        console = Console(Document)
        with console.opened():
            console.run_cell(code)
    asked: list[dict[str, Any]] = []
    console = Console(Document)
    thread = threading.Thread(target=console.serve)
    console.request("history_request", {"hist_access_type": "tail", "n": 10}, asked.append)
    console.call(console.close)
    thread.start()
    thread.join()
    assert [entry[2] for entry in asked[0]["history"]] == ["a = 1", "b = 2"]
    file = fresh_user / "data" / "console" / "history.sqlite"
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_closed_console_cancels_what_comes_later(console: Console) -> None:
    console.close()
    with pytest.raises(CancelledError):
        console.run_cell("1")


def test_shell_commands_and_folders_work(console: Console, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    assert console.run_cell("!echo hello").text == "hello\n"
    console.run_cell("%cd -q inner")
    assert console.run_cell("import os; os.path.basename(os.getcwd())").text == "'inner'\n"


def test_a_watcher_hears_which_names_changed(console: Console) -> None:
    told: list[tuple[str, ...]] = []
    console.watchers.after_cell.append(lambda done: told.append(done.names))
    for code in (
        "a = torch.zeros(2)\nn = nn.Linear(2, 2)",
        "a",
        "a += 1",
        "n.weight.data = torch.zeros(2, 2)",
        "del a",
    ):
        console.run_cell(code)
    console.run_cell("with torch.no_grad(): n.bias.zero_()")
    assert told == [("a", "n"), (), ("a",), ("n",), ("a",), ("n",)]


def test_a_question_is_answered_between_two_cells_on_the_same_thread(console: Console) -> None:
    console.run_cell("import threading; me = threading.get_ident()")
    assert console.call(threading.get_ident).result(PATIENCE_S) == console.namespace["me"]
    with pytest.raises(ZeroDivisionError):
        console.call(lambda: 1 / 0).result(PATIENCE_S)


def test_bound_objects_stand_under_their_names(console: Console) -> None:
    net = torch.nn.Linear(2, 1)
    told: list[tuple[str, ...]] = []
    console.watchers.after_bind.append(told.append)
    console.bind({"net": net})
    assert console.run_cell("net").text == f"{net!r}\n"
    assert console.namespace["net"] is net
    assert told == [("net",)]


def test_the_data_is_that_of_the_document() -> None:
    from playground.engine.data.sets import load_present
    from playground.engine.data.spec import Points
    from playground.engine.document import replace

    document = replace(Document(data=Points(samples=50, test=20)), "training.batch_size", 16)
    mine = Console(lambda: document, is_shared=False, remembers=False)
    train = load_present(document.data).train
    with mine.opened():
        assert mine.run_cell("len(train_db), len(test_db), len(train_loader)").text == "(50, 20, 4)\n"
        mine.run_cell("x, y = next(iter(test_loader))\ninput, target = train_db[3]")
        assert torch.equal(mine.namespace["input"], train.inputs[3])
        assert mine.namespace["target"] == int(train.targets[3])
        assert mine.namespace["x"].shape == (16, 2)
        assert mine.run_cell("train_db[50]").error.startswith("IndexError")
        mine.run_cell("train_db = 'my own'")
        document = replace(document, "training.batch_size", 25)
        assert mine.run_cell("len(train_loader), train_db").text == "(2, 'my own')\n"


def test_requests_of_a_front_end_are_answered(console: Console, messages: Messages) -> None:
    replies: list[dict[str, Any]] = []
    for kind, content in (
        ("complete_request", {"code": "torch.softma", "cursor_pos": 12}),
        ("inspect_request", {"code": "one_hot(", "cursor_pos": 7}),
        ("inspect_request", {"code": "not_there", "cursor_pos": 5}),
        ("is_complete_request", {"code": "for i in x:"}),
        ("execute_request", {"code": "one_hot?"}),
        ("kernel_info_request", {}),
    ):
        console.request(kind, content, replies.append)
    console.run_cell("pass")
    completed, inspected, unknown, complete, executed, about = replies
    assert "torch.softma"[: completed["cursor_start"]] + completed["matches"][0] == "torch.softmax"
    assert "Class numbers [N]" in inspected["data"]["text/plain"]
    assert unknown["found"] is False
    assert complete == {"status": "incomplete", "indent": "    "}
    assert (executed["status"], executed["execution_count"]) == ("ok", 1)
    assert "Class numbers [N]" in executed["payload"][0]["data"]["text/plain"]
    assert about["language_info"]["name"] == "python"
    assert ("execute_input", {"code": "one_hot?", "execution_count": 1}) in messages


def test_a_number_that_an_operation_saved_is_a_tensor_as_in_plain_python(console: Console) -> None:
    console.run_cell("w = torch.ones(2, requires_grad=True); saved = (w * 2.5).grad_fn._saved_other")
    assert console.run_cell("saved.detach()").text == "tensor(2.5000, dtype=torch.float64)\n"
    assert console.run_cell("float(saved)").text == "2.5\n"


def test_the_modules_that_a_cell_calls_are_known_afterwards(console: Console) -> None:
    console.run_cell("net = nn.Sequential(nn.Linear(2, 3), nn.ReLU()); L = net(torch.ones(1, 2)).sum()")
    variables = console.namespace
    modules = GraphHandle(variables["L"], variables, variables["net"], console.modules).modules()
    assert modules == ("0", "1")
    assert not any(each._forward_hooks for each in variables["net"].modules())
