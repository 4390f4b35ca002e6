"""Statistics against NumPy and plain torch, exact and sampled, and for tensors that have none."""

import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.tensors.statistics import exact_statistics, statistics
from playground.engine.tensors.tensor_events import Statistics

FLOATS = st.lists(st.floats(width=32), min_size=1, max_size=40)


@given(FLOATS)
def test_they_are_numpys_over_the_finite_values(numbers: list[float]) -> None:
    tensor = torch.tensor(numbers, dtype=torch.float32)
    found = statistics(tensor)
    values = tensor.numpy()
    finite = values[np.isfinite(values)].astype(np.float64)
    assert (found.nan, found.infinite) == (int(np.isnan(values).sum()), int(np.isinf(values).sum()))
    assert (found.total, found.counted, found.is_exact) == (len(numbers), len(numbers), True)
    if not finite.size:
        assert found.problem is not None
        assert found.problem.code == "tensor-not-finite"
        return
    assert found.zeros == int((values == 0).sum())
    assert (found.minimum, found.maximum, found.mean) == (finite.min(), finite.max(), finite.mean())
    assert found.std == (np.std(finite, ddof=1) if finite.size > 1 else None)
    assert found.norm == np.sqrt((finite * finite).sum())


@given(FLOATS, st.integers(1, 7))
def test_counted_piece_by_piece_they_come_out_the_same(numbers: list[float], piece: int) -> None:
    tensor = torch.tensor(numbers, dtype=torch.float32)
    once, *_, last = statistics(tensor), *exact_statistics(tensor, piece)
    assert (last.nan, last.infinite, last.zeros, last.counted) == (once.nan, once.infinite, once.zeros, once.counted)
    assert (last.minimum, last.maximum) == (once.minimum, once.maximum)
    # Only the order of the float64 additions differs.
    size = max((abs(number) for number in numbers if np.isfinite(number)), default=0.0)
    for mine, plain in [(last.mean, once.mean), (last.std, once.std), (last.norm, once.norm)]:
        assert mine == (None if plain is None else pytest.approx(plain, rel=1e-12, abs=1e-12 * size))


def test_torch_agrees() -> None:
    x = torch.randn(3, 50, dtype=torch.float64).t()
    found = statistics(x)
    assert (found.minimum, found.maximum) == (x.min().item(), x.max().item())
    for mine, torchs in [(found.mean, x.mean()), (found.std, x.std()), (found.norm, x.norm())]:
        assert mine == pytest.approx(torchs.item(), rel=1e-12)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.randn(60, 70).t(),
        torch.randn(1, 70).expand(60, 70),
        torch.randn(4200)[::2],
        torch.arange(4000).view(2, 2000).transpose(0, 1),
        torch.randn(2, 3, 7, 100).permute(3, 0, 2, 1),
    ],
)
def test_pieces_of_any_view_cover_every_element_once(tensor: torch.Tensor) -> None:
    *_, last = exact_statistics(tensor, 100)
    assert last.counted == tensor.numel()
    assert last.mean == pytest.approx(tensor.double().mean().item(), rel=1e-12)
    assert last.zeros == int((tensor == 0).sum())


def test_whole_numbers_stay_whole() -> None:
    found = statistics(torch.tensor([2**53 + 1, -3, 0]))
    assert (found.minimum, found.maximum, found.zeros) == (-3, 2**53 + 1, 1)
    truth = statistics(torch.tensor([True, False, True, True]))
    assert (truth.minimum, truth.maximum, truth.mean, truth.zeros) == (False, True, 0.75, 1)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float8_e4m3fn, torch.uint16, torch.uint8])
def test_every_type_can_be_counted(dtype: torch.dtype) -> None:
    found = statistics(torch.tensor([0.0, 1.0, 2.0, 3.0]).to(dtype))
    assert (found.minimum, found.maximum, found.mean, found.zeros) == (0, 3, 1.5, 1)


def test_a_scalar_has_no_spread() -> None:
    found = statistics(torch.tensor(2.0))
    assert (found.mean, found.std, found.norm) == (2.0, None, 2.0)


def test_complex_numbers_have_a_mean_and_no_order() -> None:
    z = torch.randn(50, dtype=torch.complex128).conj()
    found = statistics(z)
    assert found.problem is not None
    assert (found.minimum, found.maximum, found.problem.code) == (None, None, "tensor-complex")
    assert found.mean == pytest.approx(z.mean().item())
    assert found.std == pytest.approx(z.std().item())
    assert found.norm == pytest.approx(z.norm().item())


def test_a_sparse_tensor_counts_its_missing_zeros() -> None:
    dense = torch.zeros(50, 60)
    dense[3, 4], dense[5, 6] = 2.0, -7.0
    found, plain = statistics(dense.to_sparse()), statistics(dense)
    assert (found.zeros, found.minimum, found.maximum, found.counted) == (2998, -7.0, 2.0, 3000)
    assert found.mean == pytest.approx(plain.mean)
    assert found.std == pytest.approx(plain.std)
    huge = torch.sparse_coo_tensor([[0], [5]], [1.0], (10**6, 10**6), check_invariants=True)
    assert statistics(huge).zeros == 10**12 - 1


@pytest.mark.parametrize(
    ("tensor", "code"),
    [
        (torch.empty(0, 3), "tensor-empty"),
        (torch.empty(3, device="meta"), "tensor-no-values"),
        (torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)], layout=torch.jagged), "tensor-no-values"),
        (torch.tensor([float("nan"), float("inf")]), "tensor-not-finite"),
    ],
)
def test_what_cannot_be_told_is_said_in_a_sentence(tensor: torch.Tensor, code: str) -> None:
    (exact,) = exact_statistics(tensor)
    for found in (statistics(tensor), exact):
        assert found.problem is not None
        assert found.problem.code == code
        assert found.mean is None


def test_numbers_too_large_for_their_squares_keep_their_mean() -> None:
    found = statistics(torch.tensor([1e200, 3e200], dtype=torch.float64))
    assert (found.mean, found.std, found.norm) == (2e200, None, None)


def test_a_sample_says_that_it_is_one_and_draws_nothing_from_torch() -> None:
    x = torch.arange(5_000_000.0)
    state = torch.get_rng_state()
    found = statistics(x)
    assert (found.counted, found.total, found.is_exact) == (1_000_000, 5_000_000, False)
    assert torch.equal(torch.get_rng_state(), state)
    assert found == statistics(x)
    # One element out of each five in a row: the mean is off by less than those five differ.
    assert found.mean == pytest.approx(2_499_999.5, abs=5)
    assert found.norm == pytest.approx(x.double().norm().item(), rel=1e-5)
    transposed = statistics(x.view(1000, 5000).t())
    assert transposed.mean == pytest.approx(found.mean, rel=1e-2)


@given(st.permutations(range(3)), st.integers(1, 119))
@settings(deadline=None)
def test_a_sample_holds_elements_of_the_view(order: list[int], cap: int) -> None:
    view = torch.arange(120.0).view(4, 5, 6).permute(*order)
    found = statistics(view, cap)
    low, high = found.minimum, found.maximum
    assert found.counted == cap
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert 0 <= low <= high < 120


def test_counting_can_be_stopped_and_notices_a_change() -> None:
    x = torch.zeros(1000)
    run = exact_statistics(x, 100)
    assert next(run).counted == 100
    run.close()
    run = exact_statistics(x, 100)
    next(run)
    x += 1
    *_, last = run
    assert last.problem is not None
    assert last.problem.code == "tensor-changed"


def test_a_hundred_million_elements_open_at_once() -> None:
    x = torch.zeros(1, 100).expand(1_000_000, 100)

    def seconds() -> float:
        start = time.thread_time()
        assert statistics(x).total == 100_000_000
        return time.thread_time() - start

    assert min(seconds() for _ in range(3)) < 1  # measured: 0.06; counting them all takes 1.6 to 3.7


def test_the_default_result_knows_nothing() -> None:
    assert Statistics(3, 0).is_exact is False
