"""The graph of the net in training on its batch: by a click or a typed line, stepped through while training goes on."""

import gc
import weakref

import pytest
import torch
from driving import LONG, SMALL, end_run, start_over, train, wait_until

from playground.engine.document import replace
from playground.engine.network.sequence import layer, sequence

NORMED = replace(
    SMALL,
    "network",
    sequence(layer("Linear", in_features=2, out_features=2), layer("BatchNorm1d", num_features=2)),
)


@pytest.fixture(scope="module", autouse=True)
def opened(shown):
    """The room is made once; its console's thread stays."""
    shown.window.workspaces.switch("tensors")
    wait_until(lambda: "tensors" in shown.rooms, "the room")
    wait_until(lambda: shown.rooms["tensors"].console_panel.terminal is not None, "the terminal")
    wait_until(lambda: "In [" in shown.rooms["tensors"].console_panel.terminal._control.toPlainText(), "the prompt")


@pytest.fixture
def room(program):
    program.window.workspaces.switch("tensors")
    program.window.docks["autograd"].raise_()
    found = program.rooms["tensors"]
    yield found
    end_run(program)
    run(room=found, code="%reset_selective -f ^(loss|L|p|w|buffers)$")
    wait_until(lambda: not found.autograd.name, "the graph to be let go")


def run(room, code):
    """Run a cell in the panel and wait for its end."""
    done = []
    room.console.cell_done.connect(lambda: done.append(True))
    room.console.run_cell(code)
    wait_until(lambda: done, f"the cell {code!r}")


def ask(room, work):
    """What the console's thread answers, after all that it was asked before."""
    return room.console.engine.call(work).result(30)


def show_loss(room):
    """Press the button and wait for the graph."""
    wait_until(room.autograd_panel._run_buttons[0].isEnabled, "a run")
    room.autograd_panel.run_loss_requested.emit()
    shown_graph(room, "loss")


def shown_graph(room, name):
    wait_until(lambda: room.autograd.name == name == room.autograd_panel.view.graph.title, f"the graph of {name}")


def nodes(room):
    return room.autograd_panel.view.graph.nodes


def test_one_click_draws_the_loss_of_a_run_and_steps_through_it_while_training_goes_on(room, program):
    start_over(program, LONG)
    program.training.train()
    show_loss(room)
    assert {"0.weight", "0.bias"} <= {node.name for node in nodes(room)}
    assert {(node.module, node.module_kind) for node in nodes(room) if node.title == "addmm"} == {("0", "Linear")}
    room.autograd_panel.run_requested.emit(None, True)
    wait_until(lambda: "bit for bit" in room.autograd_panel.state.text(), "the leaves")
    assert program.run.state == "running"
    assert not room.autograd_panel.message.isVisibleTo(room.autograd_panel)


def test_what_it_ends_with_is_what_backward_gives(room, program):
    train(program)
    program.window.workspaces.switch("tensors")
    show_loss(room)
    room.autograd_panel.run_requested.emit(None, True)
    wait_until(lambda: "bit for bit" in room.autograd_panel.state.text(), "the leaves")

    def both():
        variables = room.console.engine.namespace
        expected = torch.autograd.grad(variables["loss"], list(variables["net"].parameters()), retain_graph=True)
        given = {id(tensor): gradient for tensor, gradient in room.autograd.shown.session._ways.stepper.results()}
        return [torch.equal(given[id(p)], g) for p, g in zip(variables["net"].parameters(), expected, strict=True)]

    assert ask(room, both) == [True, True]


def test_a_typed_line_does_the_same(room, program):
    train(program)
    program.window.workspaces.switch("tensors")
    run(room, "loss = loss_fn(net(x), y)")
    shown_graph(room, "loss")
    assert any(node.module_kind == "Linear" for node in nodes(room))


def test_the_click_leaves_the_running_statistics_of_a_batch_norm_alone(room, program):
    train(program, NORMED)
    program.window.workspaces.switch("tensors")
    buffers = lambda: {name: each.clone() for name, each in room.console.engine.namespace["net"].named_buffers()}  # noqa: E731
    wait_until(lambda: ask(room, buffers), "the net of this run")
    before = ask(room, buffers)
    show_loss(room)
    after = ask(room, buffers)
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert {node.module_kind for node in nodes(room) if node.title == "batch_norm"} == {"BatchNorm1d"}


def test_zero_grad_sets_none_and_both_are_shown(room):
    run(room, "w = torch.tensor([1., 2., 3.], requires_grad=True); L = (w ** 2).sum()")
    shown_graph(room, "L")
    panel, rows = room.autograd_panel, lambda: {row[0]: row[1:3] for row in panel.pages.gradients.table.texts()}
    wait_until(lambda: rows().get("w") == ["", "None"], "the leaf")
    panel.apply_requested.emit()
    wait_until(lambda: rows()["w"] == ["None", "[2, 4, 6]"], "its gradient")
    panel.zero_requested.emit()
    wait_until(lambda: rows()["w"] == ["[2, 4, 6]", "None"], "None")
    assert ask(room, lambda: room.console.engine.namespace["w"].grad) is None


def test_the_graph_of_what_the_last_cell_made_is_shown_and_nothing_is_kept_alive(room):
    run(room, "w = torch.ones(3, requires_grad=True); p = torch.exp(w); L = p.sum()")
    shown_graph(room, "L")
    room.autograd_panel.run_requested.emit(None, True)
    wait_until(lambda: "bit for bit" in room.autograd_panel.state.text(), "the leaves")
    kept = ask(room, lambda: [weakref.ref(room.console.engine.namespace[name]) for name in ("p", "L", "w")])
    run(room, "L = (torch.ones(2, requires_grad=True) * 2).sum()")
    wait_until(lambda: {node.title for node in nodes(room)} >= {"mul"}, "the other graph")
    run(room, "del L, p, w")
    wait_until(lambda: not room.autograd.name, "the graph to be let go")
    ask(room, gc.collect)
    assert [each() for each in kept] == [None, None, None]


def test_a_tensor_whose_graph_cannot_be_shown_says_why_and_the_former_graph_stays(room):
    run(room, "w = torch.ones(3, requires_grad=True); L = w.exp().sum()")
    shown_graph(room, "L")
    run(room, "m = torch.ones(2, device='meta', requires_grad=True) * 2")
    message = room.autograd_panel.message
    wait_until(lambda: "meta" in message.text() and message.isVisibleTo(room.autograd_panel), "the sentence")
    assert room.autograd.name == "L"
    run(room, "L = w.sum()")
    wait_until(lambda: not message.isVisibleTo(room.autograd_panel), "the sentence to go")
    run(room, "del m")


def test_a_gradient_that_is_none_is_refused_in_the_panel_and_stepping_goes_on(room):
    run(room, "w = torch.ones(3, requires_grad=True); p = w.exp()")
    shown_graph(room, "p")
    panel = room.autograd_panel
    panel.gradient_entered.emit("nowhere")
    wait_until(lambda: "nowhere gives no gradient" in panel.message.text(), "the sentence")
    panel.gradient_entered.emit("[1., 0., 2.]")
    panel.run_requested.emit(None, True)
    wait_until(lambda: "bit for bit" in panel.state.text(), "the leaves")
    assert not panel.message.isVisibleTo(panel)
