"""What someone probably meant by a formula that cannot be read: powers as ^ or x², 2x, full-width signs, ln."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from playground.engine.descent.formula_names import CONSTANTS, FUNCTIONS, PAIRS, SLIPS

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_PLAIN = "0123456789-"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}", "-"),
        **dict.fromkeys("\N{MULTIPLICATION SIGN}·\N{DOT OPERATOR}\N{BULLET OPERATOR}", "*"),
        "÷": "/",
        "π": " pi ",
        "√": "sqrt",
        "^": "**",
    }
)
_LEFT_SIDE = re.compile(r"^\s*\w+\s*(\([\w\s,]*\))?\s*=(?!=)")
_PREFIX = re.compile(r"\b(?:math|np|numpy|jnp|tf|F)\.(?=[A-Za-z])")
_NUMBER_BEFORE_FACTOR = re.compile(r"(?<![\w.])((?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))\s*(?=[A-Za-z_(])")
_BRACKET_BEFORE_FACTOR = re.compile(r"\)\s*(?=[\w(])")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def corrected(text: str, variables: Sequence[str]) -> str:
    """A formula close to `text` with the usual slips mended; it need not be readable either."""
    text = re.sub(f"[{_SUPERSCRIPTS}]+", _as_power, text).translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    text = _PREFIX.sub("", _LEFT_SIDE.sub("", text))
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = _WORD.sub(lambda word: _known_word(word[0], variables), text)
    text = re.sub(r"\(\s+", "(", " ".join(_with_products(text, variables).split()))
    return text + ")" * (text.count("(") - text.count(")"))


def _as_power(digits: re.Match[str]) -> str:
    return "**" + "".join(_PLAIN[_SUPERSCRIPTS.index(digit)] for digit in digits[0])


def _known_word(word: str, variables: Sequence[str]) -> str:
    if word in FUNCTIONS or word in PAIRS or word in CONSTANTS or word in variables or word == "torch":
        return word
    return _near_name(word, variables) or word


def _near_name(name: str, variables: Sequence[str]) -> str | None:
    """The known name that this one may stand for, or variables written without a * between them."""
    if len(name) > 1 and set(name) <= set(variables):
        return "*".join(name)
    known = [*FUNCTIONS, *PAIRS, *CONSTANTS]
    if name.lower() in known or name.lower() in variables:
        return name.lower()
    return SLIPS.get(name.lower()) or next(iter(difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.7)), None)


def _with_products(text: str, variables: Sequence[str]) -> str:
    text = _NUMBER_BEFORE_FACTOR.sub(r"\1*", text)
    text = _BRACKET_BEFORE_FACTOR.sub(")*", text)
    letters = "|".join([*variables, *CONSTANTS])
    return re.sub(rf"(?<![\w.])({letters})(?:\s+(?=\w)|\s*(?=\())", r"\1*", text)
