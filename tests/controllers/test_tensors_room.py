"""The Tensors workspace as a user meets it: cells, variables, inspector, graph, operations, and the run's objects."""

import resource
from pathlib import Path

import pytest
import torch
from driving import LONG, SMALL, answer_dialogs, end_run, start_over, train, wait_until
from PySide6.QtWidgets import QLabel

from playground.widgets.code.code_view import CodeView
from playground.widgets.common.theme import DARK, theme

STATISTICS = Path("/proc/self/statm")


@pytest.fixture(scope="module", autouse=True)
def opened(shown):
    """The room is made once; its console's thread stays."""
    shown.window.workspaces.switch("tensors")
    wait_until(lambda: "tensors" in shown.rooms, "the room")
    wait_until(lambda: "In [" in terminal(shown), "the console's prompt")


@pytest.fixture
def room(program):
    found = program.rooms["tensors"]
    yield found
    end_run(program)


def terminal(program):
    widget = program.rooms["tensors"].console_panel.terminal
    return widget._control.toPlainText() if widget is not None else ""


def run(room, code):
    """Run a cell in the panel and wait for its end and for what follows from it."""
    done = []
    room.console.cell_done.connect(lambda: done.append(True))
    room.console.run_cell(code)
    wait_until(lambda: done, f"the cell {code!r}")
    ask(room, lambda: None)


def ask(room, work):
    """What the console's thread answers, after all that it was asked before."""
    return room.console.engine.call(work).result(30)


def element(room, name):
    """The element [1, 0] of a variable."""
    return ask(room, lambda: float(room.console.engine.namespace[name][1, 0]))


def memory():
    """Bytes of memory that this process has."""
    return int(STATISTICS.read_text().split()[1]) * resource.getpagesize()


def said(panel):
    return " ".join(label.text() for label in panel.findChildren(QLabel))


def test_a_cell_runs_and_its_variables_are_listed(room):
    run(room, "a = torch.arange(12.).view(3, 4); b = a.t()")
    model = room.variables_panel.table.model()
    names = lambda: {model.index(row, 0).data() for row in range(model.rowCount())}  # noqa: E731
    wait_until(lambda: {"a", "b"} <= names(), "the variables")
    assert "torch" not in names()


def test_the_workspace_gives_the_keyboard_to_the_console(program):
    switch = program.window.workspaces.switch
    assert program.window.focusWidget() is program.rooms["tensors"].console_panel.terminal._control
    switch("train")
    program.window.rail.buttons[0].setFocus()
    switch("tensors")
    assert program.window.focusWidget() is program.rooms["tensors"].console_panel.terminal._control


def test_a_variable_is_inspected_and_follows_what_a_cell_does_to_it(room):
    run(room, "a = torch.zeros(2, 2)")
    room.variables.chosen.emit("a")
    wait_until(lambda: room.inspector.expression == "a", "the inspector")
    run(room, "a[0, 0] = 41.5")
    wait_until(lambda: "41.5" in said(room.inspector_panel), "the new maximum")


def test_looking_again_after_a_cell_does_not_keep_the_inspector_at_the_former_variable(room):
    run(room, "a = torch.zeros(2, 2); large = torch.ones(2000, 2000)")
    room.inspector.show_expression("a")
    wait_until(lambda: room.inspector.expression == "a", "the inspector")
    room.inspector.show_expression("large")
    room.inspector.refresh()
    wait_until(lambda: room.inspector.expression == "large", "the other variable")


def test_an_edit_in_the_inspector_can_be_taken_back_and_done_again_also_after_a_look_elsewhere(room):
    run(room, "a = torch.zeros(2, 2); b = a.t()")
    room.inspector.show_expression("a")
    wait_until(lambda: room.inspector.expression == "a", "the inspector")
    panel = room.inspector_panel
    panel.edit_requested.emit((1, 0), "7")
    wait_until(lambda: element(room, "a") == 7.0, "the edit")
    room.inspector.show_expression("b")
    wait_until(lambda: room.inspector.expression == "b", "the other variable")
    assert (panel.numbers.undo.isEnabled(), panel.numbers.redo.isEnabled()) == (False, False)
    room.inspector.show_expression("a")
    for asked, offered, value in (
        (panel.undo_requested, panel.numbers.undo, 0.0),
        (panel.redo_requested, panel.numbers.redo, 7.0),
        (panel.undo_requested, panel.numbers.undo, 0.0),
    ):
        wait_until(offered.isEnabled, "the button")
        asked.emit()
        wait_until(lambda value=value: element(room, "a") == value, "the change")


def test_an_edit_is_not_taken_back_in_another_tensor_of_that_name(room):
    run(room, "a = torch.zeros(2, 2)")
    room.inspector.show_expression("a")
    wait_until(lambda: room.inspector.expression == "a", "the inspector")
    room.inspector_panel.edit_requested.emit((1, 0), "7")
    wait_until(room.inspector_panel.numbers.undo.isEnabled, "the button")
    run(room, "a = torch.full((2, 2), 41.5)")
    wait_until(lambda: "41.5" in said(room.inspector_panel), "the new tensor")
    room.inspector_panel.undo_requested.emit()
    wait_until(lambda: "a is another one now" in room.inspector_panel.message.text(), "the refusal")
    assert element(room, "a") == 41.5


@pytest.mark.parametrize("page", ["memory", "table", "heat", "image", "histogram", "line"])
def test_every_page_answers(room, page):
    run(room, "a = torch.arange(20.).view(4, 5)")
    room.inspector.show_expression("a")
    wait_until(lambda: room.inspector.expression == "a", "the inspector")
    room.inspector_panel.choose_page(page)
    wait_until(lambda: room.inspector_panel.page == page, page)
    ask(room, lambda: None)
    assert not room.inspector_panel.message.isVisibleTo(room.inspector_panel)


@pytest.mark.skipif(not STATISTICS.exists(), reason="only Linux tells how much memory a process has here")
def test_the_memory_of_a_tensor_that_is_no_more_goes_to_the_next_one(room):
    cell = "x = torch.randn(1000, 1000)"  # 4 MB
    run(room, f"{cell}; x")
    room.inspector.show_expression("x")
    for _ in range(10):
        run(room, cell)
    before = memory()
    for _ in range(50):
        run(room, cell)
    assert memory() - before < 60e6  # all of them kept would be 200 MB


def test_the_operation_of_a_variable_is_a_page_and_a_module_s_call_is_refused_there(room):
    run(room, "a = torch.arange(12.).view(3, 4); b = a.t(); c = nn.Sequential(nn.Dropout())(a)")
    room.inspector.show_expression("b")
    wait_until(lambda: room.inspector.expression == "b", "the inspector")
    room.inspector_panel.choose_page("operation")
    wait_until(lambda: room.origin_page.heading.text() == "b = a.t()", "the operation")
    assert [block.grid.name for block in room.origin_page.picture.canvas.blocks] == ["a", "result"]
    room.inspector.show_expression("c")
    wait_until(lambda: "without harm" in room.inspector_panel.message.text(), "the sentence")
    room.inspector_panel.choose_page("memory")


def test_an_expression_that_is_none_is_one_sentence(room):
    room.inspector.show_expression("nothing_there + 1")
    wait_until(lambda: "cannot be inspected" in room.inspector_panel.message.text(), "the sentence")


def test_a_name_typed_alone_shows_its_graph_and_backward_ends_in_its_gradients(room):
    run(room, "w = torch.tensor([1., 2., 3.], requires_grad=True); L = -torch.log(F.softmax(w, dim=0)[1])")
    run(room, "L")
    wait_until(lambda: room.autograd.name == "L" and room.autograd_panel.view.graph.nodes, "the graph")
    room.autograd_panel.run_requested.emit(None, True)
    wait_until(lambda: "bit for bit" in room.autograd_panel.state.text(), "the leaves")
    assert ask(room, lambda: room.console.engine.namespace["w"].grad) is None
    run(room, "del L")
    wait_until(lambda: room.autograd.name == "", "the graph to be let go")


def test_an_operation_is_explained_with_the_console_s_tensors(room):
    run(room, "a = torch.ones(2, 3); b = torch.ones(3, 2)")
    room.operations_panel.explain_requested.emit("a + b")
    wait_until(lambda: "2" in said(room.operations_panel.page), "the refusal")


def test_figures_are_dark_in_a_dark_window(room):
    code = "import matplotlib; ground = matplotlib.rcParams['figure.facecolor']"
    try:
        for choice, ground in (("dark", DARK["surface"]), ("light", "white")):
            theme.choose(choice)
            run(room, code)
            assert room.console.engine.namespace["ground"] == ground
    finally:
        theme.choose("system")


def test_the_whole_of_a_long_output_is_opened_as_text(room, program):
    run(room, "for i in range(3_000): print(i)")
    wait_until(room.console_panel.more.isVisible, "the button")
    room.console_panel.more.click()
    view = program.window.findChild(CodeView)
    assert view.text.toPlainText() == "".join(f"{i}\n" for i in range(3_000))
    assert not view.is_program
    view.close()


def test_the_transcript_holds_what_was_run_and_can_be_saved(room, tmp_path, monkeypatch):
    run(room, "kept_for_later = 1")
    wait_until(lambda: "kept_for_later = 1" in room.console.engine.transcript.script(), "the cell")
    answer_dialogs(monkeypatch, tmp_path / "transcript.py")
    room.transcript_panel.save_requested.emit(room.console.engine.transcript.script())
    assert "kept_for_later = 1" in (tmp_path / "transcript.py").read_text()


def test_the_run_s_objects_are_the_console_s(room, program):
    train(program)
    program.window.workspaces.switch("tensors")
    wait_until(lambda: "net" in ask(room, lambda: dict(room.console.engine.namespace)), "net")
    assert isinstance(ask(room, lambda: room.console.engine.namespace["net"]), torch.nn.Sequential)


def test_a_learning_rate_set_in_the_console_changes_the_form_undoably(room, program):
    start_over(program, LONG)
    program.training.train()
    wait_until(lambda: program.run.state == "running", "the run")
    wait_until(lambda: "optimizer" in ask(room, lambda: dict(room.console.engine.namespace)), "the optimiser")
    run(room, 'optimizer.param_groups[0]["lr"] = 0.125')
    wait_until(lambda: program.session.document.training.optimizer.args["lr"] == 0.125, "the document to follow")
    program.session.undo_stack.undo()
    assert program.session.document.training == LONG.training


def test_after_a_net_that_does_not_fit_the_names_are_the_run_s_again_and_the_console_says_so(room, program):
    start_over(program, LONG)
    program.training.train()
    wait_until(lambda: program.run.state == "running", "the run")
    names = room.console.engine.namespace
    wait_until(lambda: "net" in ask(room, lambda: dict(names)), "net")
    own = ask(room, lambda: [names[name] for name in ("net", "optimizer", "loss_fn")])
    run(room, "net = nn.Linear(3, 3); optimizer = torch.optim.Adam(net.parameters())")
    again = ask(room, lambda: [names[name] for name in ("net", "optimizer", "loss_fn")])
    assert all(one is other for one, other in zip(own, again, strict=True))
    wait_until(lambda: "net and optimizer are the run's own again" in terminal(program), "the note")
    assert program.run.state == "running"
    assert program.session.document == LONG


def test_what_a_cell_changes_is_said_below_it(room, program):
    start_over(program, LONG)
    program.training.train()
    wait_until(lambda: program.run.state == "running", "the run")
    wait_until(lambda: "optimizer" in ask(room, lambda: dict(room.console.engine.namespace)), "the optimiser")
    run(room, 'optimizer.param_groups[0]["lr"] = 0.0625')
    wait_until(lambda: "| training: learning rate 0.5 -> 0.0625, from batch" in terminal(program), "the note")


def test_a_warning_has_its_note_below_each_time(room, program):
    for _ in range(2):
        seen = terminal(program).count("broadcasting compares each with each")
        run(room, "nn.MSELoss()(torch.zeros(3, 1), torch.zeros(3))")
        wait_until(lambda: terminal(program).count("broadcasting compares each with each") > seen, "the note")  # noqa: B023


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("training.batch_size", 7, "batch_size=7, shuffle=True)"),
        ("training.epochs", 4, "epochs = 4"),
        ("training.device", "auto", "device = torch.device("),
        ("data.samples", 90, "gaussians(90, 2, "),
    ],
)
def test_a_click_that_makes_no_object_of_the_run_is_echoed_too(room, program, path, value, line):
    start_over(program, SMALL)
    program.session.push(path, value, "an edit")
    assert line in room.console.engine.transcript.script()


def test_a_click_is_echoed_as_the_line_that_does_it(room, program):
    start_over(program, SMALL)
    program.session.push("training.optimizer.args", SMALL.training.optimizer.args.with_(lr=0.25), "rate")
    assert 'optimizer.param_groups[0]["lr"] = 0.25' in room.console.engine.transcript.script()
