"""A note under a traceback: what the shapes were, what was expected, the usual cure."""

from collections.abc import Callable, Mapping
from typing import Any

from playground.engine.tensors import taught_autograd, taught_downloads, taught_names, taught_shapes, taught_values
from playground.engine.tensors.taught_failure import Failure, failure

_TEACHERS: tuple[Callable[[Failure], str], ...] = (
    taught_names.full_width,
    taught_names.near_miss,
    taught_values.calling_shape,
    taught_values.memory,
    taught_values.cuda,
    taught_values.device,
    taught_autograd.leaf,
    taught_autograd.twice,
    taught_autograd.not_scalar,
    taught_autograd.no_graph,
    taught_autograd.numpy,
    taught_autograd.modified,
    taught_autograd.whole_numbers,
    taught_values.single,
    taught_shapes.target,
    taught_shapes.layer_input,
    taught_values.dtype,
    taught_shapes.index,
    taught_shapes.misfit,
    taught_shapes.order,
    taught_downloads.download,
)


def note(error: BaseException, code: str, namespace: Mapping[str, Any]) -> str:
    """One to three short sentences on a common mistake; empty where none is known.

    Parameters
    ----------
    error : BaseException
        What a cell ended with, with its traceback; or a warning that it gave, such as the one on a loss's target size.
    code : str
        The cell. Only what can be evaluated without any effect is looked at again, to tell shapes and types.
    namespace : mapping
        The console's names.
    """
    found = failure(error, code, namespace)
    return next(filter(None, (teacher(found) for teacher in _TEACHERS)), "")
