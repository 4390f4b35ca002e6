"""The console's colours: our palette in its code, in the codes of tracebacks, and in text that stands there."""

from collections.abc import Mapping

from PySide6.QtGui import QBrush, QColor, QTextCharFormat, QTextCursor, QTextDocument
from qtconsole.ansi_code_processor import QtAnsiCodeProcessor

from playground.widgets.common.python_highlighter import SYNTAX
from playground.widgets.common.theme import Role, theme

PROMPTS: tuple[Role, ...] = ("surface", "text", "accent", "on_accent", "good", "bad")
_EIGHT: tuple[Role, ...] = ("surface", "bad", "good", "warning", "accent", "train", "test", "text")
_BRIGHT: tuple[Role, ...] = ("muted", *_EIGHT[1:])
_CODES: dict[int, Role] = {
    **dict(enumerate((*_EIGHT, *_BRIGHT))),
    28: SYNTAX["keyword"],  # from here on as IPython's tracebacks use them
    66: SYNTAX["comment"],
    250: "text",
}
_TOKENS = {
    "Token.Comment": "comment",
    "Token.Literal.String": "string",
    "Token.Literal.Number": "number",
    "Token.Name.Function": "defined",
    "Token.Name.Class": "defined",
    "Token.Keyword": "keyword",
    "Token.Operator.Word": "keyword",
    "Token.Name.Builtin": "builtin",
}


class AnsiColors(QtAnsiCodeProcessor):
    """Codes of a terminal as roles of the theme."""

    def get_color(self, color: object, intensity: int = 0) -> QColor | None:
        """The colour of a code or of red, green and blue; None for what has none."""
        if isinstance(color, int):
            role = _CODES.get(color)
            if role is not None:
                return theme.color(role)
        found: QColor | None = super().get_color(color, intensity)
        return found


class Syntax:
    """The theme's colours for Python, in the form of a style of Pygments, which qtconsole's highlighter asks."""

    def style_for_token(self, token: object) -> dict[str, object]:
        """How a token such as "Token.Name.Builtin" is written."""
        kind = next((kind for name, kind in _TOKENS.items() if str(token).startswith(name)), "")
        color = theme.color(SYNTAX[kind] if kind else "text").name().removeprefix("#")
        return {"color": color, "bold": kind == "keyword", "italic": kind == "comment"}


def bracket() -> QTextCharFormat:
    """How the bracket is marked that belongs to the one at the cursor."""
    marked = QTextCharFormat()
    marked.setBackground(theme.color("accent", 0.35))
    return marked


def present() -> dict[int, Role]:
    """The roles of the colours that text may now be written in."""
    return {theme.color(role).rgb(): role for role in (*_CODES.values(), "good", "bad")}


def recolor(document: QTextDocument, before: Mapping[int, Role]) -> None:
    """Give what was written in colours of another scheme those of this one; what was typed can be undone no more."""
    found = []
    block = document.begin()
    while block.isValid():
        parts = block.begin()
        while not parts.atEnd():
            fragment = parts.fragment()
            change = _changed(fragment.charFormat(), before)
            if not change.isEmpty():
                found.append((fragment.position(), fragment.length(), change))
            parts += 1
        block = block.next()
    document.setUndoRedoEnabled(False)
    cursor = QTextCursor(document)
    for start, length, change in found:
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(change)
    document.setUndoRedoEnabled(True)


def _changed(written: QTextCharFormat, before: Mapping[int, Role]) -> QTextCharFormat:
    change = QTextCharFormat()
    for has, get, put in (
        (QTextCharFormat.Property.ForegroundBrush, written.foreground, change.setForeground),
        (QTextCharFormat.Property.BackgroundBrush, written.background, change.setBackground),
    ):
        role = before.get(get().color().rgb()) if written.hasProperty(has) else None
        if role is not None:
            put(QBrush(theme.color(role)))
    return change
