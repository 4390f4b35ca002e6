"""Notes on gradients: what autograd refuses, and the usual cure."""

from playground.engine.tensors.indices import spelled
from playground.engine.tensors.taught_failure import Failure


def leaf(failure: Failure) -> str:
    """A leaf that requires a gradient, changed in place."""
    if "leaf Variable that requires grad" not in failure.message:
        return ""
    changed = failure.operands[0] if failure.operands else None
    name = changed.label if changed else "The tensor"
    what = "a leaf" if changed is None or changed.value.is_leaf else "a view of a leaf"
    return (
        f"{name} is {what} that requires a gradient, and changing it in place would spoil its history. "
        f"Update it inside with torch.no_grad():, or make a new tensor (w = w + 1 for w += 1)."
    )


def twice(failure: Failure) -> str:
    """A second backward through the same graph."""
    if "backward through the graph a second time" not in failure.message:
        return ""
    return (
        "The first backward() has freed what this graph had saved. Compute the loss again before each backward(), "
        "or call the first one with backward(retain_graph=True)."
    )


def not_scalar(failure: Failure) -> str:
    """backward from more than one number."""
    if "grad can be implicitly created only for scalar" not in failure.message:
        return ""
    first = failure.first
    what = f"{first.name} has shape {spelled(first.shape)}" if first else "This tensor has more than one element"
    return (
        f"{what}, but backward() starts from one number. Take its sum() or mean() first, "
        "or give backward() a gradient of the same shape."
    )


def no_graph(failure: Failure) -> str:
    """backward where nothing asks for a gradient."""
    if "does not require grad and does not have a grad_fn" not in failure.message:
        return ""
    return (
        "Nothing in this computation asks for a gradient: create the weights with requires_grad=True, and compute "
        "the loss after that, outside torch.no_grad() and without detach()."
    )


def numpy(failure: Failure) -> str:
    """numpy() of a tensor with a graph."""
    if "call numpy() on Tensor that requires grad" not in failure.message:
        return ""
    return "NumPy knows no gradients: t.detach().numpy() gives the numbers, over the same memory."


def modified(failure: Failure) -> str:
    """A saved tensor that was changed in place before backward."""
    if "modified by an inplace operation" not in failure.message:
        return ""
    return (
        "backward() needs a tensor as it was in the forward pass, but it was changed in place since. "
        "Write x = x + 1 instead of x += 1 (or add_), at the line that changes it."
    )


def whole_numbers(failure: Failure) -> str:
    """A gradient asked of whole numbers."""
    if "Only Tensors of floating point" not in failure.message:
        return ""
    return "Whole numbers have no gradient: write them with a point (1.0), or add dtype=torch.float32."
