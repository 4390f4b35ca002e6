"""The requests of a Jupyter front end, answered: contents of messages in, contents of messages out."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from IPython.core.completer import Completion, provisionalcompleter, rectify_completions
from IPython.utils.tokenutil import token_at_cursor

from playground.engine.tensors.console.runner import Runner

Content = dict[str, Any]


def answer(runner: Runner, kind: str, content: Mapping[str, Any]) -> Content:
    """The content of the reply to a request such as "execute_request"; on the console's thread.

    Raises
    ------
    KeyError
        For a request that this kernel does not know.
    """
    return _ANSWERS[kind](runner, content)


def _execute(runner: Runner, content: Mapping[str, Any]) -> Content:
    silent = bool(content.get("silent"))
    remembered = bool(content.get("store_history", not silent))
    if not silent:
        runner.shell.publish(
            "execute_input", {"code": content["code"], "execution_count": runner.shell.execution_count}
        )
    _, reply = runner.run(content["code"], silent=silent, store_history=remembered)
    count = runner.shell.execution_count - 1
    return {**reply, "execution_count": count, "payload": list(runner.shell.pages), "user_expressions": {}}


def _complete(runner: Runner, content: Mapping[str, Any]) -> Content:
    code, cursor = content["code"], content["cursor_pos"]
    found = runner.call(partial(_completions, runner, code, cursor), code)
    start, end = (found[0].start, found[0].end) if found else (cursor, cursor)
    types = [{"start": each.start, "end": each.end, "text": each.text, "type": each.type} for each in found]
    return {
        "status": "ok",
        "matches": [each.text for each in found],
        "cursor_start": start,
        "cursor_end": end,
        "metadata": {"_jupyter_types_experimental": types},
    }


def _completions(runner: Runner, code: str, cursor: int) -> list[Completion]:
    with provisionalcompleter():
        return list(rectify_completions(code, runner.shell.Completer.completions(code, cursor)))


def _inspect(runner: Runner, content: Mapping[str, Any]) -> Content:
    name = token_at_cursor(content["code"], content["cursor_pos"])
    look = partial(runner.shell.object_inspect_mime, name, detail_level=content.get("detail_level", 0))
    try:
        data = runner.call(look, content["code"])
    except KeyError:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}
    return {"status": "ok", "found": True, "data": data, "metadata": {}}


def _history(runner: Runner, content: Mapping[str, Any]) -> Content:
    manager, raw, output = runner.shell.past, content.get("raw", True), content.get("output", False)
    kind = content.get("hist_access_type")
    if kind == "tail":
        found = manager.get_tail(content["n"], raw=raw, output=output, include_latest=True)
    elif kind == "search":
        pattern, n = content.get("pattern", "*"), content.get("n")
        found = manager.search(pattern, raw=raw, output=output, n=n, unique=content.get("unique", False))
    else:
        session, start, stop = (content.get(name) for name in ("session", "start", "stop"))
        found = manager.get_range(session or 0, start or 1, stop, raw=raw, output=output)
    return {"status": "ok", "history": list(found)}


def _is_complete(runner: Runner, content: Mapping[str, Any]) -> Content:
    status, indent = runner.shell.input_transformer_manager.check_complete(content["code"])
    return {"status": status, "indent": " " * (indent or 0)}


def _kernel_info(_: Runner, __: Mapping[str, Any]) -> Content:
    version = ".".join(map(str, sys.version_info[:3]))
    return {
        "status": "ok",
        "protocol_version": "5.3",
        "implementation": "ipython",
        "implementation_version": "",
        "banner": "",
        "help_links": [],
        "language_info": {
            "name": "python",
            "version": version,
            "mimetype": "text/x-python",
            "file_extension": ".py",
            "pygments_lexer": "ipython3",
        },
    }


def _comm_info(_: Runner, __: Mapping[str, Any]) -> Content:
    return {"status": "ok", "comms": {}}


_ANSWERS: Mapping[str, Callable[[Runner, Mapping[str, Any]], Content]] = {
    "execute_request": _execute,
    "complete_request": _complete,
    "inspect_request": _inspect,
    "history_request": _history,
    "is_complete_request": _is_complete,
    "kernel_info_request": _kernel_info,
    "comm_info_request": _comm_info,
}
