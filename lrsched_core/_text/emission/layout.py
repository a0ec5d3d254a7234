"""Layout: statements and literals as `ruff format`, and Black, leave them."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# The width that formatters are set to, if nobody sets another one.
WIDTH = 88
# An operand of more characters is worth a name, and one of fewer is no longer than a name.
_WORTH, _SHORTEST = 8, 4
# A statement stands in a function, in a decision, and where an overflow is caught.
_INDENTED = 12

# A power of two names, or numbers, is written without blanks.
_OPERAND = r"(?:[A-Za-z_]\w*(?:\.\w+)*|\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
_SIMPLE_POWER = re.compile(rf"(?<![\w.)\]])({_OPERAND}) \*\* (-?{_OPERAND})(?![\w.(\[])")
_PLUS = re.compile(r"(?<=\d)e\+(?=\d)")


class Raw(str):
    """Text that stands in a literal as it is, such as a name."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def literal(value: object) -> str:
    """A number as an operand."""
    text = written(value)
    return f"({text})" if text.startswith("-") else text


def written(value: object) -> str:
    """A number or a tuple."""
    return _PLUS.sub("e", repr(value))


def assigned(name: str, value: Any, annotation: str = "", comments: Iterable[str] = ()) -> str:
    """A tuple, by its name; comments stand above its items."""
    head = f"{name}: {annotation} = " if annotation else f"{name} = "
    notes = list(comments)
    if not any(notes) and len(head) + len(written(value)) <= WIDTH:
        return head + written(value)
    return "\n".join([head + "(", *_items(value, "    ", notes), ")"])


def _items(values: Any, indent: str, comments: list[str]) -> Iterator[str]:
    for i, value in enumerate(values):
        if i < len(comments) and comments[i]:
            yield f"{indent}{comments[i]}"
        text = written(value)
        if isinstance(value, tuple) and len(indent) + len(text) + 1 > WIDTH:
            yield f"{indent}("
            yield from _items(value, indent + "    ", [])
            yield f"{indent}),"
        else:
            yield f"{indent}{text},"


def tidy(lines: list[str], fresh: Callable[[], str]) -> list[str]:
    """Statements without parentheses that nobody needs, one step in each; `fresh` gives names for steps."""
    tidied: list[str] = []
    for line in _needed(lines):
        text = line.lstrip(" ")
        indent = line[: len(line) - len(text)]
        if re.match(r"return |\w+(\[here\]|: NDArray\[np.float64\])? = ", text):
            tidied += [indent + statement for statement in _Steps(fresh, WIDTH - _INDENTED - len(indent)).of(text)]
        else:
            tidied.append(line)
    return tidied


def _needed(lines: list[str]) -> list[str]:
    """Without the time of a table of which one number holds for ever."""
    kept: list[str] = []
    read: set[str] = set()
    for line in reversed(lines):
        assignment = re.match(r" *(\w+) = (.*)", line)
        if assignment is None or assignment[1] in read:
            kept.append(line)
            read |= set(re.findall(r"\w+", assignment[2] if assignment else line))
    return kept[::-1]


class _Steps(ast.NodeTransformer):
    """Takes a statement apart, where it is too long or names a result on the way."""

    def __init__(self, fresh: Callable[[], str], width: int) -> None:
        self.fresh = fresh
        self.width = width
        self.lines: list[str] = []
        self.names: dict[str, str] = {}

    def of(self, text: str) -> list[str]:
        [statement] = ast.parse(f"def f():\n {text}").body[0].body  # type: ignore[attr-defined]  # a function
        last = self._lines(self.visit(statement))
        return [*self.lines, *last]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:  # the name that `ast` looks for
        value = self.visit(node.value)
        # The same name may stand for another result elsewhere in the statement.
        name = self.names[node.target.id] = self.fresh()
        self._step(name, value)
        return ast.Name(name)

    def visit_Name(self, node: ast.Name) -> ast.AST:  # as above
        return ast.Name(self.names.get(node.id, node.id))

    def _step(self, name: str, value: ast.expr) -> None:
        self.lines += self._lines(ast.Assign([ast.Name(name)], value, lineno=0))

    def _lines(self, statement: Any) -> list[str]:
        """The statement, after the steps that it needs."""
        while len(_text(statement)) > self.width:
            if isinstance(statement.value, ast.IfExp):
                return self._decision(statement, statement.value)
            if not self._shortened(statement):
                break
        return [_text(statement)]

    def _decision(self, statement: Any, choice: ast.IfExp) -> list[str]:
        """What is not chosen must not be computed before."""
        lines = []
        for head, value in ((f"if {_PLUS.sub('e', ast.unparse(choice.test))}:", choice.body), ("else:", choice.orelse)):
            within = _Steps(self.fresh, self.width - 4)
            statement.value = value
            last = within._lines(statement)
            lines += [head, *["    " + line for line in [*within.lines, *last]]]
        return lines

    def _shortened(self, statement: Any) -> bool:
        """Makes the longest operand of a statement a step of its own; False if there is none."""
        places = list(_operands(statement.value))
        # Those that are hardly longer than a name only where nothing else is left to name.
        places = [place for place in places if len(ast.unparse(place[2])) > _WORTH] or places
        if not places:
            return False
        owner, field, operand = max(places, key=lambda place: len(ast.unparse(place[2])))
        name = self.fresh()
        self._step(name, operand)
        if isinstance(field, int):
            owner[field] = ast.Name(name)
        else:
            setattr(owner, field, ast.Name(name))
        return True


def _operands(expression: ast.expr) -> Iterator[tuple[Any, Any, ast.expr]]:
    """Where an expression holds operands that can have a name, and these."""
    places: list[tuple[Any, Any, ast.expr]] = []
    if isinstance(expression, ast.BinOp):
        places = [(expression, "left", expression.left), (expression, "right", expression.right)]
    elif isinstance(expression, ast.UnaryOp):
        places = [(expression, "operand", expression.operand)]
    elif isinstance(expression, ast.Call):
        places = [(expression.args, i, argument) for i, argument in enumerate(expression.args)]
    for place in places:
        if not isinstance(place[2], ast.Name) and len(ast.unparse(place[2])) > _SHORTEST:
            yield place


def _text(statement: ast.AST) -> str:
    return _SIMPLE_POWER.sub(r"\1**\2", _PLUS.sub("e", ast.unparse(statement)))
