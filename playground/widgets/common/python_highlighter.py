"""Colours for Python text: comments, strings, keywords, numbers, names being defined."""

import builtins
import keyword
import re

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from playground.widgets.common.theme import Role, theme

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
    | (?P<open>[rbfRBF]{0,2}(?P<quotes>\"{3}|'{3}))
    | (?P<string>[rbfRBF]{0,2}(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))
    | (?P<number>\b(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|0x[\da-fA-F]+)\b)
    | (?P<defined>(?<=def\ )\w+|(?<=class\ )\w+)
    | (?P<word>[^\W\d]\w*)""",
    re.VERBOSE,
)
SYNTAX: dict[str, Role] = {
    "comment": "muted",
    "string": "test",
    "number": "validation",
    "defined": "train",
    "keyword": "accent",
    "builtin": "train",
}
_STATES = {'"""': 1, "'''": 2}
_QUOTES = {state: quotes for quotes, state in _STATES.items()}
_BUILTINS = frozenset(dir(builtins))


class PythonHighlighter(QSyntaxHighlighter):
    """Follows the theme; a string in triple quotes may span lines."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._restyle)
        self._restyle()

    def highlightBlock(self, text: str) -> None:
        start = 0
        inside = _QUOTES.get(self.previousBlockState())
        self.setCurrentBlockState(0)
        if inside:
            start = self._close_string(text, 0, inside)
        while start < len(text):
            token = _TOKEN.search(text, start)
            if token is None:
                return
            start = self._paint(text, token)

    def _paint(self, text: str, token: re.Match[str]) -> int:
        kind = token.lastgroup or ""
        if token["quotes"]:
            return self._close_string(text, token.start(), token["quotes"], token.end())
        if kind == "word":
            kind = _word_kind(token.group())
        if kind in self._formats:
            self.setFormat(token.start(), len(token.group()), self._formats[kind])
        return token.end()

    def _close_string(self, text: str, start: int, quotes: str, search_from: int = 0) -> int:
        """Colour a string up to its closing quotes, or to the end of the line if they come later."""
        end = text.find(quotes, search_from)
        if end < 0:
            self.setCurrentBlockState(_STATES[quotes])
        stop = len(text) if end < 0 else end + len(quotes)
        self.setFormat(start, stop - start, self._formats["string"])
        return stop

    @Slot()
    def _restyle(self) -> None:
        for kind, role in SYNTAX.items():
            style = QTextCharFormat()
            style.setForeground(theme.color(role))
            style.setFontItalic(kind == "comment")
            if kind == "keyword":
                style.setFontWeight(QFont.Weight.DemiBold)
            self._formats[kind] = style
        self.rehighlight()


def _word_kind(word: str) -> str:
    if keyword.iskeyword(word):
        return "keyword"
    return "builtin" if word in _BUILTINS else ""
