"""Random numbers of one's own, on a thread beside a run whose numbers must not be touched."""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class PrivateDraws(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within this context every operator that draws takes its numbers from one generator, which starts at `seed`.

    torch's default generators are neither read nor moved, and the numbers are those that
    `torch.manual_seed(seed)` would have given on the CPU. It holds for the thread that enters it alone.

    Raises
    ------
    NotImplementedError
        From an operator that draws and takes no generator.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.generator = torch.Generator().manual_seed(seed)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Hand the generator to `func` where it draws (torch's hook)."""
        given = dict(kwargs or {})
        if torch.Tag.nondeterministic_seeded in func.tags and _draws(func, args):
            func, given["generator"] = _seedable(func), self.generator
        return func(*args, **given)


def _seedable(func: Any) -> Any:
    """The overload of `func` that takes a generator."""
    for overload in (func, getattr(func.overloadpacket, "generator", None)):
        if overload is not None and any(argument.name == "generator" for argument in overload._schema.arguments):
            return overload
    raise NotImplementedError(f"{func} draws numbers and takes no generator")


def _draws(func: Any, args: tuple[Any, ...]) -> bool:
    """Whether anything random happens: attention is tagged whether or not it drops anything."""
    probability = next((i for i, given in enumerate(func._schema.arguments) if given.name == "dropout_p"), None)
    if probability is None:
        return True
    return len(args) > probability and args[probability] > 0
