"""Cycles are collected in the window's thread, and in no other."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from playground.garbage import GarbageCollector, collected_here


class Remembers(QObject):
    """An object in a cycle that says in which thread it was destroyed."""

    destroyed_in: list[str] = []

    def __init__(self) -> None:
        super().__init__()
        self.myself = self

    def __del__(self) -> None:
        self.destroyed_in.append(threading.current_thread().name)


def allocate_cycles() -> None:
    for _ in range(5_000):
        cycle: list[object] = []
        cycle.append(cycle)


@pytest.mark.usefixtures("qapp")
def test_a_busy_thread_destroys_no_object_of_the_window():
    Remembers.destroyed_in.clear()
    gc.collect()
    with collected_here():
        Remembers()
        worker = threading.Thread(target=allocate_cycles, name="worker")
        worker.start()
        worker.join()
        assert Remembers.destroyed_in == []
        gc.collect()
    assert Remembers.destroyed_in == ["MainThread"]


@pytest.mark.usefixtures("qapp")
def test_python_collects_by_itself_again_afterwards():
    with collected_here():
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.usefixtures("qapp")
def test_the_collector_collects_what_is_due():
    Remembers.destroyed_in.clear()
    with collected_here():
        collector = GarbageCollector()
        gc.collect()
        Remembers()
        allocate_cycles()
        collector.collect()
        collector.stop()
        assert Remembers.destroyed_in == ["MainThread"]
