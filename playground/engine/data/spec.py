"""Which data to train on, as asked for."""

from typing import Annotated, Literal

from msgspec import Meta

from playground.engine.spec import Spec

Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Positive = Annotated[int, Meta(ge=1, le=10_000_000)]
Amount = Annotated[float, Meta(ge=0.0, le=1e6)]
Normalisation = Literal["standard", "unit", "symmetric"]


class Augment(Spec, frozen=True):
    """How far each training image is moved, drawn anew for every batch; 0 leaves that alone.

    `rotation` and `shear` in degrees, `shift` in pixels, `scale` as a fraction, `thickness` as the largest change of
    the stroke's width in pixels. Each is drawn uniformly from minus to plus its value.
    """

    rotation: Annotated[float, Meta(ge=0, le=180)] = 0.0
    shear: Annotated[float, Meta(ge=0, le=60)] = 0.0
    shift: Annotated[float, Meta(ge=0, le=100)] = 0.0
    scale: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    thickness: Annotated[float, Meta(ge=0, le=2)] = 0.0


class Images(Spec, frozen=True, tag="images", tag_field="kind"):
    """A published set of labelled images.

    `normalisation`: "standard" subtracts the set's mean and divides by its deviation, "unit" keeps [0, 1],
    "symmetric" maps to [-1, 1] (mean and deviation 0.5). `validation` training images at the end of the training set
    are kept apart. `folder` is where the files already lie; empty means resources/ or the user's data folder.
    """

    name: Literal["mnist", "fashion-mnist", "cifar10"] = "mnist"
    normalisation: Normalisation = "standard"
    validation: Count = 0
    folder: str = ""
    augment: Augment | None = None


class RandomData(Spec, frozen=True, tag="random", tag_field="kind"):
    """Inputs and targets from N(0, 1): nothing to learn, but shapes, memory and speed are those of the real thing."""

    shape: tuple[Positive, ...] = (1, 32, 32)
    outputs: Positive = 10
    samples: Positive = 1_000
    test: Count = 200
    seed: Count = 0
    validation: Count = 0


class Points(Spec, frozen=True, tag="points", tag_field="kind"):
    """A seeded set in the plane: classes to tell apart, or a value to predict.

    `noise` is the standard deviation added to the coordinates (classes) or to the value (regression), in units of
    the picture, which spans about [-1, 1]. `classes` counts where the set can have more than two (blobs, spirals).
    """

    name: Literal["gaussians", "circles", "xor", "spirals", "moons", "blobs", "plane", "line"] = "gaussians"
    samples: Positive = 1_000
    test: Count = 500
    classes: Annotated[int, Meta(ge=2, le=10)] = 2
    noise: Amount = 0.1
    seed: Count = 0
    validation: Count = 0


DataSpec = Images | RandomData | Points
