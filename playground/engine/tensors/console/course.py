"""The small functions that course code expects to find: the definitions that the tutorials write, ready made.

Their source is written into saved transcripts as it stands here, so it uses nothing but torch and matplotlib.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def one_hot(label: Tensor, depth: int = 10) -> Tensor:
    """Class numbers [N] as rows with a single one: float32 [N, depth]."""
    out = torch.zeros(label.size(0), depth)
    index = label.long().view(-1, 1)  # [N, 1]
    return out.scatter_(dim=1, index=index, value=1)


def plot_curve(data: Sequence[float]) -> None:
    """Draw values, such as losses, over their step."""
    from matplotlib import pyplot as plt

    plt.figure()
    plt.plot(range(len(data)), data, color="blue")
    plt.legend(["value"], loc="upper right")
    plt.xlabel("step")
    plt.ylabel("value")
    plt.show()


def plot_image(img: Tensor, label: Tensor | Sequence[int], name: str) -> None:
    """Draw the first six of a batch of grey images [N, 1, H, W], normalised as MNIST is, each with its label."""
    from matplotlib import pyplot as plt

    plt.figure()
    for i in range(min(6, len(img))):
        plt.subplot(2, 3, i + 1)
        plt.tight_layout()
        plt.imshow(img[i][0] * 0.3081 + 0.1307, cmap="gray", interpolation="none")
        plt.title(f"{name}: {int(label[i])}")
        plt.xticks([])
        plt.yticks([])
    plt.show()
