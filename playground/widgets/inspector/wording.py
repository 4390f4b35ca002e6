"""What the facts line says, and which pages fit what is inspected."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from playground.widgets.common.color_scale import number
from playground.widgets.inspector.values import (
    ArrayFacts,
    Facts,
    ModuleFacts,
    OptimizerFacts,
    Statistics,
    TensorFacts,
    ValueFacts,
)

PAGES = ("memory", "table", "heat", "image", "histogram", "line", "matrix", "operation")
DOT = "  ·  "
_TIMES = " \N{MULTIPLICATION SIGN} "


def shape_text(shape: tuple[int, ...]) -> str:
    """4 x 3 with a true multiplication sign."""
    return _TIMES.join(f"{size:,}" for size in shape) or _said("scalar")


def listed(numbers: tuple[int, ...]) -> str:
    """(1, 4) as Python writes it."""
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"


def facts_text(facts: Facts) -> str:
    """One line of facts, to be wrapped."""
    return DOT.join(part for part in _parts(facts) if part)


def statistics_text(found: Statistics) -> str:
    """Numbers in one line; a sample says so."""
    if found.sentence:
        return found.sentence
    named = (("min", found.minimum), ("max", found.maximum), ("mean", found.mean), ("std", found.std))
    parts = ["  ".join(f"{name} {_number(value)}" for name, value in named if value is not None)]
    if found.norm is not None:
        parts.append(f"norm {_number(found.norm)}")
    counts = (("NaN", found.nan), ("Inf", found.infinite), (_said("zeros"), found.zeros))
    parts += [f"{name} {count:,}" for name, count in counts]
    if not found.is_exact:
        parts.append(sample_text(found.counted, found.total))
    return DOT.join(part for part in parts if part)


def sample_text(counted: int, total: int) -> str:
    """How much was looked at; empty where all was."""
    if counted == total:
        return ""
    return _said("sampled {counted} of {total}").format(counted=f"{counted:,}", total=f"{total:,}")


def details(facts: Facts | None) -> str:
    """What stands in the panel where nothing can be pictured."""
    if isinstance(facts, ModuleFacts):
        more = [_said("… {count} more lines").format(count=facts.left_out)] if facts.left_out else []
        return "\n".join([*facts.lines, *more])
    if isinstance(facts, OptimizerFacts):
        return "\n".join(
            _said("group {number}: ").format(number=i) + ", ".join(f"{name}={value}" for name, value in group)
            for i, group in enumerate(facts.groups)
        )
    return facts.text if isinstance(facts, ValueFacts) else ""


def misfits(facts: Facts | None) -> dict[str, str]:
    """Why each page cannot be shown; pages that fit are left out."""
    if facts is None:
        return dict.fromkeys(PAGES, _said("Choose a tensor first."))
    if not isinstance(facts, TensorFacts | ArrayFacts):
        reason = _said("This is a {kind}, not a tensor; choose one of its tensors.").format(kind=facts.kind)
        return dict.fromkeys(PAGES, reason)
    if isinstance(facts, TensorFacts) and (reason := _valueless(facts)):
        return dict.fromkeys(PAGES, reason)
    found = {page: _misfit(page, facts) for page in PAGES}
    return {page: reason for page, reason in found.items() if reason}


def _misfit(page: str, facts: TensorFacts | ArrayFacts) -> str:
    if page == "memory":
        return _no_storage(facts)
    if page == "operation":
        return "" if isinstance(facts, TensorFacts) else _said("Only for tensors.")
    if page == "matrix":
        return "" if facts.shape == (2, 2) and not _is_complex(facts) else _said("Only for a real 2 x 2 matrix.")
    if page == "image" and (reason := _no_picture(facts.shape)):
        return reason
    if page != "table" and _is_complex(facts):
        return _said("Complex numbers have no order; look at .abs(), .angle(), .real or .imag.")
    if page != "table" and 0 in facts.shape:
        return _said("There is no element to show.")
    return ""


def _valueless(facts: TensorFacts) -> str:
    if facts.device == "meta":
        return _said("A tensor on the device meta has a shape and no values.")
    return _said("Its values are made at the first forward pass.") if facts.kind.startswith("Uninitialized") else ""


def _no_storage(facts: TensorFacts | ArrayFacts) -> str:
    if isinstance(facts, ArrayFacts) or facts.stride is not None:
        return ""
    return _said("A {layout} tensor does not keep one cell for each element.").format(layout=facts.layout)


def _no_picture(shape: tuple[int, ...]) -> str:
    if len(shape) not in (2, 3, 4):
        return _said("A picture is [H, W], [C, H, W] or [N, C, H, W].")
    if len(shape) == 4 and shape[1] not in (1, 3):
        return _said("A batch of pictures has 1 or 3 channels, not {count}.").format(count=shape[1])
    return ""


def _is_complex(facts: TensorFacts | ArrayFacts) -> bool:
    return facts.dtype.startswith("complex")


def _parts(facts: Facts) -> Iterator[str]:
    if isinstance(facts, TensorFacts):
        yield from _of_tensor(facts)
    elif isinstance(facts, ArrayFacts):
        yield from (f"numpy {facts.dtype}", shape_text(facts.shape))
        yield _said("strides {strides} bytes").format(strides=listed(facts.stride))
        yield _said("order {order}").format(order=facts.order) if facts.order else _said("not contiguous")
        yield _said("{count} bytes").format(count=f"{facts.bytes:,}")
        yield "" if facts.owns_memory else _said("reads another object's memory")
        yield "" if facts.is_writable else _said("read-only")
    elif isinstance(facts, ModuleFacts):
        yield facts.kind
        yield _said("{count} parameters").format(count=f"{facts.parameters:,}")
        yield _said("{count} of them learn").format(count=f"{facts.trainable:,}")
        yield _said("{count} bytes").format(count=f"{facts.bytes:,}")
        yield _said("in training") if facts.is_training else _said("in eval")
    elif isinstance(facts, OptimizerFacts):
        yield facts.kind
        yield _said("{count} parameters").format(count=f"{facts.parameters:,}")
        yield _said("state {count} bytes").format(count=f"{facts.state_bytes:,}")
    else:
        yield facts.kind
        yield "" if facts.length is None else _said("{count} items").format(count=f"{facts.length:,}")


def _of_tensor(facts: TensorFacts) -> Iterator[str]:
    yield f"{facts.dtype} ({facts.type_name})" if facts.type_name else facts.dtype
    yield from ("" if facts.kind == "Tensor" else facts.kind, facts.device, shape_text(facts.shape))
    if facts.stride is None:
        yield _said("layout {layout}").format(layout=facts.layout)
    else:
        yield _said("strides {strides}, offset {offset}").format(strides=listed(facts.stride), offset=facts.offset)
        yield _order(facts)
    yield _said("{bytes} bytes").format(bytes=f"{facts.bytes:,}")
    if facts.storage is not None:
        yield _said("storage {address}, {bytes} bytes").format(
            address=hex(facts.storage), bytes=f"{facts.storage_bytes:,}"
        )
    yield "" if facts.version is None else _said("version {version}").format(version=facts.version)
    yield from _of_gradient(facts)
    flags = {
        "view": facts.is_view, "pinned": facts.is_pinned, "shared": facts.is_shared, "inference": facts.is_inference,
        "conjugated": facts.is_conjugated,
    }  # fmt: skip
    yield from (name for name, is_set in flags.items() if is_set)


def _order(facts: TensorFacts) -> str:
    if facts.is_contiguous:
        return _said("contiguous")
    text = _said("not contiguous")
    return f"{text}, {facts.memory_format}" if facts.memory_format.startswith("channels") else text


def _of_gradient(facts: TensorFacts) -> Iterator[str]:
    if facts.grad_fn:
        yield f"grad_fn {facts.grad_fn}"
    elif facts.requires_grad:
        yield _said("leaf, requires_grad")
    yield _said("has grad") if facts.has_grad else ""


def _number(value: complex) -> str:
    return f"{value:.4g}" if isinstance(value, complex) else number(value, 4)


def _said(text: str) -> str:
    return QCoreApplication.translate("Inspector", text)
