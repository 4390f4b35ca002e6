"""Large graphs are placed in a warm child process, so that no other thread waits for the interpreter's lock."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from playground.engine.problems import Stopped
from playground.engine.tensors import layout_child
from playground.engine.tensors.graph_events import Graph
from playground.engine.tensors.layout import Layout, layout
from playground.engine.tensors.layout_child import CAREFUL, Pair, Placed, sugiyama

_PATIENCE = 2.0


class LayoutProcess:
    """Places graphs; a context. From any thread, one graph at a time.

    The child starts with the first large graph (or `warm`), is started again when it has died, and ends with its
    input: also when this process is killed.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()
        self._is_closed = False

    def layout(self, graph: Graph) -> Layout:
        """Place a graph, in the child where it has more than 200 nodes.

        Raises
        ------
        Stopped
            When it was closed meanwhile.
        """
        return layout(graph, sugiyama if len(graph.nodes) <= CAREFUL else self._ask)

    def warm(self) -> None:
        """Start the child, so that the first large graph need not wait for it."""
        with self._turn:
            self._living()

    def close(self) -> None:
        """End the child, also in the middle of a graph."""
        self._is_closed = True
        child = self._child
        if child is None:
            return
        child.kill()
        child.wait(_PATIENCE)
        with self._turn:
            _close_pipes(child)
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, edges: list[Pair]) -> Placed:
        """Place one part in the child, or here when it died over it twice."""
        with self._turn:
            for _ in range(2):
                answer = _answer(self._living(), json.dumps(edges))
                if self._is_closed:
                    raise Stopped
                if answer:
                    places, pieces = json.loads(answer)
                    return [(node, (x, y)) for node, (x, y) in places], [(s, t) for s, t in pieces]
        return sugiyama(edges)

    def _living(self) -> subprocess.Popen[str]:
        if self._is_closed:
            raise Stopped
        if self._child is None or self._child.poll() is not None:
            if self._child is not None:
                _close_pipes(self._child)
            self._child = _start()
        return self._child


def _start() -> subprocess.Popen[str]:
    """The child, in a folder from which `python -m` finds this package."""
    return subprocess.Popen(
        [sys.executable, "-m", layout_child.__name__],
        cwd=Path(layout_child.__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _answer(child: subprocess.Popen[str], line: str) -> str:
    """The child's answer; empty when it died."""
    if child.stdin is None or child.stdout is None:
        return ""
    try:
        child.stdin.write(line + "\n")
        child.stdin.flush()
        return child.stdout.readline()
    except OSError:
        child.wait(_PATIENCE)
        return ""


def _close_pipes(child: subprocess.Popen[str]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was never read by the dead child is lost
                continue
