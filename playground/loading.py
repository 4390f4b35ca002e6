"""What is loaded beside the painted window: pyqtgraph for its plots, then PyTorch."""

from collections.abc import Generator

from playground.engine.warm_up import Warm, Warming, warm_up


def load() -> Generator[Warming, None, Warm]:
    """Import what takes seconds before the first click needs it; a job."""
    yield Warming("the plots")
    import playground.widgets.plots.view
    import playground.widgets.samples.scatter  # noqa: F401

    return (yield from warm_up())
