"""How many cores the torch operators of one thread use, and who goes first where there are too few."""

import ctypes
import os
import sys
import threading

import torch

_NICENESS = 5


def use_one_core() -> None:
    """Let the torch operators of the calling thread run on it alone; all other threads keep their number.

    For threads that stay beside a run and compute little. OpenMP keeps a pool for every thread that once ran an
    operator in parallel; when all pools together outnumber the cores, none of them spins while it waits, and a run of
    small steps loses a third of its speed (784-256-64-10, batch 512, two cores: 70,000 instead of 105,000 samples a
    second). `torch.set_num_threads` would change the threads made later too. Without effect where torch was built
    without OpenMP.
    """
    torch.get_num_threads()  # torch sets a thread's number when it first needs it, which would undo ours
    try:
        set_number = ctypes.CDLL(None).omp_set_num_threads
    except (AttributeError, OSError, TypeError):
        return
    set_number(1)


def give_way() -> None:
    """Let every other thread go before the calling one, and before the threads its operators will start.

    For a run beside a window: where its operators keep all cores busy, the window's thread would wait for its turn
    (timers 24 ms late at the 99th percentile instead of 15 on two cores). Linux alone has priorities of threads.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)
