"""Tables, heat maps, images, histograms, lines and the unit grid, number by number against torch and NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.problems import Problem
from playground.engine.tensors import pictures, planes
from playground.engine.tensors.matrices import matrix_picture
from playground.engine.tensors.pictures import histogram, image, line
from playground.engine.tensors.planes import heat, table
from playground.engine.tensors.tensor_events import Window


def _order(value: complex) -> tuple[float, float]:
    return round(value.real, 4), round(value.imag, 4)


def test_a_table_shows_any_two_dimensions_at_fixed_others() -> None:
    x = torch.arange(120).view(2, 3, 4, 5)
    assert np.array_equal(table(x).values, x[0, 0].numpy())
    page = table(x, rows=3, columns=1, fixed=(1, 0, 2, 0))
    assert np.array_equal(page.values, x[1, :, 2, :].t().numpy())
    assert (page.rows_dim, page.columns_dim, page.fixed, page.shape) == (3, 1, (1, 0, 2, 0), (5, 3))
    assert np.array_equal(table(x, rows=-4, fixed=(0, 2, 3, 0)).values, x[:, 2, 3, :].numpy())


@given(st.permutations(range(3)), st.integers(-2, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
@settings(deadline=None)
def test_only_the_window_is_there(order: list[int], row: int, column: int, rows: int, columns: int) -> None:
    x = torch.arange(105.0).view(3, 5, 7)
    down, across, rest = order
    page = table(x, down, across, (1, 1, 1), Window(row, column, rows, columns))
    plain = x.select(rest, 1)
    whole = (plain if down < across else plain.t()).numpy()
    top = max(row, 0)
    assert np.array_equal(page.values, whole[top : top + rows, column : column + columns])
    assert (page.row, page.shape) == (min(top, whole.shape[0]), whole.shape)


def test_vectors_and_scalars_are_tables_too() -> None:
    assert table(torch.arange(3)).values.tolist() == [[0, 1, 2]]
    assert table(torch.arange(3), rows=0).values.tolist() == [[0], [1], [2]]
    assert table(torch.tensor(5)).values.tolist() == [[5]]
    assert table(torch.zeros(0, 3)).shape == (0, 3)
    assert table(torch.eye(2).to_sparse()).values.tolist() == [[1, 0], [0, 1]]


def test_a_page_is_a_copy() -> None:
    x = torch.zeros(2, 2)
    page = table(x)
    x += 1
    assert page.values.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"rows": 1, "columns": 1}, "tensor-dimension"),
        ({"rows": 3}, "tensor-dimension"),
        ({"fixed": (5, 0, 0)}, "tensor-index"),
        ({"fixed": (0, 0)}, "tensor-index-length"),
    ],
)
def test_a_choice_that_is_not_there_is_refused(options: dict[str, int], code: str) -> None:
    with pytest.raises(Problem) as refused:
        table(torch.zeros(2, 3, 4), **options)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_small_heat_map_is_the_matrix() -> None:
    x = torch.randn(3, 4)
    found = heat(x)
    assert np.array_equal(found.values, x.numpy())
    assert (found.block, found.step) == ((1, 1), (1, 1))


@pytest.mark.parametrize("shape", [(700, 300), (1, 1500), (513, 1025)])
def test_a_large_heat_map_shows_each_blocks_extreme(shape: tuple[int, int]) -> None:
    x = torch.randn(shape)
    found = heat(x)
    assert max(found.values.shape) <= planes.PICTURE

    def highest(values: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.max_pool2d(values[None], found.block, ceil_mode=True)[0]

    values = torch.from_numpy(found.values)
    assert torch.equal(values.abs(), highest(x.abs()))
    assert ((values == highest(x)) | (values == -highest(-x))).all()


def test_nan_is_not_lost_in_a_block() -> None:
    x = torch.zeros(2000, 2)
    x[777, 1] = torch.nan
    found = heat(x)
    assert np.argwhere(np.isnan(found.values)).tolist() == [[777 // found.block[0], 1]]


def test_a_very_large_heat_map_says_how_much_it_looked_at() -> None:
    x = torch.arange(2000.0).unsqueeze(1).expand(2000, 2000)
    found = heat(x)
    assert (found.block, found.step) == ((4, 4), (2, 2))
    # Of rows 4 i to 4 i + 3 every other one was looked at.
    assert np.array_equal(found.values, np.repeat(4 * np.arange(500.0) + 2, 500).reshape(500, 500))


@given(st.integers(1, 3000), st.integers(1, 3000))
@settings(max_examples=15, deadline=None)
def test_a_heat_map_is_never_too_large(height: int, width: int) -> None:
    found = heat(torch.zeros(1, 1).expand(height, width))
    assert found.values.shape == tuple(
        -(-size // block) for size, block in zip((height, width), found.block, strict=True)
    )
    assert max(found.values.shape) <= planes.PICTURE


def test_images_are_read_by_their_dimensions() -> None:
    x = torch.randn(5, 3, 8, 6)
    assert np.array_equal(image(x).images, x.permute(0, 2, 3, 1).numpy())
    assert (image(x).meaning, image(x).total, image(x).size) == ("batch", 5, (8, 6))
    assert np.array_equal(image(x[0]).images, x[:1].permute(0, 2, 3, 1).numpy())
    assert image(x[0]).meaning == "colour"
    assert np.array_equal(image(x[0, 0]).images, x[:1, 0].numpy())
    assert (image(x[0, 0]).meaning, image(x[:, 0]).meaning) == ("picture", "channels")
    assert np.array_equal(image(x[:, :1]).images, x[:, 0].numpy())
    assert (image(x[0, 0]).low, image(x[0, 0]).high) == (x[0, 0].min().item(), x[0, 0].max().item())


def test_a_large_batch_and_a_large_image_are_thinned_out() -> None:
    batch = image(torch.zeros(1).expand(1000, 1, 4, 4))
    assert (len(batch.images), batch.total) == (pictures.IMAGES, 1000)
    x = torch.arange(1100.0).expand(3, 1100)
    large = image(x[:2])
    assert (large.step, large.size) == (3, (2, 1100))
    assert np.array_equal(large.images[0], x[:2:3, ::3].numpy())


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((5,), "takes 2 to 4 dimensions"),
        ((1, 1, 1, 1, 1), "takes 2 to 4 dimensions"),
        ((2, 16, 5, 5), "16 channels are neither"),
        ((28, 28, 3), r"permute\(2, 0, 1\)"),
        ((4, 28, 28, 3), r"permute\(0, 3, 1, 2\)"),
    ],
)
def test_what_is_no_image_says_why(shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(Problem, match=words) as refused:
        image(torch.zeros(shape))
    assert refused.value.code == "tensor-no-picture"


@pytest.mark.parametrize("picture", [image, histogram, line, heat])
@pytest.mark.parametrize(
    ("tensor", "code"),
    [
        (torch.zeros(2, 0), "tensor-empty"),
        (torch.zeros(2, 2, dtype=torch.complex64), "tensor-complex"),
        (torch.zeros(2, 2, device="meta"), "tensor-no-values"),
    ],
)
def test_pictures_of_nothing_are_refused(picture: object, tensor: torch.Tensor, code: str) -> None:
    assert callable(picture)
    with pytest.raises(Problem) as refused:
        picture(tensor)
    assert refused.value.code == code


def test_a_histogram_is_numpys_over_the_finite_values() -> None:
    x = torch.randn(1000)
    x[3], x[4] = torch.nan, torch.inf
    found = histogram(x)
    finite = x[x.isfinite()].double().numpy()
    counts, edges = np.histogram(finite, pictures.BINS)
    assert np.array_equal(found.counts, counts)
    assert np.array_equal(found.edges, edges)
    assert (found.not_finite, found.counted, found.total) == (2, 1000, 1000)


@pytest.mark.parametrize("low", [0.0, 1.0, -1e308, 1e308, 5e-324])
def test_any_range_can_be_counted(low: float) -> None:
    for high in (low, abs(low), np.nextafter(low, np.inf)):
        found = histogram(torch.tensor([low, high], dtype=torch.float64))
        assert found.counts.sum() == 2
        assert np.isfinite(found.edges).all()


def test_few_whole_numbers_get_a_bin_each() -> None:
    found = histogram(torch.tensor([3, 3, 5]))
    assert (found.counts.tolist(), found.edges.tolist()) == ([2, 0, 1], [2.5, 3.5, 4.5, 5.5])
    assert histogram(torch.tensor([True, False, True])).counts.tolist() == [1, 2]


def test_a_short_line_is_its_values() -> None:
    found = line(torch.tensor([[1.0, torch.nan], [3.0, torch.inf]]))
    assert np.array_equal(found.low, [1, np.nan, 3, np.nan], equal_nan=True)
    assert np.array_equal(found.low, found.high, equal_nan=True)
    assert found.starts.tolist() == [0, 1, 2, 3]


def test_a_long_line_keeps_the_extremes_of_each_run() -> None:
    x = torch.randn(10_007, dtype=torch.float64)
    found = line(x)
    ends = [*found.starts[1:], len(x)]
    for start, end, low, high in zip(found.starts, ends, found.low, found.high, strict=True):
        assert (low, high) == (x[start:end].min().item(), x[start:end].max().item())


def test_a_very_long_line_is_sampled_within_its_runs() -> None:
    found = line(torch.arange(4_000_000.0))
    assert (found.counted, found.total, len(found.starts)) == (1_000_000, 4_000_000, pictures.RUNS)
    assert (found.low >= found.starts).all()
    assert (found.high < found.starts + 2000).all()


@given(st.lists(st.integers(-5, 5), min_size=4, max_size=4))
def test_the_unit_grid_is_mapped_by_the_matrix(numbers: list[int]) -> None:
    tensor = torch.tensor(numbers, dtype=torch.float32).view(2, 2)
    found = matrix_picture(tensor)
    matrix = tensor.double()
    points = torch.from_numpy(found.grid).reshape(-1, 2)
    assert np.array_equal(found.mapped.reshape(-1, 2), (matrix @ points.t()).t().numpy())
    assert found.mapped_square[1].tolist() == matrix[:, 0].tolist()
    assert found.mapped_square[3].tolist() == matrix[:, 1].tolist()
    a, b, c, d = numbers
    assert found.determinant == a * d - b * c
    assert (found.kind == "complex") == ((a - d) ** 2 + 4 * b * c < 0)
    for value, vector in zip(found.eigenvalues, found.eigenvectors.T, strict=True):
        assert found.matrix @ vector == pytest.approx(value * vector, abs=1e-12)
        assert np.linalg.norm(vector) == pytest.approx(1)
    # NumPy knows a double eigenvalue to the root of float64's precision only.
    assert sorted(found.eigenvalues, key=_order) == pytest.approx(
        sorted(np.linalg.eigvals(found.matrix).astype(complex), key=_order), abs=1e-6
    )


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([[2, 0], [0, 3]], "real"),
        ([[0, -1], [1, 0]], "complex"),
        ([[1, 1], [0, 1]], "defective"),
        ([[1, 0], [0, 1]], "real"),
    ],
)
def test_the_kind_of_eigenvectors_is_told(numbers: list[list[int]], kind: str) -> None:
    assert matrix_picture(torch.tensor(numbers)).kind == kind


@pytest.mark.parametrize(
    "tensor", [torch.zeros(2, 3), torch.full((2, 2), torch.nan), torch.zeros(2, 2, dtype=torch.complex64)]
)
def test_other_matrices_are_refused(tensor: torch.Tensor) -> None:
    with pytest.raises(Problem) as refused:
        matrix_picture(tensor)
    assert refused.value.code == "tensor-no-matrix"
