"""The child's side of a warm child process: questions in, answers out, until the parent is gone.

A line of JSON each. The standard library alone: a child that must not know the playground runs this file by its path.
"""

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any


def serve(answer: Callable[[Any], Any], farewell: Callable[[], None] | None = None) -> None:
    """Answer until the input ends, which it does when the parent ends, however that happened.

    The process then ends at once, also in the middle of an answer, and takes the processes it started with it.

    Parameters
    ----------
    answer : callable
        Gives the answer to a question; both are plain values.
    farewell : callable, optional
        What is done last, on another thread than the one that answers.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a library prints is no answer
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions, farewell), daemon=True).start()
    try:
        while True:
            answers.write(json.dumps(answer(json.loads(questions.get()))) + "\n")
            answers.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # a common exit would wait for the thread that listens


def _listen(questions: "queue.SimpleQueue[bytes]", farewell: Callable[[], None] | None) -> None:
    for line in sys.stdin.buffer:
        questions.put(line)
    try:
        if farewell is not None:
            farewell()
    finally:
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(0)
