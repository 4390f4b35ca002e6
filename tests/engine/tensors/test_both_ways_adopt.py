"""A run that goes on with what a cell left, against plain PyTorch that did the same by hand between two steps."""

import copy
import linecache
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import nn

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.data.sets import load
from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network import edits
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, residual, sequence
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.tensors.both_ways.adopt import adopt, begin
from playground.engine.tensors.both_ways.echo import lines
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec
from playground.engine.training.swap import swap_network

NETWORK = sequence(
    layer("Linear", in_features=2, out_features=8),
    layer("BatchNorm1d", num_features=8),
    layer("ReLU"),
    layer("Dropout", p=0.25),
    layer("Linear", in_features=8, out_features=2),
)
SCHEDULE = ScheduleSpec(name="OneCycleLR", args=Args(max_lr=0.05), every="step")
NAMES = {"torch": torch, "nn": nn, "F": F}
Console = dict[str, Any]
Edit = Callable[[NetworkSpec], NetworkSpec]


def document_of(optimizer: str = "Adam", schedule: ScheduleSpec | None = None, **more: object) -> Document:
    chosen = OptimizerSpec(name=optimizer, args=Args(lr=0.05))
    training = TrainingSpec(optimizer=chosen, schedule=schedule, batch_size=20, epochs=6, device="cpu")
    for name, value in more.items():
        training = documents.replace(Document(training=training), f"training.{name}", value).training
    return Document(data=Points(samples=100, test=20), network=NETWORK, training=training)


def begun(document: Document, steps: int = 7) -> TrainingRun:
    run = TrainingRun(document, _prepared(document))
    for _ in range(steps):
        run.step()
    return run


def bound(run: TrainingRun) -> Console:
    batch = run.batches[run.step_count]
    objects = {"net": run.net, "optimizer": run.optimizer, "loss_fn": run.loss, "x": batch.inputs, "y": batch.targets}
    return {**NAMES, **objects}


def cell(run: TrainingRun, code: str, console: Console | None = None) -> tuple[str, ...]:
    """Run a cell between two steps; the phrases of what it changed."""
    console = bound(run) if console is None else console
    before = begin(run, console)
    exec(code, console)
    return tuple(change.phrase for change in adopt(run, console, before))


def losses(run: TrainingRun, count: int = 7) -> list[float]:
    for _ in range(count):
        run.step()
    run.read_back()
    return [float(value) for value in run.history.step_series("loss")[-count:]]


def by_hand(run: TrainingRun, code: str, count: int = 7) -> list[float]:
    """The losses of plain PyTorch that goes on where the run is, after the same lines."""
    state = copy.deepcopy(
        {"net": run.net, "optimizer": run.optimizer, "scheduler": run.scheduler, "loss_fn": F.cross_entropy}
    )
    plain: Console = {**NAMES, **state}
    exec(code, plain)
    net, optimizer, scheduler, loss_fn = (plain[name] for name in ("net", "optimizer", "scheduler", "loss_fn"))
    found = []
    with run_randomness(run):
        for step in range(run.step_count, run.step_count + count):
            batch = run.batches[step]
            targets = F.one_hot(batch.labels, 2).float() if isinstance(loss_fn, nn.MSELoss) else batch.labels
            optimizer.zero_grad()
            loss = loss_fn(net(batch.inputs), targets)
            loss.backward()
            optimizer.step()
            if scheduler is not None:
                scheduler.step()
            found.append(loss.item())
    return found


class run_randomness:  # noqa: N801  used as a statement
    """The run's random draws for what stands inside, which the run itself does not notice."""

    def __init__(self, run: TrainingRun) -> None:
        self._state = run.context.states.cpu.clone()

    def __enter__(self) -> None:
        self._outside = torch.get_rng_state()
        torch.set_rng_state(self._state)

    def __exit__(self, *_error: object) -> None:
        torch.set_rng_state(self._outside)


FOLLOW = """
was = optimizer
optimizer = type(was)(net.parameters(), **was.defaults)
for parameter in net.parameters():
    if parameter in was.state:
        optimizer.state[parameter] = was.state[parameter]
"""

# What is typed, what a plain program needs besides so that its optimiser knows new weights, and what is told.
CELLS = [
    ("net[2] = nn.GELU()", "", "ReLU -> GELU"),
    ("net[3].p = 0.5", "", "dropout1 changed"),
    ("del net[3]", "", "Dropout removed"),
    ("net.insert(2, nn.Identity())", "", "Identity added"),
    ("torch.manual_seed(5); net[4] = nn.Linear(8, 2, bias=False)", FOLLOW, "linear2 changed"),
    ("torch.manual_seed(5); net[4] = nn.Linear(8, 2)", FOLLOW, "layers were replaced by others like them"),
    ("torch.manual_seed(5); net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))", FOLLOW, "network of"),
    ("torch.manual_seed(5); net = nn.Sequential(net[:4], nn.Linear(8, 2))", FOLLOW, "net is another object"),
    (
        "optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)",
        "",
        "optimiser Adam(lr=0.05) -> SGD(lr=0.1",
    ),
    ("optimizer = torch.optim.Adam(net.parameters(), lr=0.05)", "", "a new Adam, which remembers no step"),
    ('optimizer.param_groups[0]["lr"] = 1e-4', "", "learning rate 0.05 -> 0.0001"),
    ('optimizer.param_groups[0]["weight_decay"] = 0.5', "", "weight_decay 0 -> 0.5"),
    ("loss_fn = nn.MSELoss()", "", "loss cross_entropy (mean) -> mse (mean)"),
    ("net[0].requires_grad_(False)", "", "linear1 frozen"),
    ("with torch.no_grad(): net[0].weight.mul_(0.5)", "", "weights of linear1 were changed"),
    ("net[4].bias.data += 1", "", "weights of linear2 were changed"),
]


@pytest.mark.parametrize(("code", "besides", "told"), CELLS, ids=[code for code, _, _ in CELLS])
def test_a_run_goes_on_as_plain_pytorch_after_the_same_lines(code: str, besides: str, told: str) -> None:
    run = begun(document_of())
    expected = by_hand(run, f"{code}\n{besides}")
    phrases = cell(run, code)
    assert phrases[0].startswith(told)
    assert losses(run) == expected


@pytest.mark.parametrize("code", [each for each, _, _ in CELLS])
def test_the_document_after_a_cell_says_what_the_run_has(code: str) -> None:
    run = begun(document_of())
    cell(run, code)
    assert _shapes(build(run.document.network, "meta")) == _shapes(run.net)
    state = run.state()
    after = losses(run)
    other = TrainingRun(run.document, _prepared(run.document))
    other.restore(state)
    assert losses(other) == after
    assert type(other.optimizer) is type(run.optimizer)


def test_the_runs_objects_are_those_of_the_cell() -> None:
    run = begun(document_of())
    console = bound(run)
    code = "net = nn.Sequential(nn.Linear(2, 2)); optimizer = torch.optim.Adam(net.parameters())"
    cell(run, code, console)
    assert run.net is console["net"]
    assert run.optimizer is console["optimizer"]
    assert [id(each) for each in run.optimizer.param_groups[0]["params"]] == [id(each) for each in run.net.parameters()]


def test_what_the_optimiser_remembers_of_kept_weights_stays_and_that_of_gone_ones_goes() -> None:
    run = begun(document_of())
    kept, gone = run.net[0].weight, run.net[4].weight
    momentum = run.optimizer.state[kept]["exp_avg"].clone()
    cell(run, "net[4] = nn.Linear(8, 2)")
    assert torch.equal(run.optimizer.state[kept]["exp_avg"], momentum)
    assert gone not in run.optimizer.state
    losses(run, 1)
    assert run.net[4].weight in run.optimizer.state


def test_a_schedule_goes_on_at_the_same_place_with_a_new_optimiser() -> None:
    run = begun(document_of(schedule=SCHEDULE))
    code = "optimizer = torch.optim.AdamW(net.parameters(), lr=0.02, amsgrad=True)"
    besides = (
        "\nscheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, total_steps=30)"
        "\nfor _ in range(7): scheduler.step()"
    )
    with pytest.warns(UserWarning, match=r"lr_scheduler\.step"):  # of the plain program
        expected = by_hand(run, code + besides)
    cell(run, code)
    assert losses(run) == expected


def test_a_rate_set_under_a_schedule_is_no_setting_of_the_document() -> None:
    run = begun(document_of(schedule=SCHEDULE))
    before = run.document
    code = 'optimizer.param_groups[0]["lr"] = 0.5'
    expected = by_hand(run, code)
    assert "OneCycleLR sets the next one" in cell(run, code)[0]
    assert run.document == before
    assert losses(run) == expected


def test_the_run_of_a_preset_changed_from_the_console_is_the_plain_program_changed_by_hand() -> None:
    document = presets.preset("spiral-mlp")
    document = documents.replace(document, "training.device", "cpu")
    run = begun(document, 3)
    code = "torch.manual_seed(2); net[1] = nn.GELU(); net[3] = nn.Tanh(); optimizer.param_groups[0]['lr'] = 0.003"
    torch.manual_seed(document.training.seed)
    plain = build(document.network)
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.01)
    names: Console = {**NAMES, "net": plain, "optimizer": optimizer}
    expected = []
    for step in range(10):
        if step == 3:
            exec(code, names)
        batch = run.batches[step]
        optimizer.zero_grad()
        loss = F.cross_entropy(plain(batch.inputs), batch.targets)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    cell(run, code)
    assert losses(run) == expected[3:]


def test_a_cell_that_only_looks_changes_nothing() -> None:
    run, straight = begun(document_of()), begun(document_of())
    assert cell(run, "y2 = net(torch.zeros(1, 2).expand(4, 2)) if False else net[0](x).sum().item(); z = x + 1") == ()
    assert losses(run) == losses(straight)


def test_a_net_in_a_class_of_its_own_trains_as_a_custom_layer() -> None:
    run = begun(document_of())
    console = bound(run)
    text = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(2, 4)\n"
        "        self.b = nn.Linear(4, 2)\n    def forward(self, x):\n        return self.b(torch.relu(self.a(x)))\n"
    )
    _remember(text, "<a cell>")
    before = begin(run, console)
    exec(compile(text, "<a cell>", "exec"), console)
    exec("net = Net()", console)
    adopt(run, console, before)
    assert list(run.net) == [console["net"]]
    assert [node.id for node in run.document.network.layers] == ["ownnet1"]
    assert len(set(losses(run))) > 1
    before = begin(run, console)
    assert adopt(run, console, before) == ()


REFUSED = [
    ("net[4] = nn.Linear(9, 2)", "layer-misfit"),
    ("net.append(nn.Linear(2, 3))", "network-output"),
    ("del net[4]", "network-output"),
    ("net = 3", "console-net"),
    ("net.double()", "console-net"),
    ("net.to('meta')", "console-net"),
    ("net[3].p = 7.0", "console-module"),
    ("net[2] = nn.Sequential(net[0], nn.Linear(8, 2), net[0])", "console-module"),
    ("net = nn.Sequential(nn.LazyLinear(2))", "console-module"),
    ("net.requires_grad_(False)", "network-frozen"),
    ("net.append(net)", "console-net"),
    ("del net", "console-net"),
    ("optimizer.param_groups.clear()", "console-optimizer"),
    ("optimizer = None", "console-optimizer"),
    ("optimizer = torch.optim.SparseAdam(net.parameters())", "optimizer-refused"),
    ("optimizer = torch.optim.SGD(net[4].parameters(), lr=0.1)", "console-optimizer"),
    ('optimizer.add_param_group({"params": [nn.Parameter(torch.zeros(2))]})', "console-optimizer"),
    ('optimizer.param_groups[0]["lr"] = "fast"', "console-optimizer"),
    ('optimizer.param_groups[0]["lr"] = float("nan")', "console-optimizer"),
    ('optimizer.param_groups[0]["lr"] = -1.0', "console-optimizer"),
    ("loss_fn = lambda a, b: 0", "console-loss"),
    ("loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)", "console-loss"),
    ('loss_fn = nn.MSELoss(reduction="none")', "console-loss"),
]


@pytest.mark.parametrize(("code", "problem"), REFUSED, ids=[code for code, _ in REFUSED])
def test_what_does_not_fit_is_refused_and_the_run_keeps_what_it_had(code: str, problem: str) -> None:
    run, straight = begun(document_of()), begun(document_of())
    document = run.document
    with pytest.raises(Problem) as raised:
        cell(run, code)
    assert raised.value.code == problem
    assert run.document == document
    assert losses(run) == losses(straight)


def test_a_nested_net_trains_as_one_row_and_is_known_again_when_it_changes() -> None:
    run = begun(document_of())
    console = bound(run)
    code = "torch.manual_seed(4); net = nn.Sequential(nn.Sequential(nn.Linear(2, 4), nn.ReLU()), nn.Linear(4, 2))"
    expected = by_hand(run, code + FOLLOW)
    cell(run, code, console)
    assert losses(run) == expected
    ids = [node.id for node in run.document.network.layers]
    expected = by_hand(run, "net[1] = nn.GELU()")
    assert cell(run, "net[0][1] = nn.GELU()", console) == ("ReLU -> GELU",)
    now = [node.id for node in run.document.network.layers]
    assert (now[0], now[2]) == (ids[0], ids[2])
    assert losses(run) == expected
    assert cell(run, "net[1].bias.data += 1", console) == (f"weights of {ids[2]} were changed",)


ECHOED = [
    lambda spec: edits.remove(spec, ["relu1"]),
    lambda spec: edits.insert(spec, edits.Place("", "layers", 2), [layer("Tanh")]),
    lambda spec: edits.change_args(spec, "norm1", momentum=0.5, eps=0.01),
    lambda spec: edits.set_field(spec, "linear1", "frozen", True),
    lambda spec: edits.wrap(spec, ["norm1", "relu1"], "residual"),
    lambda spec: edits.move(spec, ["relu1"], edits.Place("", "layers", 1)),
]


@pytest.mark.parametrize("edit", ECHOED)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_the_echoed_lines_do_to_plain_pytorch_what_the_edit_does_to_the_run(optimizer: str, edit: Edit) -> None:
    calm = edits.remove(NETWORK, ["dropout1"])  # building a network anew takes random draws, which a mask would show
    run = begun(documents.replace(document_of(optimizer), "network", calm))
    network = edit(calm)
    echoed = lines(run.document, documents.replace(run.document, "network", network))
    expected = by_hand(run, "\n".join(echoed))
    swap_network(run, network)
    assert losses(run) == expected


def test_a_net_and_a_loss_that_fit_only_together_are_taken_together() -> None:
    run = begun(document_of())
    cell(run, "torch.manual_seed(1); net.append(nn.LogSoftmax(dim=1)); loss_fn = nn.NLLLoss()")
    assert run.document.training.loss == LossSpec(name="nll")
    assert [node.id for node in run.document.network.layers][-1] == "logsoftmax1"
    assert len(losses(run)) == 7


def test_a_block_changed_inside_is_trained() -> None:
    network = sequence(
        residual(layer("Linear", in_features=2, out_features=2), layer("ReLU")),
        layer("Linear", in_features=2, out_features=2),
    )
    run = begun(documents.replace(document_of(), "network", network))
    code = "torch.manual_seed(3); net[0].body[1] = nn.Linear(2, 2)"
    expected = by_hand(run, code + FOLLOW)
    assert cell(run, code) == ("ReLU -> Linear",)
    assert losses(run) == expected


def _prepared(document: Document) -> Any:
    events: Iterator[Any] = load(document.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


def _remember(text: str, file: str) -> None:
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def _shapes(net: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}
