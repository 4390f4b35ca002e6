"""Named arguments: immutable, compared by value, and only what JSON can hold."""

import pytest

from playground.engine.spec import MAX_NESTING, Args


def test_the_order_in_which_arguments_are_given_does_not_matter():
    assert Args(lr=0.1, betas=[0.9, 0.99]) == Args({"betas": (0.9, 0.99), "lr": 0.1})
    assert hash(Args(b=1, a=2)) == hash(Args(a=2, b=1))
    assert list(Args(b=1, a=2)) == ["a", "b"]


def test_lists_become_tuples_all_the_way_down():
    assert Args(a=[1, [2, (3,)]])["a"] == (1, (2, (3,)))


def test_arguments_are_changed_in_a_copy():
    args = Args(lr=0.1, momentum=0.9)
    assert args.with_(lr=0.2) == Args(lr=0.2, momentum=0.9)
    assert args.without("momentum", "nothing") == Args(lr=0.1)
    assert args == Args(lr=0.1, momentum=0.9)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1.0, float("-inf")]])
def test_numbers_that_are_not_finite_are_refused(value):
    with pytest.raises(ValueError, match="lr is not a finite number"):
        Args(lr=value)


@pytest.mark.parametrize("value", [{"a": 1}, {1}, b"a", 1j, object(), int])
def test_values_that_json_cannot_hold_are_refused(value):
    with pytest.raises(ValueError, match=f"x is a {type(value).__name__}"):
        Args(x=value)


def test_nesting_has_a_limit():
    value = 1
    for _ in range(MAX_NESTING - 1):
        value = [value]
    assert Args(a=value)
    with pytest.raises(ValueError, match="nested deeper"):
        Args(a=[value])


def test_arguments_show_as_they_are_written():
    assert repr(Args(lr=0.1, name="x")) == "Args(lr=0.1, name='x')"
