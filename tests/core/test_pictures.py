"""Pictures: what is sampled, what is drawn, and that nothing else changes."""

import re
import warnings

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from hypothesis import given
from matplotlib import pyplot as plt

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Factor,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Plan,
    Saturating,
    Sequence,
    SquareRoot,
    maximum,
    noam,
    parse,
    wsd,
)
from lrsched_core._looks.pictures.curve import curve, sensible_stop
from lrsched_core._looks.pictures.labels import called, shortened
from strategies import schedules

CLOCK = Clock(batch_size=PiecewiseConstant((8, 16), milestones=(800,)), tokens_per_sample=2, tokens=4000)
EPOCHS = Clock(batch_size=10, samples_per_epoch=95, epochs=4)
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


@pytest.mark.parametrize(
    "endless", [SquareRoot(0.3), noam(model_size=512, warmup=4000), Constant(0.1), Factor(0.3, 0.5)]
)
def test_what_has_no_end_goes_along_with_what_has_one(endless):
    ends = Cosine(0.3, steps=90_000)
    assert sensible_stop(endless, ends) == sensible_stop(ends, endless) == sensible_stop(ends) == 110_000


def test_a_run_is_shown_until_its_end():
    early, late = Cosine(0.3, steps=2), Cosine(0.3, steps=900)
    assert sensible_stop(early.on(EPOCHS, "epochs")) == sensible_stop(late.on(EPOCHS, "epochs")) == EPOCHS.steps() == 40
    assert sensible_stop(2 * early.on(EPOCHS, "epochs"), Constant(0.1)) == 40
    # Later, the clock of the run is not what it is on.
    assert sensible_stop(early.on(EPOCHS, "epochs").with_warmup(5)) == 29
    assert sensible_stop(early.on(EPOCHS, "epochs").then(Cosine(0.3, steps=20), at=80)) == 120
    assert sensible_stop(early.on(Clock(updates_per_epoch=10), "epochs")) == 23, "a run whose length is not known"


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    ("schedule", "gaps"),
    [
        (Cosine(0.3, 0.01, steps=15).with_warmup(5).staircase(1), 20),
        (Cosine(0.3, 0.01, steps=90_000).with_warmup(5000).staircase(1), 0),  # some of which are steep
        (Cosine(0.3, 0.01, steps=90_000).with_warmup(5000).staircase(100), 0),  # nearer than can be told apart
        (MultiFactor(0.3, 0.1, milestones=(30, 60, 90)), 3),
        (Linear(0.3, 0.2, steps=30).staircase(10) * Linear(1.0, 0.5, steps=30), 3),
        (Linear(0.9, 0.91, steps=10).staircase(5), 2),  # small, but all that is to be seen
    ],
    ids=str,
)
def test_jumps_are_drawn_alike(schedule, gaps, log):
    assert np.isnan(curve(schedule, 0, sensible_stop(schedule), log=log).values).sum() == gaps


def test_recipes_go_by_their_names():
    recipe = wsd(3e-4, warmup=2e9, stable=798_000_000_000, decay=200)
    name = "wsd(0.0003, warmup=2e9, stable=798e9, decay=200)"
    assert called(recipe) == name
    assert called(2 * recipe) == f"2.0 * {name}"
    assert called((2 * recipe).clip(0, 1).delay(5)) == f"(2.0 * {name}).clip(0.0, 1.0).delay(5)"
    assert called(recipe.on(CLOCK, "tokens")).startswith(f"{name}.on(Clock(")
    assert called(maximum(recipe, 0.1)).startswith(f"maximum({name}, ")
    assert called(Plan(lr=recipe, momentum=0.9)) == f"Plan(lr={name}, momentum=Constant(0.9))"
    assert parse(name) == recipe, "a name is no part of a value"
    assert repr(recipe) == repr(parse(repr(recipe)))
    assert called(recipe.then(Constant(0.1), at=10)).startswith("Sequence((Constant(0.0003).with_warmup(2e9), ")


@given(schedules())
def test_what_a_picture_calls_a_schedule_makes_it(schedule):
    assert parse(called(schedule)) == schedule


def test_a_name_that_is_too_long_keeps_what_it_is_made_of():
    long = Plan(lr=Cosine(0.3, 0.01, steps=90).with_warmup(10), weight_decay=0.1, momentum=Linear(0.85, 0.95, steps=20))
    assert shortened(repr(long), 60) == "Plan(lr=Cosine(...).with_warmup(...), weight_decay=Consta..."
    assert shortened("Cosine(0.3, 0.01, steps=15).with_warmup(5)", 30) == "Cosine(...).with_warmup(...)"


def test_what_is_on_a_clock_has_an_axis_of_what_is_consumed(ax):
    wsd(0.4, warmup=200, stable=2800, decay=1000).on(CLOCK, "tokens").plot(ax=ax)
    [above] = ax.child_axes
    assert (ax.get_xlabel(), above.get_xlabel(), ax.get_xlim()) == ("update", "tokens", (0, CLOCK.steps()))
    ax.figure.canvas.draw()
    assert above.get_xlim() == pytest.approx((0, 4000))
    assert above.transData.transform((1600, 0))[0] == pytest.approx(ax.transData.transform((100, 0))[0])
    assert {text.get_text() for text in ax.texts} >= {"Constant", "Linear"}, "named by what holds, not by its clock"


def test_an_axis_of_shares_ends_with_the_run(ax):
    Cosine(0.3, steps=1).on(EPOCHS, "share").plot(ax=ax, stop=60)
    [above] = ax.child_axes
    assert above.get_xlabel() == "share of the run"
    ax.figure.canvas.draw()
    assert above.transData.transform((1, 0))[0] == pytest.approx(ax.transData.transform((40, 0))[0], abs=1)


def test_clocks_that_contradict_each_other_give_no_axis(ax):
    WARM.on(EPOCHS, "epochs").plot(WARM.on(CLOCK, "samples"), ax=ax)
    assert not ax.child_axes


def test_what_has_no_positive_value_has_a_logarithmic_axis_without_a_curve(ax):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Constant(0).plot(ax=ax, log=True)
        Plan(lr=0.1, weight_decay=0).plot(log=True).canvas.draw()
    plt.close()


def test_small_multiples_have_a_panel_each_on_the_same_axes():
    figure = WARM.plot_each(Linear(0.5, steps=10), SquareRoot(0.3), Constant(0.1), labels="abcd", color="red")
    assert [ax.get_title() for ax in figure.axes] == [*"abcd"]
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}) == 1
    assert figure.axes[0].get_ylim()[1] > 0.5
    assert [ax.get_xlabel() for ax in figure.axes] == ["", "", "t", "t"]
    assert {line.get_color() for ax in figure.axes for line in ax.get_lines()} == {"red"}
    plt.close(figure)
    with pytest.raises(ValueError, match=re.escape("`columns` must be > 0, got 0.")):
        WARM.plot_each(columns=0)


PLAN = Plan(
    lr=wsd(0.4, warmup=200, stable=2800, decay=1000),
    beta2=Linear(0.95, 0.99, steps=2000),
    groups={"muon": Plan(momentum=0.9)},
)


def test_a_plan_on_a_clock_shows_its_batches_and_its_run():
    figure = PLAN.on(CLOCK, "tokens").plot()
    assert [ax.get_ylabel() for ax in figure.axes] == ["lr", "beta2", "muon.momentum", "batch size"]
    assert {ax.get_xlim() for ax in figure.axes} == {(0, CLOCK.steps())}
    assert figure.axes[0].get_title().startswith("wsd(0.4, "), "the clock is the same in all"
    assert figure.axes[1].get_ylim()[0] > 0.9, "a range of what is shown"
    [sizes] = figure.axes[-1].get_lines()
    assert {*sizes.get_ydata()[~np.isnan(sizes.get_ydata())]} == {8, 16}
    assert [child.get_xlabel() for child in figure.axes[0].child_axes] == ["tokens"]
    assert [ax.get_xlabel() for ax in figure.axes] == ["", "", "", "update"]
    plt.close(figure)


def test_plans_are_compared_panel_by_panel():
    figure = PLAN.plot(Plan(lr=0.1, eps=1e-8), labels=("a", "b"))
    assert [ax.get_ylabel() for ax in figure.axes] == ["lr", "beta2", "muon.momentum", "eps"]
    assert [len(ax.get_lines()) for ax in figure.axes] == [2, 1, 1, 1]
    assert [figure.axes[i].get_lines()[-1].get_color() for i in (0, 1, 3)] == ["C1", "C0", "C1"]
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["a", "b"]
    plt.close(figure)
    with pytest.raises(TypeError, match=re.escape("`others[0]` must be a Plan, got Constant(0.1).")):
        PLAN.plot(Constant(0.1))


def test_a_notebook_shows_a_plan_with_the_phases_of_each_quantity():
    before = plt.get_fignums()
    html = PLAN.on(CLOCK, "tokens")._repr_html_()
    assert plt.get_fignums() == before
    assert "<svg" in html
    for name, rows in (("lr", 4), ("beta2", 2), ("muon.momentum", 1)):
        assert html.count(f"<td>{name}</td>") == rows
    assert html.count("<td><code>Linear(0.95, 0.99, steps=2000)</code></td>") == 2
    assert "$$" not in html
