"""A net with its preprocessing inside: pixels enter it, or probabilities leave it."""

import torch
from torch import Tensor, nn

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.export.spec import ExportSpec
from playground.engine.network.outputs import meaning


class Normalised(nn.Module):
    """Pixels in [0, 1] as the net was trained on them, computed in the order in which the data were."""

    mean: Tensor
    std: Tensor

    def __init__(self, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1))  # [C, 1, 1]
        self.register_buffer("std", torch.tensor(std).view(-1, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        """From [B, C, H, W] to the same shape."""
        return (pixels - self.mean) / self.std


class Exponential(nn.Module):
    """Probabilities of log-probabilities."""

    def forward(self, outputs: Tensor) -> Tensor:
        """Each element by itself."""
        return outputs.exp()


def wrapped(net: nn.Module, document: Document, spec: ExportSpec) -> nn.Module:
    """The net with what `spec` puts inside; the very net where that is nothing.

    Ask `refusal` before.
    """
    facts = describe(document.data)
    parts = [Normalised(facts.mean, facts.std), net] if spec.normalise else [net]
    if spec.softmax:
        parts.append(Exponential() if meaning(net) == "log-probabilities" else nn.Softmax(dim=1))
    return nn.Sequential(*parts).eval() if len(parts) > 1 else net
