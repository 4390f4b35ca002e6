"""One thread on one core, and every other as before."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from playground.engine.threads import use_one_core


def number_in_a_new_thread(*, after_use_one_core: bool) -> int:
    def number() -> int:
        if after_use_one_core:
            use_one_core()
        torch.ones(64, 64) @ torch.ones(64, 64)
        return torch.get_num_threads()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(number).result()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere torch may have another thread library")
def test_the_thread_that_asks_for_it_uses_one_core() -> None:
    assert number_in_a_new_thread(after_use_one_core=True) == 1


def test_threads_that_are_there_or_made_later_keep_their_number() -> None:
    before = torch.get_num_threads()
    number_in_a_new_thread(after_use_one_core=True)
    assert torch.get_num_threads() == before
    assert number_in_a_new_thread(after_use_one_core=False) == before
