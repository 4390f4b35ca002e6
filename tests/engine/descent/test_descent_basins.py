"""Basins: every start is exactly its own single run, pictures grow from coarse to fine, and stop at once."""

import math
from itertools import chain, pairwise, repeat

import numpy as np
import pytest
import torch

from playground.engine.descent import basins_job as job
from playground.engine.descent import functions
from playground.engine.descent.basins import FAR, Descent, nearness, starts
from playground.engine.descent.basins_job import basins_job, reachable
from playground.engine.descent.canvas import Canvas, bands, sides
from playground.engine.descent.events import DIVERGED, NOT_ARRIVED, BasinsPicture, Mark
from playground.engine.descent.facts import domain
from playground.engine.descent.spec import BasinsSpec, Bowl, Formula, FunctionSpec, Known, Regression
from playground.engine.problems import Problem, Stopped
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

ADAM = OptimizerSpec(name="Adam", args=Args(lr=0.1))


def asked(side: int, steps: int, optimizer: OptimizerSpec = ADAM) -> BasinsSpec:
    return BasinsSpec(optimizer=optimizer, side=side, steps=steps)


def pictures(function: FunctionSpec, spec: BasinsSpec) -> list[BasinsPicture]:
    return list(basins_job(function, spec, lambda: False))


def final(function: FunctionSpec, spec: BasinsSpec) -> BasinsPicture:
    return pictures(function, spec)[-1]


def sgd(lr: float) -> OptimizerSpec:
    return OptimizerSpec(name="SGD", args=Args(lr=lr))


def single_run(picture: BasinsPicture, column: int, row: int) -> tuple[int, int]:
    """Label and steps of one start, by a plain loop over plain torch and the rule in plain Python."""
    left, right, bottom, top = picture.domain
    x = left + (right - left) * (column + 0.5) / picture.side
    y = bottom + (top - bottom) * (row + 0.5) / picture.side
    f = functions.build(picture.function)
    point = torch.tensor([x, y], requires_grad=True)
    spec = picture.spec.optimizer
    optimizer = getattr(torch.optim, spec.name)([point], **spec.args)
    path = [point.detach().clone()]
    for _ in range(picture.spec.steps):
        optimizer.zero_grad()
        f(point).backward()
        optimizer.step()
        path.append(point.detach().clone())
    near = nearness(picture.domain, picture.minima)

    def is_near(place: torch.Tensor, mark: Mark) -> bool:
        return bool(((place - torch.tensor([mark.x, mark.y])).abs() <= near).all())

    for label, mark in enumerate(picture.minima):
        if is_near(path[-1], mark):
            away = [step for step, place in enumerate(path) if not is_near(place, mark)]
            return label, away[-1] + 1 if away else 0
    centre = torch.tensor([(left + right) / 2, (bottom + top) / 2])
    reach = torch.tensor([FAR * (right - left), FAR * (top - bottom)])
    sound = bool(((path[-1] - centre).abs() <= reach).all())
    return (NOT_ARRIVED if sound else DIVERGED), picture.spec.steps


@pytest.mark.parametrize(
    ("function", "spec", "samples"),
    [
        (Known(), asked(80, 60), 100),
        (Known(), asked(80, 60, sgd(0.021)), 30),
        (Known(name="rastrigin"), asked(80, 60), 30),
        (Known(name="ackley"), asked(66, 40), 20),
        (Regression(), asked(70, 60), 20),
        (Formula(text="(x**2 - 1)**2 + sin(y)**2", domain=(-2.0, 2.0, -4.0, 5.0)), asked(70, 60), 20),
    ],
    ids=["himmelblau", "diverging", "rastrigin", "ackley", "regression", "formula"],
)
def test_random_starts_of_the_picture_are_their_own_single_runs(
    function: FunctionSpec, spec: BasinsSpec, samples: int
) -> None:
    picture = final(function, spec)
    chosen = np.random.default_rng(3).integers(0, spec.side, (samples, 2)).tolist()
    for column, row in chosen:
        found = int(picture.labels[row, column]), int(picture.steps[row, column])
        assert found == single_run(picture, column, row), (column, row)


def test_every_column_walks_its_own_single_run_bit_for_bit() -> None:
    function = Known()
    f, box = functions.build(function), domain(function)
    begin = starts(box, 128, slice(0, 128), torch.device("cpu"))
    minima = torch.tensor([[mark.x, mark.y] for mark in reachable(function)]).T
    swarm = Descent(f, ADAM, 40, box, minima, 0.1).swarm(begin, torch.zeros(begin.shape[1], dtype=torch.int64))
    for _ in range(40):
        swarm.step()
    for column in torch.randint(begin.shape[1], (100,), generator=torch.Generator().manual_seed(5)).tolist():
        point = begin[:, column].clone().requires_grad_()
        optimizer = torch.optim.Adam([point], lr=0.1)
        for _ in range(40):
            optimizer.zero_grad()
            f(point).backward()
            optimizer.step()
        assert torch.equal(swarm.point[:, column], point.detach())


def test_himmelblaus_four_minima_share_all_starts() -> None:
    picture = final(Known(), asked(64, 300))
    assert len(picture.minima) == 4
    assert sum(picture.shares) == pytest.approx(1.0, abs=0.02)
    assert min(picture.shares) > 0.2
    assert picture.shares == tuple((picture.labels == label).mean() for label in range(4))


def test_each_quarter_of_himmelblau_goes_to_its_own_minimum_with_a_small_rate() -> None:
    picture = final(Known(), asked(16, 400, sgd(0.005)))
    for row, column in ((1, 1), (1, 14), (14, 1), (14, 14)):
        mark = picture.minima[picture.labels[row, column]]
        assert (mark.x > 0, mark.y > 0) == (column > 8, row > 8)


@pytest.mark.parametrize("function", [Known(name="saddle"), Bowl(condition=10.0)])
def test_what_runs_away_has_diverged(function: FunctionSpec) -> None:
    picture = final(function, asked(16, 200, sgd(0.3)))
    assert (picture.labels == DIVERGED).all()
    assert (picture.steps == 200).all()


def test_what_has_no_time_has_not_arrived() -> None:
    picture = final(Known(name="rosenbrock"), asked(16, 1, sgd(1e-9)))
    assert (picture.labels == NOT_ARRIVED).all()
    assert picture.shares == (0.0,)


def test_a_start_beside_the_minimum_needs_no_step() -> None:
    picture = final(Bowl(condition=1.0), asked(255, 3, sgd(0.1)))
    assert picture.labels[127, 127] == 0
    assert picture.steps[127, 127] == 0
    assert picture.labels[0, 0] == NOT_ARRIVED


def test_pictures_grow_from_coarse_to_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PICTURE_SECONDS", 0.0)  # however fast the machine is
    told = pictures(Known(), asked(130, 120))
    assert [picture.side for picture in told] == sorted(picture.side for picture in told)
    assert [picture.is_final for picture in told] == [False] * (len(told) - 1) + [True]
    assert told[0].side == 33
    assert told[-1].side == 130
    assert told[-1].labels.shape == told[-1].steps.shape == (130, 130)
    assert {(picture.labels.dtype, picture.steps.dtype) for picture in told} == {(np.dtype("i2"), np.dtype("i4"))}
    progress = [picture.progress for picture in told]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


def test_pictures_leave_the_window_time_between_them() -> None:
    told = pictures(Known(), asked(100, 120))
    gaps = np.diff([picture.seconds for picture in told[:-1]])
    assert (gaps >= 1 / 30).all()


def test_a_picture_does_not_change_after_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PICTURE_SECONDS", 0.0)
    kept = [(picture, picture.labels.copy(), picture.steps.copy()) for picture in basins_job_of_many_pictures()]
    assert len(kept) > 2
    for picture, labels, steps in kept:
        assert np.array_equal(picture.labels, labels)
        assert np.array_equal(picture.steps, steps)


def basins_job_of_many_pictures() -> list[BasinsPicture]:
    return pictures(Known(), asked(66, 250))


def test_bands_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = final(Known(), asked(80, 60))
    monkeypatch.setattr(job, "CPU_STARTS", 700)
    banded = final(Known(), asked(80, 60))
    assert np.array_equal(whole.labels, banded.labels)
    assert np.array_equal(whole.steps, banded.steps)


@pytest.mark.parametrize("after", [1, 30, 75])
def test_it_stops_after_the_step_under_way(after: int) -> None:
    answers = chain(repeat(False, after - 1), repeat(True))
    asked_so_far = []

    def stop() -> bool:
        asked_so_far.append(True)
        return next(answers)

    with pytest.raises(Stopped):
        list(basins_job(Known(), asked(100, 50), stop))
    assert len(asked_so_far) == after


@pytest.mark.parametrize("name", ["LBFGS", "Adafactor", "Muon", "SparseAdam"])
def test_optimisers_that_couple_starts_say_that_they_cannot(name: str) -> None:
    with pytest.raises(Problem) as raised:
        pictures(Known(), asked(16, 5, OptimizerSpec(name=name, args=Args())))
    assert raised.value.code == "basins-coupled"


@pytest.mark.parametrize(
    ("function", "optimizer", "code"),
    [
        (Formula(text="3 + 4"), ADAM, "function-constant"),
        (Formula(text="0 * x + 2"), ADAM, "function-constant"),
        (Formula(text="log(-1 - x**2)"), ADAM, "function-nowhere-finite"),
        (Formula(text="x +"), ADAM, "formula-wrong"),
        (Known(), OptimizerSpec(name="Adam", args=Args(lr=-1.0)), "optimizer-argument"),
        (Known(), OptimizerSpec(name="Adan", args=Args()), "optimizer-unknown"),
    ],
)
def test_bad_input_is_one_problem_before_any_picture(
    function: FunctionSpec, optimizer: OptimizerSpec, code: str
) -> None:
    with pytest.raises(Problem) as raised:
        next(basins_job(function, asked(16, 5, optimizer), lambda: False))
    assert raised.value.code == code


def test_a_device_that_is_not_here_is_named() -> None:
    with pytest.raises(Problem) as raised:
        next(basins_job(Known(), asked(16, 5), lambda: False, device="cuda:99"))
    assert raised.value.code == "device-missing"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu_the_basins_are_nearly_the_same() -> None:
    here, there = (list(basins_job(Known(), asked(64, 300), lambda: False, device))[-1] for device in ("cpu", "cuda"))
    assert (here.labels == there.labels).mean() > 0.99


def test_rate_0_and_1e9_give_pictures_too() -> None:
    still = final(Known(), asked(16, 20, OptimizerSpec(name="SGD", args=Args(lr=0.0))))
    assert (still.labels == NOT_ARRIVED).all()
    wild = final(Known(), asked(16, 20, sgd(1e9)))
    assert (wild.labels == DIVERGED).all()


def test_the_number_of_threads_stays() -> None:
    before = torch.get_num_threads()
    final(Known(), asked(64, 20))
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("finest", [16, 64, 65, 100, 256, 512, 1000, 1024])
def test_sides_rise_to_the_finest_by_about_four(finest: int) -> None:
    found = sides(finest)
    assert found[-1] == finest
    assert found[0] <= 64
    assert all(1 < finer / coarser <= 4 for coarser, finer in pairwise(found))


@pytest.mark.parametrize(("side", "places"), [(64, 100), (64, 64 * 64), (100, 250), (16, 1)])
def test_bands_hold_every_row_once(side: int, places: int) -> None:
    rows = [row for band in bands(side, places) for row in range(side)[band]]
    assert rows == list(range(side))


def test_a_finer_canvas_shows_the_same_picture() -> None:
    coarse = Canvas(np.arange(4, dtype=np.int16).reshape(2, 2), np.zeros((2, 2), np.int32))
    assert coarse.finer(5).labels.tolist() == [
        [0, 0, 1, 1, 1],
        [0, 0, 1, 1, 1],
        [2, 2, 3, 3, 3],
        [2, 2, 3, 3, 3],
        [2, 2, 3, 3, 3],
    ]


def test_starts_are_the_centres_of_equal_cells_from_the_bottom_left() -> None:
    found = starts((0.0, 4.0, 10.0, 12.0), 2, slice(0, 2), torch.device("cpu"))
    assert found.T.tolist() == [[1.0, 10.5], [3.0, 10.5], [1.0, 11.5], [3.0, 11.5]]
    assert starts((0.0, 4.0, 10.0, 12.0), 2, slice(1, 2), torch.device("cpu")).T.tolist() == [[1.0, 11.5], [3.0, 11.5]]


def test_near_is_a_hundredth_of_the_domain_but_never_where_two_minima_are() -> None:
    box = (0.0, 100.0, 0.0, 10.0)
    assert nearness(box, ()) == pytest.approx(0.1)
    assert nearness(box, (Mark(1, 1, 0),)) == pytest.approx(0.1)
    assert nearness(box, (Mark(1, 1, 0), Mark(1.1, 1.02, 0))) == pytest.approx(0.04)
    assert math.isfinite(nearness(box, (Mark(1, 1, 0), Mark(5, 5, 0))))
