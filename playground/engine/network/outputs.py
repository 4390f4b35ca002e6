"""What a network's outputs mean: logits, log-probabilities or probabilities, told from its last layer."""

from torch import Tensor, nn

from playground.engine.export.preprocessing import Output


def meaning(net: nn.Module) -> Output:
    """What leaves a net that classifies."""
    last = _last(net)
    if isinstance(last, nn.Softmax):
        return "probabilities"
    return "log-probabilities" if isinstance(last, nn.LogSoftmax) else "logits"


def as_probabilities(outputs: Tensor, output: Output) -> Tensor:
    """Outputs [B, classes] as probabilities that sum to 1 in each row."""
    if output == "probabilities":
        return outputs
    return outputs.exp() if output == "log-probabilities" else outputs.softmax(dim=1)


def probabilities(net: nn.Module, outputs: Tensor) -> Tensor:
    """The outputs [B, classes] of `net` as probabilities that sum to 1 in each row."""
    return as_probabilities(outputs, meaning(net))


def _last(net: nn.Module) -> nn.Module:
    """The layer that makes the outputs: the last one, followed into containers; what is switched off lets it pass."""
    while isinstance(net, nn.Sequential):
        made = [module for module in net if not isinstance(module, nn.Identity)]
        if not made:
            break
        net = made[-1]
    return net
