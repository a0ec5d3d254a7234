"""Schedules as text."""

import re

import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, parse


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("Cosine(3e-4, 3e-5, steps=90_000)", Cosine(3e-4, 3e-5, steps=90_000)),
        (" Cosine(base_lr=0.3, steps=20).with_warmup(5)\n", Cosine(0.3, steps=20).with_warmup(5)),
        ("Constant(0.1 * 256 / 256).with_warmup(2 * 391)", Constant(0.1).with_warmup(782)),
        ("Constant(+1 - 0.5)", Constant(0.5)),
        ("MultiFactor(0.5, 0.5, milestones=[15, 30])", MultiFactor(0.5, 0.5, milestones=(15, 30))),
        ('Constant(1).with_warmup(3, shape="cosine")', Constant(1).with_warmup(3, shape="cosine")),
        ("Constant(1).with_warmup(3, delay=False)", Constant(1).with_warmup(3, delay=False)),
        ("Linear(0.1, steps=3).then(Factor(0.1, 0.9), at=3)", Linear(0.1, steps=3).then(Factor(0.1, 0.9), at=3)),
        ("Sequence((Constant(1), Constant(2)), milestones=(3,))", Constant(1).then(Constant(2), at=3)),
    ],
)
def test_text_gives_the_schedule(text, schedule):
    assert parse(text) == schedule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Cosin(0.3, steps=3)", "(do you mean Cosine?) here (column 1: 'Cosin')."),
        ("Cosine(0.3, steps=0)", "`steps` must be > 0, got 0. (column 1: 'Cosine(0.3, steps=0)')"),
        ("Cosine(0.3)", "missing 1 required keyword-only argument: 'steps' (column 1: 'Cosine(0.3)')"),
        ("Constant(0.1).__class__", "here (column 1: 'Constant(0.1).__class__')"),
        ("Constant(0.1).to_dict()", "staircase, stretch, then, with_warmup here (column 1: 'Constant(0.1).to_dict')."),
        ("__import__('os').system('true')", "the name of a schedule here (column 1: '__import__')."),
        ("Constant(__import__('os'))", "(column 10: '__import__')."),
        ("Constant(10 ** 10)", "here (column 10: '10 ** 10')."),
        ("Constant(1 / 0)", "what can be calculated (division by zero) here (column 10: '1 / 0')."),
        ("Constant(True + 1)", "`text` must have a number or a schedule here (column 10: 'True')."),
        ("Constant(*[1])", "here (column 10: '*[1]')."),
        ("Constant(**{})", "a call without ** here"),
        ("Constant(lambda: 1)", "here (column 10: 'lambda: 1')."),
        ("Constant([x for x in (1,)])", "here (column 10: '[x for x in (1,)]')."),
        ("Constant(1j)", "here (column 10: '1j')."),
        ("(0.1).with_warmup(3)", "`text` must have a schedule here"),
        ("0.1", "`text` must be the expression of a schedule, got '0.1'."),
        ("Constant(0.1", "`text` must be one expression ('(' was never closed"),
        ("Constant(0.1); Constant(0.2)", "`text` must be one expression (invalid syntax"),
        ("", "`text` must be one expression"),
        ("Constant(\0)", "`text` must be one expression"),
        ("-" * 99_999 + "1", "`text` must be "),
        ("(" * 5_000 + ")" * 5_000, "`text` must be "),
        ("x" * 100_001, "`length of text` must be at most 100000 characters, got 100001."),
    ],
    ids=lambda text: text[:30],
)
def test_all_else_is_refused_with_the_place(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(text)


def test_text_must_be_a_string():
    with pytest.raises(TypeError, match=r"`text` must be a string, got 3\."):
        parse(3)
