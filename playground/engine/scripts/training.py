"""Loss, optimiser, schedule, evaluation and training loop of a document as source text."""

import difflib
import math
from collections.abc import Mapping

from playground.engine.data.facts import Facts
from playground.engine.data.spec import Augment, Images
from playground.engine.document import Document
from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import Entry, optimizers, schedulers
from playground.engine.problems import Problem
from playground.engine.scripts.calls import call, keywords
from playground.engine.scripts.processes import own_draws_code, same_buffers_code
from playground.engine.spec import Value
from playground.engine.training.spec import EXPERT, LossSpec, ScheduleSpec, TrainingSpec

_LOSSES = {
    "cross_entropy": "cross_entropy",
    "nll": "nll_loss",
    "mse": "mse_loss",
    "l1": "l1_loss",
    "kl_div": "kl_div",
    "bce_with_logits": "binary_cross_entropy_with_logits",
}
_TAKES_LABELS = ("cross_entropy", "nll")
_EVALUATED_VALUES = 2**22

_EVALUATE = '''
@torch.no_grad()
def evaluate(inputs, targets):
    """Mean loss{and_accuracy} over a split."""
    net.eval()
    total{right_zero} = 0.0{zero}
    for x, y in {chunks}:
        outputs = net(x)
        total += loss_fn(outputs, y).item(){weight}
{count}{add_up}    return {result}
'''

_STEP = """\
        optimizer.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
{add_up}        optimizer.step()
"""

_CLOSURE_STEP = """\
        def closure():
            optimizer.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward()
{add_up}            return loss

        loss = optimizer.step(closure)
"""

_LOOP = """\
first_epoch, losses = load_checkpoint() if RESUME else (0, [])
for epoch in range(first_epoch, EPOCHS):
{own_draws}    net.train()
    generator = torch.Generator().manual_seed(SEED * 2**20 + epoch)
    order = torch.randperm(len(train_inputs), generator=generator).to(DEVICE)
    for rows in with_progress(order.split(BATCH_SIZE)):
        if len(losses) >= STEPS:
            break
{share}        x, y = train_inputs[rows], train_targets[rows]
{augment}{step}{schedule_step}        losses.append(loss.item())
"""


def loss_code(spec: LossSpec, facts: Facts) -> str:
    """The function `loss_fn(outputs, targets)`."""
    labels = facts.task == "classification" and spec.name not in _TAKES_LABELS
    targets = f"F.one_hot(targets, {facts.outputs}).float()" if labels else "targets"
    reduction = "" if spec.reduction == "mean" else f", reduction={spec.reduction!r}"
    return f"\ndef loss_fn(outputs, targets):\n    return F.{_LOSSES[spec.name]}(outputs, {targets}{reduction})\n"


def optimizer_code(training: TrainingSpec) -> str:
    """The optimiser, and the scheduler where there is one.

    Raises
    ------
    Problem
        `optimizer-unknown`, `optimizer-argument`, `schedule-unknown` or `schedule-argument`.
    """
    name, args = training.optimizer.name, training.optimizer.args
    entry = known(name, optimizers(), "optimizer-unknown")
    _check(entry, name, args.without(*EXPERT), "optimizer-argument")
    parts = ["net.parameters()", *keywords(args, ("lr",), "optimizer-argument", name)]
    code = f"optimizer = {call(f'torch.optim.{name}', parts)}\n"
    return code + (_scheduler(training.schedule) if training.schedule else "")


def evaluation_code(training: TrainingSpec, facts: Facts, *, notebook: bool = False) -> str:
    """The function `evaluate(inputs, targets)`; it returns the loss, and for classes the accuracy."""
    classes = facts.task == "classification"
    summed = training.loss.reduction == "sum"
    size = "BATCH_SIZE" if training.batch_size <= facts.train else "len(train_inputs)"
    mean = f"total / len(inputs) * {size}" if summed else "total / len(inputs)"
    chunk = max(1, _EVALUATED_VALUES // math.prod(facts.shape))
    chunks = f"zip(inputs.split({chunk}), targets.split({chunk}))"
    add_up = "    total, right = add_up(total, right)\n" if classes else "    (total,) = add_up(total)\n"
    return _EVALUATE.format(
        and_accuracy=" and accuracy" if classes else "",
        right_zero=", right" if classes else "",
        zero=", 0" if classes else "",
        chunks=chunks if notebook else f"list({chunks})[RANK::WORLD]",
        add_up="" if notebook else add_up,
        weight="" if summed else " * len(x)",
        count="        right += (outputs.argmax(dim=1) == y).sum().item()\n" if classes else "",
        result=f"{mean}, right / len(inputs)" if classes else mean,
    )


def loop_code(document: Document, facts: Facts, *, notebook: bool = False) -> str:
    """The loop over epochs and batches, with what is printed and kept after each epoch."""
    training = document.training
    every = training.schedule.every if training.schedule else None
    closure = training.optimizer.name == "LBFGS"
    indent = "            " if closure else "        "
    add_up = "" if notebook else f"{indent}add_up_gradients(loss, weight)\n"
    loop = _LOOP.format(
        own_draws="" if notebook else own_draws_code(document),
        share="" if notebook else "        rows, weight = share(rows)\n",
        augment=_augmented(document, facts),
        step=(_CLOSURE_STEP if closure else _STEP).format(add_up=add_up),
        schedule_step="        scheduler.step()\n" if every == "step" else "",
    )
    stop = "    if len(losses) >= STEPS:\n        break\n"
    buffers = "" if notebook else same_buffers_code(document)
    return loop + stop + buffers + _after_epoch(training, facts, notebook=notebook)


def _scheduler(spec: ScheduleSpec) -> str:
    entry = known(spec.name, schedulers(), "schedule-unknown")
    missing = missing_length(entry, spec)
    args = spec.args.without(missing) if missing else spec.args
    parts = ["optimizer", *keywords(args, (), "schedule-argument", spec.name)]
    _check(entry, spec.name, {**spec.args, **({missing: 1} if missing else {})}, "schedule-argument")
    by_step = spec.every == "step"
    if missing:
        parts.append(f"{missing}={'total_steps' if by_step else 'EPOCHS'}")
    total = "total_steps = EPOCHS * math.ceil(len(train_inputs) / BATCH_SIZE)\n" if missing and by_step else ""
    return f"{total}scheduler = {call(f'torch.optim.lr_scheduler.{spec.name}', parts)}\n"


def missing_length(entry: Entry, spec: ScheduleSpec) -> str | None:
    """The argument that becomes the length of the run, where it was left out."""
    given = {name for name, value in spec.args.items() if value is not None}
    if entry.argument("total_steps") and not {"total_steps", "epochs", "steps_per_epoch"} & given:
        return "total_steps"
    return "T_max" if entry.argument("T_max") and "T_max" not in given else None


def known(name: str, entries: Mapping[str, Entry], code: str) -> Entry:
    if name not in entries:
        raise Problem(code, name=name, near=difflib.get_close_matches(name, entries, n=1, cutoff=0.0)[0])
    return entries[name]


def _check(entry: Entry, name: str, args: Mapping[str, Value], code: str) -> None:
    """Refuse what would make a program that fails."""
    wrong = complaint(entry, args)
    if wrong is not None:
        raise Problem(code, name=name, detail=wrong)


def _augmented(document: Document, facts: Facts) -> str:
    change = document.data.augment if isinstance(document.data, Images) else None
    if change is None:
        return ""
    amounts = [f"{name}={value!r}" for name, value in _amounts(change).items()]
    background = -facts.mean[0] / facts.std[0]  # black, as the net sees it
    return f"        x = {call('augment', ['x', *amounts, f'background={background!r}'])}\n"


def _amounts(change: Augment) -> dict[str, float]:
    return {name: value for name in change.__struct_fields__ if (value := getattr(change, name))}


def _after_epoch(training: TrainingSpec, facts: Facts, *, notebook: bool) -> str:
    """Scores of the splits there are, the schedule that goes by epochs, one printed line, and the checkpoint."""
    lines = []
    shown = ["loss {loss.item():.4f}"]
    classes = facts.task == "classification"
    for split, samples in (("validation", facts.validation), ("test", facts.test)):
        if not samples:
            continue
        names = f"{split}_loss, {split}_accuracy" if classes else f"{split}_loss"
        lines.append(f"    {names} = evaluate({split}_inputs, {split}_targets)")
        accuracy = f" accuracy {{{split}_accuracy:.2%}}" if classes else ""
        shown.append(f"{split} loss {{{split}_loss:.4f}}{accuracy}")
    if training.schedule and training.schedule.every == "epoch":
        plateau = training.schedule.name == "ReduceLROnPlateau"
        lines.append(f"    scheduler.step({'validation_loss' if plateau else ''})")
    told = [f'    print(f"epoch {{epoch + 1}}: {", ".join(shown)}")', "    save_checkpoint(epoch + 1)"]
    lines += told if notebook else ["    if RANK == 0:", *(f"    {line}" for line in told)]
    return "\n".join([*lines, ""])
