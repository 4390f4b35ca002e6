"""A turn of backward in words and numbers, a line each."""

from math import isfinite

from PySide6.QtCore import QCoreApplication

from playground.widgets.autograd.values import AccumulationValues, RuleValues, StepValues
from playground.widgets.common.numbers import plain_number


def rule_line(rule: RuleValues) -> str:
    """Class, formula, numbers and value."""
    if not rule.formula:
        unknown = QCoreApplication.translate(
            "autograd", "{operation}: PyTorch's own rule, for which no formula is here."
        )
        return unknown.format(operation=rule.operation)
    at = QCoreApplication.translate("autograd", "at [{place}]").format(place=", ".join(map(str, rule.element)))
    return f"{rule.operation}: ∂/∂{rule.argument} = {rule.formula} = {rule.numbers} = {_number(rule.value)}" + (
        f"  {at}" if rule.element else ""
    )


def rule_referee(rule: RuleValues) -> str:
    """What torch gave at the same place."""
    return QCoreApplication.translate("autograd", "PyTorch gave {value!r}.").format(value=rule.gradient)


def chain_line(step: StepValues) -> str:
    """The product so far."""
    if not step.chain:
        return ""
    value = "" if step.product is None else f" = {plain_number(step.product)}"
    text = QCoreApplication.translate("autograd", "The chain so far: {chain}").format(chain=step.chain + value)
    if step.paths <= 1:
        return text
    ways = QCoreApplication.translate("autograd", "one of {count:,} ways, whose products are summed")
    return f"{text}  ({ways.format(count=step.paths)})"


def accumulation_line(accumulation: AccumulationValues) -> str:
    """before + this = after."""
    name, added, after = accumulation.name, accumulation.added.text, accumulation.after.text
    if accumulation.before is None:
        fresh = QCoreApplication.translate("autograd", "{name}.grad: None, becomes {after}")
        return fresh.format(name=name, after=after)
    return f"{name}.grad: {accumulation.before.text} + {added} = {after}"


def hook_line(step: StepValues) -> str:
    """Whether hooks had a say."""
    lines = []
    if step.hooks:
        called = QCoreApplication.translate("autograd", "Hooks called on the incoming gradient: {count}")
        lines.append(called.format(count=step.hooks))
    if step.is_replaced:
        lines.append(QCoreApplication.translate("autograd", "A hook gave another gradient than came; this is it."))
    return "  ".join(lines)


def shape_text(shape: tuple[int, ...]) -> str:
    """Sizes between crosses, a vector's with a word; a scalar has none."""
    if len(shape) == 1:
        return QCoreApplication.translate("autograd", "{count:,} numbers").format(count=shape[0])
    return " \u00d7 ".join(map(str, shape)) or QCoreApplication.translate("autograd", "scalar")


def _number(value: float) -> str:
    return plain_number(value) if isfinite(value) else str(value)
