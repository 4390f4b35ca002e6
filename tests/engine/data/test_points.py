"""Sets in the plane: seeded, in range, as their formulas say, and each function on its own."""

import inspect
import math

import pytest
import torch

from playground.engine.data.points import POINTS, random_data


def draw(name, samples=2_000, classes=3, noise=0.0, seed=0):
    return POINTS[name](samples, classes, noise, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", POINTS)
def test_the_same_seed_gives_the_same_points_and_another_seed_others(name):
    inputs, targets = draw(name, noise=0.1)
    again, targets_again = draw(name, noise=0.1)
    assert torch.equal(inputs, again)
    assert torch.equal(targets, targets_again)
    assert not torch.equal(inputs, draw(name, noise=0.1, seed=1)[0])


@pytest.mark.parametrize("name", POINTS)
def test_points_span_about_the_square_from_minus_one_to_one(name):
    inputs, targets = draw(name)
    assert inputs.dtype == torch.float32
    assert inputs.is_contiguous()
    assert 0.6 < inputs.abs().max() < 1.5
    assert targets.dtype == (torch.float32 if name in ("plane", "line") else torch.int64)


@pytest.mark.parametrize("name", ["gaussians", "circles", "xor", "spirals", "moons", "blobs"])
def test_any_part_of_a_set_holds_every_class(name):
    _, labels = draw(name)
    wanted = {0, 1, 2} if name in ("spirals", "blobs") else {0, 1}
    assert set(labels[-100:].tolist()) == set(labels.tolist()) == wanted


@pytest.mark.parametrize("name", POINTS)
def test_noise_moves_the_points_by_its_deviation(name):
    clean, noisy = draw(name), draw(name, noise=0.1)
    moved = (noisy[1] - clean[1]) if name in ("plane", "line") else (noisy[0] - clean[0])
    assert moved.std().item() == pytest.approx(0.1, rel=0.1)  # 2,000 draws: 3 deviations are about 5 %


@pytest.mark.parametrize("name", POINTS)
def test_the_source_of_each_function_runs_with_torch_and_math_alone(name):
    namespace = {"torch": torch, "math": math}
    exec(inspect.getsource(POINTS[name]), namespace)
    inputs, targets = namespace[name](50, 3, 0.1, torch.Generator().manual_seed(3))
    wanted = draw(name, samples=50, noise=0.1, seed=3)
    assert torch.equal(inputs, wanted[0])
    assert torch.equal(targets, wanted[1])


def test_the_line_and_the_plane_are_found_again_by_least_squares():
    for name, wanted in (("line", [0.7, 0.2]), ("plane", [0.6, -0.3, 0.1])):
        inputs, values = draw(name)
        design = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
        assert torch.linalg.lstsq(design, values).solution.flatten().tolist() == pytest.approx(wanted, abs=1e-5)


def test_circles_lie_on_their_radii_and_xor_in_its_quadrants():
    ring, labels = draw("circles")
    assert torch.allclose(ring.norm(dim=1), 0.4 + 0.4 * labels, atol=1e-6)
    square, labels = draw("xor")
    assert torch.equal(labels == 1, square.prod(dim=1) < 0)


def test_random_data_has_the_shapes_asked_for():
    inputs, targets = random_data(10, (3, 8, 8), 4, torch.Generator().manual_seed(0))
    assert inputs.shape == (10, 3, 8, 8)
    assert targets.shape == (10, 4)
    assert targets.dtype == torch.float32
