"""What a network's outputs mean: logits, log-probabilities or probabilities, told from its last layer."""

from torch import Tensor, nn


def probabilities(net: nn.Module, outputs: Tensor) -> Tensor:
    """Outputs [B, classes] as probabilities that sum to 1 in each row."""
    last = _last(net)
    if isinstance(last, nn.Softmax):
        return outputs
    return outputs.exp() if isinstance(last, nn.LogSoftmax) else outputs.softmax(dim=1)


def _last(net: nn.Module) -> nn.Module:
    """The layer that makes the outputs: the last one, followed into containers; what is switched off lets it pass."""
    while isinstance(net, nn.Sequential):
        made = [module for module in net if not isinstance(module, nn.Identity)]
        if not made:
            break
        net = made[-1]
    return net
