"""The benchmarks' own arithmetic, and one of them run for real, small."""

from pathlib import Path

import pytest
from driving import shown_program

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.measure import Row, Target, measure_pairs, number, percentile, table


def test_pairs_are_measured_in_turn_after_one_that_warms_up() -> None:
    order: list[str] = []
    ours, theirs = iter([9.0, 2.0, 6.0]), iter([9.0, 1.0, 2.0])
    pairs = measure_pairs(lambda: order.append("A") or next(ours), lambda: order.append("B") or next(theirs), 2)
    assert "".join(order) == "ABABAB"
    assert pairs.ratios == (2.0, 3.0)


def test_the_median_is_held_against_the_target() -> None:
    rising, falling = Target(2, at_least=True), Target(2, at_least=False)
    assert Row("B0", "ratio", rising, (1.0, 2.0, 9.0)).holds
    assert not Row("B0", "ratio", rising, (1.0, 1.9, 9.0)).holds
    assert Row("B0", "ms", falling, (1.0, 2.0, 9.0)).holds
    assert not Row("B0", "ms", falling, (1.0, 2.1, 9.0)).holds


def test_a_percentile_is_one_of_the_values() -> None:
    values = range(1, 201)
    assert percentile(values, 0.99) == 198
    assert percentile([3.0], 0.99) == 3.0


def test_the_table_lines_up_and_says_what_does_not_hold() -> None:
    rows = [Row("B1", "fast", Target(16, at_least=True), (17.0, 18.0)), Row("B22", "slow", Target(1, False), (2.0,))]
    lines = table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "| yes " in lines[2]
    assert "| NO " in lines[3]


@pytest.mark.parametrize(("value", "text"), [(16.0, "16"), (0.98765, "0.9877"), (16_384.4, "16,384")])
def test_numbers_have_four_figures(value: float, text: str) -> None:
    assert number(value) == text


def test_a_wrong_name_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["B99"])
    assert ended.value.code == 2


def test_every_benchmark_is_where_the_table_says() -> None:
    from importlib import import_module

    for module, function in set(BENCHMARKS.values()):
        assert callable(getattr(import_module(f"benchmarks.{module}"), function))


def test_training_is_looked_at_in_one_half_of_the_rounds_and_not_in_the_other(tmp_path: Path) -> None:
    from benchmarks import microscope

    with shown_program(tmp_path) as program:
        microscope.look_at_first_layer(program)
        for is_watched in (True, False):
            assert microscope.training_rate(program, 1.5, is_watched=is_watched) > 0


def test_engine_and_bare_loop_train_the_same_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks import training
    from playground.engine import presets

    clock = iter(range(1000))
    document = presets.preset("spiral-mlp")
    dataset = training.prepared(document)
    assert training.engine_rate(document, dataset) > 0
    monkeypatch.setattr(training.time, "perf_counter", lambda: float(next(clock)))
    assert training.bare_rate(document, dataset) == len(dataset.train)  # one tick of the clock from start to end
    assert training.bare_rate(document, dataset, steps=4) == 4 * document.training.batch_size


def test_the_race_and_the_tutorial_loop_go_the_same_way() -> None:
    from benchmarks import descent

    assert (descent.engine_trace(50).position == descent.plain_path(50)).all()
    assert descent.engine_rate(50) > 0
    assert descent.tutorial_rate(50) > 0
