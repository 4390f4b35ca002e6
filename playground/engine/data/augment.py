"""Small random changes to training images: other hands, other pens."""

import math

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)


def augment(
    images: torch.Tensor,
    *,
    rotation: float = 0.0,
    shear: float = 0.0,
    shift: float = 0.0,
    scale: float = 0.0,
    thickness: float = 0.0,
    background: float = 0.0,
) -> torch.Tensor:
    """Turn, shear, move, scale and thicken each image by its own random amounts.

    Every amount is drawn uniformly from minus to plus the value given, from torch's default generator; an amount of 0
    changes nothing and draws nothing. This function stands alone: scripts carry its source text.

    Parameters
    ----------
    images : Tensor [B, C, H, W]
    rotation, shear : float
        In degrees.
    shift : float
        In pixels, along each axis.
    scale : float
        As a fraction of the size.
    thickness : float
        Change of a bright stroke's width in pixels, at most 2 (the reach of a 3 x 3 maximum or minimum).
    background : float
        What is beyond the edges, in the images' own units.

    Returns
    -------
    Tensor [B, C, H, W]
    """
    batch, _, height, width = images.shape

    def draw(amount: float, *size: int) -> torch.Tensor:
        return (2 * torch.rand(batch, *size, device=images.device) - 1) * amount

    if rotation or shear or shift or scale:
        zero = torch.zeros(batch, device=images.device)
        angle = draw(math.radians(rotation)) if rotation else zero
        slant = draw(math.radians(shear)).tan() if shear else zero
        size = 1 + draw(scale) if scale else zero + 1
        move = draw(shift, 2) if shift else zero.unsqueeze(1).expand(-1, 2)
        cos, sin = angle.cos() / size, angle.sin() / size
        # Where each output pixel comes from, in units of half the picture: rows of [B, 2, 3].
        across = torch.stack([cos, (slant * cos - sin) * height / width, -2 * move[:, 0] / width], dim=1)
        down = torch.stack([sin * width / height, slant * sin + cos, -2 * move[:, 1] / height], dim=1)
        grid = F.affine_grid(torch.stack([across, down], dim=1), list(images.shape), align_corners=False)
        images = F.grid_sample(images - background, grid, align_corners=False) + background
    if thickness:
        amount = draw(thickness / 2, 1, 1, 1)
        # The 3 x 3 maximum and minimum, which F.max_pool2d would take ten times longer for: [B, C, H, W].
        padded = F.pad(images, (1, 1, 1, 1), value=background)
        thicker, thinner = (
            extreme(extreme(rows[..., :-2, :], rows[..., 1:-1, :]), rows[..., 2:, :])
            for extreme in (torch.maximum, torch.minimum)
            for rows in [extreme(extreme(padded[..., :-2], padded[..., 1:-1]), padded[..., 2:])]
        )
        images = images + amount.clamp(min=0) * (thicker - images) + (-amount).clamp(min=0) * (thinner - images)
    return images
