"""Formulas of docstrings as a terminal can show them: LaTeX turned into plain letters."""

import re

# Spaces, and how large a parenthesis is.
_NOTHING = re.compile(r"\\[,;!: ]|\\(?:quad|qquad|left|right|bigl|bigr|Bigl|Bigr)(?![a-zA-Z])")
_SIGNS = {"le": "<=", "ge": ">=", "cdot": "*", "dots": "...", "infty": "inf", "mapsto": "->", "to": "->"}
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_FRACTION = re.compile(rf"(\\(?:cos|sin|log)\s*)?\\t?frac\s*{_GROUP}\s*{_GROUP}(?=\s*([(\w\\])?)")


def plain(text: str) -> str:
    """A text whose formulas, between dollars, are readable as they stand."""
    return _FORMULA.sub(lambda found: formula(found[1] or found[2]), text)


def formula(latex: str) -> str:
    r"""A formula, such as `eta_0 gamma^floor(t / s)` for `\eta_0 \, \gamma^{\lfloor t / s \rfloor}`."""
    text = latex.replace(r"\{", "\x01").replace(r"\}", "\x02").replace(r"\#", "#")
    text = re.sub(r"\\text\{([^{}]*)\}", r"\1", text)
    text = _NOTHING.sub(" ", text)
    text = re.sub(r"\\tfrac(\d)(\d)", r"\1/\2", text)
    text = re.sub(r"\\lfloor\b(.*?)\\rfloor\b", r"floor(\1)", text, flags=re.DOTALL)
    while (simpler := _inner(text)) != text:
        text = simpler
    text = re.sub(r"\\([a-zA-Z]+)", lambda found: f" {_SIGNS.get(found[1], found[1])} ", text)
    text = text.replace("{", "(").replace("}", ")").replace("\x01", "{").replace("\x02", "}")
    text = " ".join(text.split())
    text = re.sub(r"([(\[{_^]) ", r"\1", text)
    text = re.sub(r" ([)\]},;_^])", r"\1", text)
    # A function and what it is of stand together.
    return re.sub(r"\b(cos|sin|log|exp|max|min|sqrt|(?:eta|omega)(?:_i)?(?= \(t[) ]-?)) (?=\()(?!\(t \+)", r"\1", text)


def _inner(text: str) -> str:
    """One step: the groups that are left without a command."""
    text = _FRACTION.sub(lambda f: _fraction(f[1], f[2], f[3], bool(f[4])), text)
    text = re.sub(rf"\\sqrt\s*{_GROUP}", r"sqrt(\1)", text)
    return re.sub(rf"([_^]){_GROUP}", lambda f: f[1] + _bound(f[2]), text)


def _fraction(function: str | None, over: str, under: str, followed: bool) -> str:
    text = f"{_bound(over)} / {_bound(under)}"
    return f"{function or ''}({text})" if function or followed else text


def _bound(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"\\?\w+(_\\?\w+)?|-?\d+|\w\(\w\)|floor\([^()]*\)", text) else f"({text})"
