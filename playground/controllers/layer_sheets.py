"""From what a look into a layer found to what the layer panel shows."""

from dataclasses import fields
from typing import Any

from playground.engine.network.probe_events import Activations, Cell, Filters, HeatMap, Histogram, Weights
from playground.widgets.layer import values

_ENDS = {"Sigmoid": (0.0, 1.0), "Tanh": (-1.0, 1.0)}


def filters(found: Filters) -> values.FilterSheet:
    """The page "Filters"."""
    return values.FilterSheet(
        found.images, found.total, found.channels, found.channel, found.limit, neurons=found.inputs
    )


def arithmetic(found: Cell) -> values.Arithmetic:
    """The page "Cell"."""
    return values.Arithmetic(**_fields(found))


def parameter(found: Weights) -> values.ParameterSheet:
    """The page "Weights"."""
    gradient = found.gradient
    return values.ParameterSheet(
        names=found.names,
        name=found.name,
        shape=found.shape,
        spread=_spread(found.values.histogram),
        matrix=_matrix(found.values.heat_map),
        gradient=None if gradient is None else (_spread(gradient.histogram), _matrix(gradient.heat_map)),
    )


def activations(found: Activations, kind: str) -> values.ActivationSheet:
    """The page "Activations" of a layer of this kind."""
    known = found.statistics
    return values.ActivationSheet(
        images=found.images,
        shape=found.shape,
        spread=_spread(found.histogram),
        batch=found.batch,
        ends=_ENDS.get(kind),
        saturated=found.saturated,
        silent=found.silent,
        dead=found.dead,
        kept=found.kept,
        statistics=None if known is None else values.ChannelStatistics(**_fields(known)),
        has_cells=kind == "Conv2d",
    )


def _spread(found: Histogram) -> values.Spread:
    return values.Spread(found.counts, found.edges, found.total, found.not_finite, found.zeros, found.mean, found.std)


def _matrix(found: HeatMap) -> values.Matrix:
    return values.Matrix(found.values, found.shape, found.block)


def _fields(found: Any) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(found)}
