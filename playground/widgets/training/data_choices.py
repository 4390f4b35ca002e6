"""The data sets the form offers, with their options; names and defaults are those of the document."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from playground.widgets.common.arguments import Argument

MOST = 10_000_000
NORMALISATIONS = ("standard", "unit", "symmetric")


@dataclass(frozen=True, slots=True)
class DataChoice:
    """A data set: the kind and name that stand in the document, and its options."""

    kind: str
    name: str
    title: str
    summary: str
    arguments: tuple[Argument, ...]


class DataChoices(QObject):
    """The data sets as plain values, their texts in the user's language."""

    def all(self) -> tuple[DataChoice, ...]:
        """Published images first, then points in the plane, then noise."""
        return (*self._images(), *self._classes(), *self._regressions(), self._random())

    def _images(self) -> tuple[DataChoice, ...]:
        tip = self.tr("Pixels get mean 0 and deviation 1 (standard), or span 0 to 1 (unit) or -1 to 1 (symmetric).")
        pixels = Argument(
            "normalisation", ("text",), "standard", False, NORMALISATIONS, doc=tip, title=self.tr("Pixels")
        )
        options = (pixels, self._validation())
        digits = self.tr("70,000 handwritten digits, 28 by 28, grey; ships with the playground.")
        clothes = self.tr("70,000 pieces of clothing, 28 by 28, grey.")
        photographs = self.tr("60,000 photographs in ten classes, 32 by 32, colour.")
        return (
            DataChoice("images", "mnist", "MNIST", digits, options),
            DataChoice("images", "fashion-mnist", "FashionMNIST", clothes, options),
            DataChoice("images", "cifar10", "CIFAR10", photographs, options),
        )

    def _classes(self) -> tuple[DataChoice, ...]:
        two = self._points()
        more = self._points(
            self._count("classes", 2, self.tr("Classes"), self.tr("How many classes there are."), 2, 10)
        )
        return (
            DataChoice("points", "gaussians", self.tr("Two Gaussians"), self.tr("A line parts two clouds."), two),
            DataChoice("points", "circles", self.tr("Circles"), self.tr("A ring around a disc: no line helps."), two),
            DataChoice("points", "xor", self.tr("XOR"), self.tr("Opposite corners belong together."), two),
            DataChoice("points", "moons", self.tr("Moons"), self.tr("Two half moons, one in the other."), two),
            DataChoice("points", "spirals", self.tr("Spirals"), self.tr("Arms wound around each other."), more),
            DataChoice("points", "blobs", self.tr("Blobs"), self.tr("Several clouds, one a class."), more),
        )

    def _regressions(self) -> tuple[DataChoice, ...]:
        options = self._points()
        plane, line = self.tr("A value over two inputs, with noise."), self.tr("A value over one input, with noise.")
        return (
            DataChoice("points", "plane", self.tr("Plane (regression)"), plane, options),
            DataChoice("points", "line", self.tr("Noisy line (regression)"), line, options),
        )

    def _random(self) -> DataChoice:
        tip = self.tr("Shape of one sample, without the batch.")
        shape = Argument("shape", ("ints",), (1, 32, 32), doc=tip, title=self.tr("Shape"))
        options = (
            shape,
            self._count("outputs", 10, self.tr("Outputs"), self.tr("How many numbers are to be predicted."), 1),
            self._count("samples", 1_000, self.tr("Samples"), self.tr("How many samples there are to train on."), 1),
            self._count("test", 200, self.tr("Test"), self.tr("How many samples are kept for the test.")),
            self._validation(),
            self._count("seed", 0, self.tr("Data seed"), self.tr("The seed the numbers are drawn from.")),
        )
        summary = self.tr("Inputs and targets from N(0, 1): nothing to learn, but real shapes, memory and speed.")
        return DataChoice("random", "", self.tr("Random data"), summary, options)

    def _points(self, *more: Argument) -> tuple[Argument, ...]:
        tip = self.tr("Standard deviation of the noise; the picture spans -1 to 1.")
        return (
            self._count("samples", 1_000, self.tr("Samples"), self.tr("How many points there are to train on."), 1),
            Argument("noise", ("float",), 0.1, False, None, 0, 1e6, tip, self.tr("Noise")),
            *more,
            self._count("test", 500, self.tr("Test"), self.tr("How many points are kept for the test.")),
            self._validation(),
            self._count("seed", 0, self.tr("Data seed"), self.tr("The seed the points are drawn from.")),
        )

    def _validation(self) -> Argument:
        tip = self.tr("How many training samples are kept apart to judge the net after every epoch.")
        return self._count("validation", 0, self.tr("Validation"), tip)

    def _count(self, name: str, default: int, title: str, tip: str, least: int = 0, most: int = MOST) -> Argument:
        return Argument(name, ("int",), default, False, None, least, most, tip, title)
