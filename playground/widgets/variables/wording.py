"""What the columns say of a name, and by what they sort."""

from PySide6.QtCore import QCoreApplication

from playground.widgets.variables.values import VariableRow

NAME, TYPE, SHAPE, MEMORY, GRAD, SHARES = range(6)

_TIMES = " \N{MULTIPLICATION SIGN} "
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_TENSORS = ("tensor", "parameter")


def texts(row: VariableRow) -> tuple[str, str, str, str, str, str]:
    """The row as it is shown."""
    return row.name, _type(row), _shape(row), _memory(row), _grad(row), _shares(row)


def sort_key(row: VariableRow, column: int) -> tuple[float, str]:
    """What a column sorts by: memory and sizes as numbers, the rest as text regardless of case; names break ties."""
    name = row.name.casefold()
    if column == MEMORY:
        return row.bytes, name
    if column == SHAPE:
        return row.count, name
    text = row.name if column == NAME else texts(row)[column]
    return 0, f"{text.casefold()}\0{name}"


def tip(row: VariableRow) -> str:
    """Everything about the row in lines."""
    parts = [f"{row.name}: {row.type}", " ".join(part for part in (row.dtype, row.device) if part), _shape(row)]
    if row.bytes or row.shape is not None:
        parts.append(_said("{count} bytes of its own").format(count=f"{row.bytes:,}"))
    if row.owner:
        parts.append(_said("its memory is counted at {owner}").format(owner=row.owner))
    if row.shares:
        parts.append(_said("shares storage with {names}").format(names=_shares(row)))
    if _grad(row):
        parts.append(_grad(row))
    return "\n".join(part for part in parts if part)


def bytes_text(count: int) -> str:
    """A number of bytes with its unit: 48 B, 241 KiB."""
    power = min(max(count.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    if power == 0:
        return f"{count:,} B"
    size = count / 1024**power
    return f"{size:.{3 if size < 1000 else 4}g} {_UNITS[power]}"


def _type(row: VariableRow) -> str:
    if row.kind in _TENSORS or row.kind == "array":
        return " ".join(part for part in (row.dtype, "numpy" if row.kind == "array" else row.device) if part)
    return row.type


def _shape(row: VariableRow) -> str:
    if row.shape is not None:
        return _TIMES.join(f"{size:,}" for size in row.shape) or _said("scalar")
    if row.kind in ("module", "optimizer"):
        return _said("{count} params").format(count=f"{row.count:,}")
    if row.kind in ("sequence", "mapping") and not row.text:
        return _said("{count} items").format(count=f"{row.count:,}")
    return row.text


def _memory(row: VariableRow) -> str:
    if row.owner and not row.bytes:
        return _said("in {owner}").format(owner=row.owner)
    return bytes_text(row.bytes) if row.bytes or row.shape is not None else ""


def _grad(row: VariableRow) -> str:
    if row.kind == "module":
        return _said("in training") if row.is_training else _said("in eval")
    parts = [row.grad_fn] if row.grad_fn else [_said("leaf")] if row.requires_grad and row.is_leaf else []
    if row.has_grad:
        parts.append(_said("has grad"))
    return ", ".join(parts)


def _shares(row: VariableRow) -> str:
    more = [_said("{count} more").format(count=row.shares_more)] if row.shares_more else []
    return ", ".join([*row.shares, *more])


def _said(text: str) -> str:
    return QCoreApplication.translate("Variables", text)
