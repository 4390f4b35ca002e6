"""The course's run against plain PyTorch: Adam at 1e-3 on Himmelblau, to the last bit and to the four minima."""

import msgspec
import numpy as np
import pytest
from descent_races import assert_same_rows, plain_rows, run
from torch.optim import Adam

from playground.engine.descent import presets

COURSE = presets.preset("himmelblau-adam")
ENOUGH = 6_000
"""Steps after which each of the other starts is at its minimum; the rest of the 20,000 changes no digit shown."""


def shortened(steps, *indices):
    return msgspec.structs.replace(COURSE, racers=tuple(COURSE.racers[index] for index in indices), steps=steps)


def test_20_000_steps_from_the_origin_are_plain_pytorchs_bit_for_bit_and_end_at_3_2():
    traces, (end,) = run(shortened(20_000, 0))
    assert (end.steps, end.problem) == (20_000, None)
    assert_same_rows(traces[0], plain_rows(lambda parameters: Adam(parameters, lr=1e-3), 20_000, start=(0.0, 0.0)))
    assert traces[0].position[-1] == pytest.approx([3, 2], abs=1e-4)


def test_the_other_starts_end_at_the_other_minima():
    traces, _ = run(shortened(ENOUGH, 2, 3, 4))
    ends = np.array([trace.position[-1] for trace in traces])
    assert ends == pytest.approx(np.array([[-3.7793, -3.2832], [3.5844, -1.8481], [-2.8051, 3.1313]]), abs=1e-4)
