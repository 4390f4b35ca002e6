"""Pasted text made into Python's syntax tree: odd characters, prompts and fragments are mended, nothing is run."""

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable

from playground.engine.problems import Problem

MAX_CHARACTERS = 200_000
FLAGS = re.compile(r"#\s*playground:\s*(.+?)\s*$")
_PROMPT = re.compile(r"^(\s*)(>>>|\.\.\.)( |$)")
_SYNTAX = (SyntaxError, ValueError, RecursionError, MemoryError)

_ODD: dict[str, str | int | None] = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    **dict.fromkeys("\u3000\u00a0\u2003\u2002\u2009", " "),
    **dict.fromkeys("\u200b\u200c\u200d\ufeff", ""),
    **dict.fromkeys("\u201c\u201d\u201e\u300c\u300d", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **{"\u3010": "[", "\u3011": "]", "\u3001": ",", "\u3002": ".", "\u00d7": "*", "\u2212": "-", "\u2013": "-"},
}


def syntax(text: str, tell: Callable[[str], None]) -> tuple[ast.Module, dict[int, str]]:
    """The tree of a text, and the comments `# playground: ...` by their line.

    Raises
    ------
    Problem
        `paste-unreadable`.
    """
    if len(text) > MAX_CHARACTERS:
        raise Problem("paste-unreadable", line=1, detail=f"it has {len(text):,} characters; paste the network alone")
    plain = textwrap.dedent("\n".join(_PROMPT.sub(r"\1", line) for line in text.splitlines()))
    tree = _parsed(plain)
    if isinstance(tree, BaseException):
        plain, odd = _straightened(plain)
        mended = _parsed(plain)
        if odd and not isinstance(mended, BaseException):
            tell(f"The characters {' '.join(odd)} were read as those of the keyboard.")
        tree = mended
    if isinstance(tree, BaseException):
        raise _unreadable(tree)
    return tree, _flags(plain)


def _parsed(text: str) -> ast.Module | BaseException:
    """The tree of a whole program, or of a part of a list of layers, however it is indented."""
    first: BaseException | None = None
    for attempt in (text, f"({text}\n)"):
        try:
            return ast.parse(attempt)
        except _SYNTAX as error:
            first = first or error
    assert first is not None
    return first


def _straightened(text: str) -> tuple[str, list[str]]:
    odd = [character for character in dict.fromkeys(text) if character in _ODD]
    shown = [character for character in odd if character.isprintable() and not character.isspace()]
    return text.translate(str.maketrans(_ODD)), shown


def _unreadable(error: BaseException) -> Problem:
    message = str(getattr(error, "msg", None) or error)
    line = getattr(error, "lineno", None) or 1
    return Problem(
        "paste-unreadable", line=line, detail=f"{message[:1].lower()}{message[1:]}; correct it and try again"
    )


def _flags(text: str) -> dict[int, str]:
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = FLAGS.match(token.string) if token.type == tokenize.COMMENT else None
            if match:
                found[token.start[0]] = match[1]
    except (tokenize.TokenError, SyntaxError):
        return found
    return found
