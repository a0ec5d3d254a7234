"""The schedules of the textbook chapter (Dive into Deep Learning, section 12.11), run in order from t = 0."""

import math

import pytest

from lrsched_core import Cosine, Factor, MultiFactor, SquareRoot


class TextbookFactor:
    """The chapter's factor scheduler: it multiplies whenever it is called, whatever it is asked."""

    def __init__(self, factor, stop_factor_lr, base_lr):
        self.factor, self.stop_factor_lr, self.base_lr = factor, stop_factor_lr, base_lr

    def __call__(self, num_update):
        self.base_lr = max(self.stop_factor_lr, self.base_lr * self.factor)
        return self.base_lr


class TextbookMultiFactor:
    """The chapter's multi-factor scheduler: it multiplies if the step is one of its list."""

    def __init__(self, step, factor, base_lr):
        self.step, self.factor, self.base_lr = step, factor, base_lr

    def __call__(self, epoch):
        if epoch in self.step:
            self.base_lr = self.base_lr * self.factor
        return self.base_lr


class TextbookCosine:
    """The chapter's cosine scheduler: past the end it repeats the last rate that it computed."""

    def __init__(self, max_update, base_lr, final_lr, warmup_steps=0, warmup_begin_lr=0):
        self.max_update, self.start, self.final_lr = max_update, base_lr, final_lr
        self.warmup_steps, self.warmup_begin_lr = warmup_steps, warmup_begin_lr

    def __call__(self, epoch):
        if epoch < self.warmup_steps:
            return self.warmup_begin_lr + (self.start - self.warmup_begin_lr) * epoch / self.warmup_steps
        if epoch <= self.max_update:
            wave = 1 + math.cos(math.pi * (epoch - self.warmup_steps) / (self.max_update - self.warmup_steps))
            self.base_lr = self.final_lr + (self.start - self.final_lr) * wave / 2
        return self.base_lr


def in_order(schedule, steps):
    return [schedule(t) for t in range(steps)]


def test_square_root():
    expected = [0.1 * pow(t + 1.0, -0.5) for t in range(30)]
    assert in_order(SquareRoot(0.1), 30) == pytest.approx(expected, rel=1e-15)


def test_factor_is_one_decay_behind_the_textbooks_which_decays_at_its_first_call():
    textbook = in_order(TextbookFactor(factor=0.9, stop_factor_lr=1e-2, base_lr=2.0), 60)
    ours = in_order(Factor(2.0, 0.9, stop_factor_lr=1e-2), 61)
    assert ours[0] == 2.0  # the textbook never uses its base rate
    assert textbook[0] == 1.8
    assert ours[1:] == pytest.approx(textbook, rel=1e-14)  # it accumulates a rounding each call
    assert ours[-1] == textbook[-1] == 1e-2


def test_factor_does_not_depend_on_being_asked_once_per_step():
    textbook, ours = TextbookFactor(factor=0.9, stop_factor_lr=1e-2, base_lr=2.0), Factor(2.0, 0.9, stop_factor_lr=1e-2)
    assert textbook(0) != textbook(0)
    assert ours(0) == ours(0)


def test_multi_factor():
    textbook = TextbookMultiFactor(step=[15, 30], factor=0.5, base_lr=0.5)
    ours = MultiFactor(0.5, 0.5, milestones=[15, 30])
    assert in_order(ours, 40) == in_order(textbook, 40)
    # Asked for one step alone, the textbook's does not know how it got there.
    assert TextbookMultiFactor(step=[15, 30], factor=0.5, base_lr=0.5)(35) == 0.5
    assert ours(35) == 0.125


def test_cosine():
    textbook = TextbookCosine(max_update=20, base_lr=0.3, final_lr=0.01)
    ours = Cosine(0.3, 0.01, steps=20)
    assert in_order(ours, 30) == pytest.approx(in_order(textbook, 30), rel=1e-14)
    assert ours(0) == 0.3
    assert ours(20) == ours(29) == 0.01


def test_cosine_after_a_warmup():
    textbook = TextbookCosine(max_update=20, warmup_steps=5, base_lr=0.3, final_lr=0.01)
    ours = Cosine(0.3, 0.01, steps=15).with_warmup(5)
    assert in_order(ours, 30) == pytest.approx(in_order(textbook, 30), rel=1e-14)
    assert (ours(0), ours(5), ours(20)) == (0.0, 0.3, 0.01)
    # Asked first past its end, the textbook's has no rate at all.
    with pytest.raises(AttributeError, match="base_lr"):
        TextbookCosine(max_update=20, base_lr=0.3, final_lr=0.01)(25)
