"""What a page of the gallery holds, as plain arrays and texts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Images = NDArray[np.uint8] | NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Images [N, H, W] or [N, H, W, 3] with a label each, and what a network says about them.

    `confidences` is one number an image (that of its prediction), or one a class: [N, C] with `classes` as names.
    `indices` are the images' numbers in the split. Bytes are drawn as they are; floats from `shown_range[0]` (black)
    to `shown_range[1]` (white), by default the smallest and largest value on the page.
    """

    images: Images
    labels: tuple[str, ...]
    predictions: tuple[str, ...] | None = None
    confidences: NDArray[np.floating] | None = None
    indices: NDArray[np.integer] | None = None
    classes: tuple[str, ...] = ()
    shown_range: tuple[float, float] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def is_mistake(self, i: int) -> bool:
        """Whether the network got image `i` wrong."""
        return self.predictions is not None and self.predictions[i] != self.labels[i]

    def caption(self, i: int) -> str:
        """The label, or "label → prediction" where they differ."""
        if self.predictions is not None and self.is_mistake(i):
            return f"{self.labels[i]} → {self.predictions[i]}"
        return self.labels[i]

    def index(self, i: int) -> int:
        """The number of image `i` in its split."""
        return i if self.indices is None else int(self.indices[i])

    def best_guesses(self, i: int, count: int = 3) -> list[tuple[str, float]]:
        """The likeliest classes of image `i` with their probabilities, the likeliest first."""
        if self.confidences is None or self.predictions is None:
            return []
        scores = np.asarray(self.confidences[i])
        if scores.ndim == 0:
            return [(self.predictions[i], float(scores))]
        best = np.argsort(-scores, kind="stable")[:count]
        return [(self.classes[c] if self.classes else str(c), float(scores[c])) for c in best]

    def pictures(self) -> list[QImage]:
        """The images, ready to paint."""
        return [_picture(image) for image in _as_bytes(self.images, self.shown_range)]


def _as_bytes(images: Images, shown: tuple[float, float] | None) -> NDArray[np.uint8]:
    if images.dtype == np.uint8:
        return images.astype(np.uint8, copy=False)
    values = images.astype(np.float32)
    finite = values[np.isfinite(values)]
    low, high = shown or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0))
    scaled = (np.nan_to_num(values, nan=low) - low) / ((high - low) or 1.0)
    grey: NDArray[np.uint8] = np.rint(255 * np.clip(scaled, 0, 1)).astype(np.uint8)
    return grey


def _picture(image: NDArray[np.uint8]) -> QImage:
    height, width = image.shape[:2]
    pixel_format = QImage.Format.Format_Grayscale8 if image.ndim == 2 else QImage.Format.Format_RGB888
    data = np.ascontiguousarray(image)
    return QImage(data.data, width, height, data.strides[0], pixel_format).copy()
