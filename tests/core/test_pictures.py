"""Pictures: what is sampled, what is drawn, and that nothing else changes."""

import re

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib import pyplot as plt

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, Saturating, Sequence, SquareRoot, parse
from lrsched_core._looks.pictures.curve import curve, sensible_stop

WARM = Cosine(0.3, 0.01, steps=15).with_warmup(5)


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_the_range_ends_after_the_last_change_or_a_few_cycles():
    assert sensible_stop(WARM) == 23
    assert sensible_stop(Constant(0.1)) == 100
    assert sensible_stop(Cosine(0.3, steps=10).repeat(10)) == 40
    assert sensible_stop(Cosine(0.3, steps=15).with_warmup(5).repeat(20)) == 80
    assert 50 < sensible_stop(SquareRoot(0.1)) < 200
    assert 500 < sensible_stop(Saturating(0.1, timescale=300)) < 2000  # what begins at 0 has no share of it to fall to
    assert 5000 < sensible_stop(Factor(0.1, 0.5, every=2000)) < 20_000


@pytest.mark.parametrize("schedule", [WARM, WARM.stretch(391), WARM.stretch(10**5), WARM.repeat(20)], ids=str)
def test_a_curve_has_the_values_of_the_schedule(schedule):
    drawn = curve(schedule, 0, sensible_stop(schedule))
    there = ~np.isnan(drawn.values)
    assert (~there).sum() <= 3
    np.testing.assert_array_equal(drawn.values[there], schedule(drawn.t[there]))
    assert (np.diff(drawn.t[there]) > 0).all()
    assert drawn.t[there].size < 12_000


def test_a_jump_is_a_gap_between_two_exact_ends():
    steps = MultiFactor(0.5, 0.5, milestones=(15_000, 30_000))
    drawn = curve(steps, 0, 40_000)
    [first, second] = np.flatnonzero(np.isnan(drawn.values))
    assert drawn.values[first - 1 : first + 2].tolist()[::2] == [0.5, 0.25]
    assert drawn.values[second - 1 : second + 2].tolist()[::2] == [0.25, 0.125]


def test_a_single_step_among_ten_million_is_seen():
    spike = Sequence((Constant(0.1), Constant(0.9), Constant(0.1)), milestones=(5_000_003, 5_000_004))
    assert np.nanmax(curve(spike, 0, 10_000_000).values) == 0.9
    # Not a boundary, but the same in the values.
    product = spike.staircase(1)
    assert np.nanmax(curve(product, 0, 10_000_000).values) == 0.9


def test_axes_in_axes_out(ax):
    assert WARM.plot(ax=ax, color="red") is ax
    [line, *marks] = ax.get_lines()
    assert line.get_color() == "red"
    assert [mark.get_xdata()[0] for mark in marks] == [5, 20]
    assert [text.get_text() for text in ax.texts] == ["Linear", "Cosine"]
    assert ax.get_xlim() == (0, 23)


def test_several_schedules_are_compared_with_a_legend(ax):
    WARM.plot(Linear(0.3, steps=30), ax=ax, stop=30, labels=("a", "b"))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert len(ax.get_lines()) == 2


def test_a_logarithmic_axis_and_one_of_epochs(ax):
    WARM.stretch(100).plot(ax=ax, log=True, steps_per_epoch=100, marks=False)
    assert ax.get_yscale() == "log"
    [epochs] = ax.child_axes
    assert epochs.get_xlabel() == "epoch"
    assert len(ax.get_lines()) == 1


def test_small_rates_are_written_as_people_write_them_and_nothing_stands_in_the_place_of_names(ax):
    (WARM / 1000).plot(ax=ax)
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_yticklabels()][1:4] == ["0", "5e-5", "1e-4"]
    assert ax.yaxis.get_offset_text().get_text() == ""
    WARM.plot(ax=ax)
    ax.figure.canvas.draw()
    assert ax.get_yticklabels()[2].get_text() == "0.05"


def test_bad_arguments_are_refused(ax):
    with pytest.raises(ValueError, match=re.escape("`stop` must be > `start`, which is 5, got 5.")):
        WARM.plot(ax=ax, start=5, stop=5)
    with pytest.raises(ValueError, match=re.escape("`labels` must be as many as the 1 schedules, got ['a', 'b'].")):
        WARM.plot(ax=ax, labels=["a", "b"])
    with pytest.raises(TypeError, match=re.escape("`others[0]` must be a schedule, got 3.")):
        WARM.plot(3, ax=ax)


def test_a_notebook_shows_curve_formula_and_phases_and_opens_no_figure():
    before = plt.get_fignums()
    html = WARM._repr_html_()
    assert plt.get_fignums() == before
    assert "<svg" in html
    assert r"\cos(\pi t / T)" in html
    assert html.count("<tr>") == 4
    assert "<td>20</td><td>∞</td>" in html
    assert "<svg" in WARM.repeat(20)._repr_html_()


@pytest.mark.parametrize(
    ("text", "stop"),
    [
        ("restarts(0.3, 0.01, steps=10, growth=2, peak_decay=0.7)", 150),
        ("triangular2(0.05, 0.3, up=6)", 48),
        ("Cosine(0.3, steps=10).repeat(10)", 40),
    ],
)
def test_what_is_made_of_cycles_is_shown_for_four_of_them(ax, text, stop):
    assert parse(text).plot(ax=ax).get_xlim() == (0, stop)


def test_a_logarithmic_axis_is_not_taken_up_by_the_last_moment_before_zero(ax):
    Linear(0.3, steps=1000).plot(ax=ax, log=True)
    assert ax.get_ylim()[0] > 1e-5


def test_a_long_title_takes_two_lines_at_most(ax):
    MultiFactor(0.3, 0.5, milestones=range(100)).plot(ax=ax)
    first, second = ax.get_title().split("\n")
    assert first.startswith("MultiFactor(0.3, 0.5, milestones=(0, 1, 2")
    assert second.endswith("...")


def test_the_legend_of_several_schedules_hides_none_of_them(ax):
    legend = WARM.plot(Linear(0.3, steps=20), ax=ax).get_legend()
    ax.figure.canvas.draw()
    assert legend.get_window_extent().y0 >= ax.bbox.y1
