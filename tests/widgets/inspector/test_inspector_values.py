"""What the inspector is given has the fields of the engine's events, so that handing over is copying."""

from dataclasses import fields

import pytest

from playground.engine.tensors import tensor_events
from playground.widgets.inspector import values

_SENTENCES = {"problem": "sentence"}  # the window's words for what the engine tells by code


@pytest.mark.parametrize(
    "name",
    [
        "TensorFacts", "ArrayFacts", "ModuleFacts", "OptimizerFacts", "ValueFacts", "Statistics", "Placement",
        "MemoryPicture", "TablePage", "Heat", "Gallery", "TensorHistogram", "Line", "UnitGrid",
    ],
)  # fmt: skip
def test_a_value_has_the_fields_of_its_event(name):
    told = [_SENTENCES.get(field.name, field.name) for field in fields(getattr(tensor_events, name))]
    assert [field.name for field in fields(getattr(values, name))] == told
