"""A proof in lines of text, for its card and for the clipboard."""

from math import isfinite

from PySide6.QtCore import QCoreApplication

from playground.widgets.common.numbers import file_size, per_cent
from playground.widgets.export.values import ProofValues

DOT = " · "


def facts(proof: ProofValues) -> tuple[tuple[str, str], ...]:
    """What was measured, as pairs of a name and a line; what does not apply is left out."""
    pairs = (
        (_said("Difference"), difference_line(proof)),
        (_said("Accuracy"), accuracy_line(proof)),
        (_said("Latency"), latency_line(proof)),
        (
            _said("Compared on"),
            _said("{samples} samples: {data}").format(samples=f"{proof.samples:,}", data=proof.data),
        ),
        (_said("Versions"), DOT.join(f"{name} {version}" for name, version in proof.versions.items())),
        (_said("Size"), file_size(proof.size)),
    )
    return tuple((name, line) for name, line in pairs if line)


def difference_line(proof: ProofValues) -> str:
    """The largest differences by batch, and what is allowed."""
    at = _said("{value} at batch {batch}")
    parts = [at.format(value=_difference(one.largest_difference), batch=f"{one.batch:,}") for one in proof.batches]
    return DOT.join([*parts, _said("allowed {value}").format(value=_difference(proof.tolerance))]) if parts else ""


def accuracy_line(proof: ProofValues) -> str:
    """Accuracy of net and export."""
    if proof.accuracy_net is None or proof.accuracy_export is None:
        return ""
    line = _said("net {net}" + DOT + "export {export}")
    return line.format(net=per_cent(proof.accuracy_net), export=per_cent(proof.accuracy_export))


def latency_line(proof: ProofValues) -> str:
    """How long a batch takes, and in what."""
    times = ((proof.latency_1, 1), (proof.latency_64, 64))
    at = _said("{time:.3g} ms at batch {batch}")
    parts = [at.format(time=time, batch=batch) for time, batch in times if time is not None]
    return DOT.join([*parts, proof.runtime]) if parts else ""


def report(title: str, verdict: str, proof: ProofValues) -> str:
    """The whole proof as text."""
    lines = [f"{title}: {verdict}", *([proof.detail] if proof.detail else ()), proof.path]
    lines += [f"{name}: {line}" for name, line in facts(proof)]
    return "\n".join([*lines, f"SHA-256: {proof.sha256}", *proof.notes])


def _difference(value: float) -> str:
    if not isfinite(value):
        return _said("not finite")
    return f"{value:.2g}"


def _said(text: str) -> str:
    return QCoreApplication.translate("export", text)
