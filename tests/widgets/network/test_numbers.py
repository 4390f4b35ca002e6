"""Counts and sizes read as people write them."""

import pytest

from playground.widgets.common.numbers import memory
from playground.widgets.network.numbers import change, short


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (850, "850"), (1_000, "1 k"), (831_744, "832 k"), (999_999, "1 M"), (3_628_146_688, "3.63 G")],
)
def test_three_figures_and_a_unit(count, text):
    assert short(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(2_400, "+2.4 k"), (-46_080, "\N{MINUS SIGN}46.1 k"), (0, "\N{PLUS-MINUS SIGN}0"), (None, "?")],
)
def test_a_change_has_its_sign(count, text):
    assert change(count) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(12, "12 B"), (1_536, "1.5 KiB"), (1_638_400, "1.56 MiB"), (1_024_000, "0.977 MiB"), (3 * 2**40, "3,072 GiB")],
)
def test_memory_in_binary_units(size, text):
    assert memory(size) == text
