"""What was typed over in a variable, to be taken back and done again for as long as its name stands for that object."""

import weakref
from dataclasses import dataclass, field
from typing import Any

from playground.engine.problems import Problem
from playground.engine.tensors.tensor_events import Edit


@dataclass
class TensorEdits:
    """The edits of one variable: those done, and those taken back, the latest last."""

    owner: "weakref.ref[Any] | None" = None
    done: list[Edit] = field(default_factory=list)
    undone: list[Edit] = field(default_factory=list)

    def add(self, edit: Edit, owner: "weakref.ref[Any]") -> None:
        """Remember an edit; those of another object that had the name are forgotten."""
        if self.owner is None or self.owner() is not owner():
            self.done.clear()
        self.done.append(edit)
        self.undone.clear()
        self.owner = owner

    def check(self, value: Any, name: str) -> None:
        """Refuse to take edits back in another object.

        Raises
        ------
        Problem
            "tensor-changed".
        """
        if self.owner is None or self.owner() is not value:
            raise Problem("tensor-changed", detail=f"{name} is another one now")
