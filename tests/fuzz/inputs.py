"""Makes expressions and JSON that are nearly valid, and spoils some of them."""

import inspect
import json
import random

from lrsched_core import Schedule, from_json, parse
from lrsched_core._text.names import CATALOGUE, RECIPES
from lrsched_core._text.parse import METHODS as _METHODS
from lrsched_core._value.shapes import SHAPES

CALLS = {name: inspect.signature(function) for name, function in {**CATALOGUE, **RECIPES}.items()}
METHODS = {name: inspect.signature(getattr(Schedule, name)) for name in _METHODS}

USUAL = ["0", "1", "2", "3", "10", "1000", "0.1", "0.5", "0.9", "1.5", "2.0", "3e-4", "1e-6", "90_000", "0.99", "4"]
STRANGE = [
    "-1", "1e-300", "5e-324", "1e300", "1.7976931348623157e308", "1e999", "2**3", "9223372036854775807", "1j",
    "9" * 40, "9" * 400, "0x" + "f" * 300, "0b1", "1e-17", "1.0000000001", "1.01", "0.999999", "1/3", "1-1", "True",
    "None", "'x'", "'linear'", "()", "[]", "(1,)", "1e15", "4503599627370497.5", "-0.0", "65536", "0.1*3", "1e6*1e6",
]  # fmt: skip
WORDS = [
    "__import__('os')",
    "().__class__",
    "lambda: 1",
    "[x for x in (1,)]",
    "f'{1}'",
    "eval",
    "open('x')",
    "*a",
    "**a",
]
TOKENS = [
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    ":",
    "'",
    '"',
    "\\",
    "\n",
    "\0",
    "é",
    "#",
    ";",
    "_",
]
JSON_TOKENS = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "null",
    "true",
    "NaN",
    "1e999",
    "-1",
    '"type"',
    '"version"',
    "\\u0000",
]


class Maker:
    """A source of inputs; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def input(self) -> tuple[str, str]:
        """The name of a reader, and what it shall read."""
        if self.often(0.2):
            return "json", self.spoiled(self.json(), JSON_TOKENS) if self.often(0.7) else self.json()
        text = self.repeated() if self.often(0.02) else self.expression(self.random.choice([1, 2, 3, 3, 4, 6]))
        return "text", self.spoiled(text, TOKENS) if self.often(0.3) else text

    def number(self) -> str:
        if self.often(0.93):
            return self.random.choice(USUAL)
        if self.often(0.7):
            return self.random.choice(STRANGE)
        if self.often(0.3):
            return self.random.choice(WORDS)
        return repr(10 ** self.random.uniform(-320, 308)) if self.often(0.5) else str(self.random.getrandbits(90))

    def numbers(self) -> str:
        count = self.random.choice([0, 1, 2, 2, 3, 3, 4, 9, 40])
        items = [self.number() for _ in range(count)]
        if self.often(0.9):
            items = sorted((self.random.choice(USUAL) for _ in range(count)), key=float)
        return "(" + "".join(item + "," for item in items) + ")"

    def value(self, name: str, depth: int) -> str:
        if self.often(0.01):
            name = self.random.choice(["schedules", "milestones", "shape", "schedule", "steps"])
        if name in ("schedule", "less", "other"):
            return self.expression(depth - 1)
        if name == "schedules":
            items = [self.expression(depth - 2) for _ in range(self.random.choice([1, 2, 2, 3, 5]))]
            return "(" + "".join(item + "," for item in items) + ")"
        if name in ("milestones", "values", "periods", "weights"):
            return self.numbers()
        if "shape" in name:
            return repr(self.random.choice([*SHAPES, *SHAPES, "odd"]))
        if name in ("delay", "delayed"):
            return self.random.choice(["True", "False"])
        if name == "growth":
            return self.random.choice(["1", "2", "3", "1.01", "1.5", "1.02", "10", self.number()])
        return self.number()

    def arguments(self, signature: inspect.Signature, depth: int) -> str:
        texts = []
        for name, parameter in signature.parameters.items():
            if name == "self" or (parameter.default is not parameter.empty and self.often(0.5)):
                continue
            if self.often(0.005):
                name = self.random.choice(["lr", "steps", "every", "function", "_", "__class__", "self"])
            value = self.value(name, depth)
            if parameter.kind is parameter.VAR_POSITIONAL:
                texts += [self.expression(depth - 1), self.expression(depth - 2)]
            elif parameter.kind is parameter.KEYWORD_ONLY or self.often(0.05):
                texts.append(f"{name}={value}")
            else:
                texts.append(value)
        return ", ".join(texts)

    def expression(self, depth: int) -> str:
        if depth <= 0 or self.often(0.15):
            return f"{self.random.choice(['Constant', 'SquareRoot'])}({self.number()})"
        kind = self.random.random()
        if kind < 0.35:
            name = self.random.choice([*CALLS])
            return f"{name}({self.arguments(CALLS[name], depth)})"
        if kind < 0.8:
            name = self.random.choice([*METHODS, "repeat", "cooldown"])
            return f"{self.expression(depth - 1)}.{name}({self.arguments(METHODS[name], depth)})"
        left, right = self.expression(depth - 1), self.number() if self.often(0.5) else self.expression(depth - 2)
        if self.often(0.3):
            left, right = right, left
        text = f"{left} {self.random.choice('++**-/')} {right}"
        return f"({text})" if self.often(0.7) else text

    def repeated(self) -> str:
        """The same, on and on: long, or deep."""
        times = self.random.choice([30, 99, 101, 300, 1500])
        part = self.random.choice([
            ".stretch(2).delay(1)", ".with_warmup(3)", ".repeat(5, growth=1.01)", ".repeat(7, growth=2)", " + 1",
            ".cooldown(at=5, steps=2)", ".then(Constant(1), at=9)", ".staircase(2) * Linear(0.1, steps=3)", " * 2",
            ".stretch(1e-9).delay(1e-9)", ".stretch(1e99).delay(1e99)", ".clip(0, 1)", " - 0.1", ".advance(0.1) / 3",
            ".with_warmup(2, shape='exponential', start=0.1)", ".repeat(3) + restarts(0.1, steps=2, growth=1.01)",
            " + fractal_chebyshev(0.1, 1, steps=65536)", ".delay(0.1).stretch(0.3)", ".repeat(1e-9)", ".b", "()", "[0]",
        ])  # fmt: skip
        if self.often(0.1):
            opening, closing = self.random.choice(
                [("(", ")"), ("[", "]"), ("-", ""), ("minimum(1, ", ")"), ("Constant(", ")")]
            )
            return opening * times + self.expression(1) + closing * times
        return self.expression(1) + part * times

    def json(self) -> str:
        for _ in range(3):
            try:
                return parse(self.expression(self.random.choice([1, 2, 3]))).to_json()
            except ValueError:
                continue
        if self.often(0.1):
            times = self.random.choice([50, 99, 101, 500, 3000])
            inner = '{"type": "Constant", "lr": 1}'
            start = '{"type": "Repeat", "every": 2, "growth": 1.01, "schedule": ' if self.often(0.5) else "["
            end = "}" if start[0] == "{" else "]"
            return f'{{"version": 1, "type": "Delay", "steps": 1, "schedule": {start * times}{inner}{end * times}}}'
        return json.dumps({"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 20})

    def spoiled(self, text: str, tokens: list[str]) -> str:
        for _ in range(self.random.choice([1, 1, 1, 2, 5])):
            i, j = sorted(self.random.randrange(len(text) + 1) for _ in range(2))
            j = min(j, i + self.random.choice([0, 1, 5, 30]))
            kind = self.random.random()
            if kind < 0.3:
                new = self.random.choice(tokens)
            elif kind < 0.5:
                new = self.number()
            elif kind < 0.6:
                new = chr(self.random.choice([self.random.randrange(128), self.random.randrange(0x11000)]))
            elif kind < 0.8:
                new = text[i:j] * self.random.choice([0, 2, 3, 50])
            else:
                k = self.random.randrange(len(text) + 1)
                new = text[k : k + self.random.choice([1, 5, 30])]
            text = text[:i] + new + text[j:]
        return text


READERS = {"text": parse, "json": from_json}
