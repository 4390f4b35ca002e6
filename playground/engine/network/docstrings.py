"""One plain sentence about a class and about each of its arguments, out of torch's docstrings."""

import re

_ARGUMENT = re.compile(r"^(?P<indent> +)(?P<name>\w+) *(?:\((?:[^()]|\([^()]*\))*\))? *: *(?P<text>.*)$")
_MARKUP = (
    (re.compile(r":math:`([^`]*)`"), r"\1"),
    (re.compile(r":\w+:`~?(?:[\w.]*\.)?([^`.]+)`"), r"\1"),
    (re.compile(r"`+([^`<]*?) *(?:<[^`]*>)?`+_*"), r"\1"),
    (re.compile(r"\\text\{([^}]*)\}|\\texttt\{([^}]*)\}"), r"\1\2"),
    (re.compile(r" *\((?:[Dd]efault|with default)[^()]*(?:\([^()]*\)[^()]*)*\)"), ""),
    (re.compile(r"[.,;]? *\b[Dd]efault(?: value)?(?::| is) .*$"), "."),
    (re.compile(r"\\_"), "_"),
    (re.compile(r" +"), " "),
)
_SENTENCE_END = re.compile(r"(?<!i\.e)(?<!e\.g)(?<!etc)[.](?= +[\"'(]?[A-Z]| *$)")


def first_sentence(text: str) -> str:
    """The first sentence of a docstring without markup; empty when there is none."""
    return _sentence(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0])


def argument_sentences(doc: str) -> dict[str, str]:
    """The first sentence about each argument listed under `Args:`, by the argument's name."""
    _, found, section = doc.partition("Args:\n")
    texts: dict[str, list[str]] = {}
    indent = name = ""
    for line in section.splitlines() if found else []:
        if line.strip() and not line.startswith(" "):
            break
        match = _ARGUMENT.match(line)
        if match and match["indent"] == (indent or match["indent"]):
            indent, name = match["indent"], match["name"]
            texts[name] = [match["text"]]
        elif name:
            texts[name].append(line)
    return {name: first_sentence("\n".join(lines)) for name, lines in texts.items()}


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    for pattern, plainer in _MARKUP:
        plain = pattern.sub(plainer, plain)
    end = _SENTENCE_END.search(plain)
    sentence = plain[: end.start()] if end else plain
    sentence = sentence.strip(" .,;:")
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
