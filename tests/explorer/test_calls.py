"""The explorer's model, without a browser: expressions as calls, first values, controls."""

import pytest
from hypothesis import given

from strategies import schedules

pytest.importorskip("typer")
pytest.importorskip("rich")

from lrsched_core import parse
from lrsched_core._looks.explorer.calls import Call, changed, parameters, read, value_of
from lrsched_core._looks.explorer.composing import ADDITIONS, added, at, bases, begun, is_base, removed, steps
from lrsched_core._looks.explorer.controls import kind, number, numbers, scale


@given(schedules())
def test_calls_make_the_schedule_that_they_were_read_from(schedule):
    assert value_of(read(repr(schedule))) == schedule


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("wsd(3e-4,warmup = 10,stable=70, decay=2 * 10)", "wsd(0.0003, warmup=10, stable=70, decay=20)"),
        ("Cosine(final_lr=0.1, base_lr=1, steps=3)", "Cosine(1, 0.1, steps=3)"),
        ("Cosine(1, 0.0, steps=3)", "Cosine(1, steps=3)"),
        ("2 * (1 - Linear(0.5, steps=3))", "2 * (1 - Linear(0.5, steps=3))"),
        ("(2 * Linear(1, steps=3)).repeat(3)", "(2 * Linear(1, steps=3)).repeat(3)"),
        ("-Linear(0.5, steps=3) * 2", "(0 - Linear(0.5, steps=3)) * 2"),
        ("minimum(Linear(1, steps=3), 0.1)", "minimum(Linear(1, steps=3), 0.1)"),
        ("PiecewiseConstant([0.2], milestones=[])", "PiecewiseConstant((0.2,), milestones=())"),
        ("Tanh(1.0, steps=3, lower=-5.0)", "Tanh(1.0, steps=3, lower=-5.0)"),
        ("Factor(1, 0.5).then(Constant(0.1), at=6 / 2)", "Factor(1, 0.5).then(Constant(0.1), at=3.0)"),
    ],
)
def test_calls_are_written_as_a_person_would(text, written):
    assert str(read(text)) == written
    assert parse(written) == parse(text)


CLOCK = "Clock(batch_size=batch_ramp(8, 32, 8, 1000), samples_per_epoch=500, epochs=9)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Plan(weight_decay=0.1,lr=Cosine(0.3,steps=9))", "Plan(weight_decay=0.1, lr=Cosine(0.3, steps=9))"),
        ("Plan({'betas[0]': 0.9, 'lr': 1})", "Plan({'betas[0]': 0.9}, lr=1)"),
        (
            f"Plan(lr=1, groups={{'a b': Plan(eps=Constant(1e-8).with_warmup(3))}}).on({CLOCK}, 'epochs')",
            f"Plan(lr=1, groups={{'a b': Plan(eps=Constant(1e-08).with_warmup(3))}}).on({CLOCK}, 'epochs')",
        ),
        (  # as it prints, and as JSON has it
            f"Plan(lr=Constant(1).on({CLOCK}, 'epochs'), eps=Constant(1).on({CLOCK}, 'epochs'))",
            f"Plan(lr=1, eps=1).on({CLOCK}, 'epochs')",
        ),
        (f"Plan(lr=Constant(1).on({CLOCK}, 'epochs'), eps=1)", f"Plan(lr=Constant(1).on({CLOCK}, 'epochs'), eps=1)"),
        (f"Cosine(0.3, steps=2e9).on({CLOCK}, 'epochs')", f"Cosine(0.3, steps=2e9).on({CLOCK}, 'epochs')"),
    ],
)
def test_plans_and_clocks_are_written_as_a_person_would(text, written):
    assert str(read(text)) == written
    assert parse(written) == parse(text)
    assert str(read(repr(parse(text)))) == str(read(str(read(repr(parse(text))))))


def test_parts_have_the_names_that_an_explanation_has():
    text = "Plan({'a.b': 1}, lr=2, groups={'a': Plan({'b.lr': 3}), 'a.b': Plan(lr=4), 'c d': Plan(lr=5)})"
    plan = read(text)
    assert [*plan.parts()] == sorted(parse(text).explain(0), key=[*plan.parts()].index)
    assert {name: str(at(plan, path)) for name, path in plan.parts().items()} == {
        "'a.b'": "Constant(1)",
        "lr": "Constant(2)",
        "a.'b.lr'": "Constant(3)",
        "'a.b'.lr": "Constant(4)",
        "c d.lr": "Constant(5)",
    }


def test_a_schedule_that_is_put_on_a_clock_counts_epochs_and_ends_with_the_run():
    more = added(begun("Cosine"), "on", 1000)
    assert str(more) == "Cosine(0.3, steps=1000).on(Clock(updates_per_epoch=10, epochs=1000), 'epochs')"
    assert str(added(more, "on", 0.2).arguments["clock"]) == "Clock(updates_per_epoch=10, epochs=1)"


@pytest.mark.parametrize(
    ("text", "name", "amounts"),
    [
        (
            "Cosine(0.3, steps=12).on(Clock(updates_per_epoch=50, epochs=12), 'epochs')",
            "epochs",
            {0.0: "0", 100.0: "2", 200.0: "4", 300.0: "6", 400.0: "8", 500.0: "10", 600.0: "12"},
        ),
        (  # twice as fast from 400 samples, or update 40, on
            "Cosine(0.3, steps=1000).on(Clock(batch_size=batch_ramp(10, 20, 10, 400), samples=1000), 'samples')",
            "samples",
            {0.0: "0", 20.0: "200", 40.0: "400", 50.0: "600", 60.0: "800", 70.0: "1000"},
        ),
        (
            "Cosine(0.3, steps=1).on(Clock(updates=1000), 'share')",
            "share of the run",
            {0.0: "0", 200.0: "0.2", 400.0: "0.4", 600.0: "0.6", 800.0: "0.8", 1000.0: "1"},
        ),
        (
            "Plan(lr=Cosine(0.3, steps=1e12)).on("
            "Clock(batch_size=1000, tokens_per_sample=1000000, tokens=1e12), 'tokens')",
            "tokens",
            {0.0: "0", 200.0: "200B", 400.0: "400B", 600.0: "600B", 800.0: "800B", 1000.0: "1T"},
        ),
    ],
)
def test_what_is_consumed_stands_on_a_second_axis(text, name, amounts):
    pytest.importorskip("nicegui")
    from lrsched_core._looks.explorer.picture import height, options
    from lrsched_core._looks.pictures.quantities import run_of
    from lrsched_core._looks.pictures.units import marks

    value = parse(text)
    drawn = options(value, None, stop=None, log=False)
    *times, consumed = drawn["xAxis"]
    assert (consumed["name"], consumed["position"], consumed["gridIndex"]) == (name, "top", 0)
    assert (consumed["min"], consumed["max"]) == (0, times[0]["max"])
    assert [axis["name"] for axis in times][-1] == "update"
    assert consumed["axisLabel"]["customValues"] == [*amounts]
    assert marks(*run_of(value), times[0]["max"]) == (name, amounts)
    assert str([*amounts.values()]) in consumed["axisLabel"][":formatter"]
    assert drawn["dataZoom"][0]["xAxisIndex"] == [*range(len(drawn["xAxis"]))]
    assert height(value) > height(parse("Cosine(0.3, steps=9)"))
    assert len(options(parse("Cosine(0.3, steps=9)"), value, stop=None, log=False)["xAxis"]) == 1


def test_a_plan_is_changed_in_its_place():
    plan = read(f"Plan(lr=Cosine(0.3, steps=9), groups={{'a': Plan(eps=1)}}).on({CLOCK}, 'epochs')")
    assert [*plan.parts()] == ["lr", "a.eps"]
    path = plan.parts()["a.eps"]
    assert str(at(plan, path)) == "Constant(1)"
    plan = changed(plan, (*path, "lr"), 2)
    plan = changed(plan, (*plan.parts()["lr"], "final_lr"), 0.1)
    [(_, unit, of)] = plan.clocks()
    assert unit == "epochs"
    plan = changed(plan, (*of, "clock", "epochs"), 4)
    plan = changed(plan, (*of, "clock", "batch_size", "start"), 16)
    plan = changed(plan, (*of, "unit"), "samples")
    assert str(plan) == (
        "Plan(lr=Cosine(0.3, 0.1, steps=9), groups={'a': Plan(eps=2)})"
        ".on(Clock(batch_size=batch_ramp(16, 32, 8, 1000), samples_per_epoch=500, epochs=4), 'samples')"
    )


def test_the_parts_of_a_clock_have_controls():
    kinds = {parameter.name: kind(parameter) for parameter in parameters(read(f"Constant(1).on({CLOCK}, 'epochs')"))}
    assert kinds == {"clock": "clock", "unit": "choice"}
    clock = {p.name: kind(p) for p in parameters(read(f"Constant(1).on({CLOCK}, 'epochs')").arguments["clock"])}
    assert (clock["batch_unit"], clock["drop_last"], clock["tokens"]) == ("choice", "flag", "time")


def test_a_clock_alone_is_refused():
    with pytest.raises(TypeError, match="`text` must be the expression of a schedule or a plan, got a Clock"):
        read(CLOCK)


def test_what_parse_refuses_is_refused_with_its_place():
    with pytest.raises(ValueError, match=r"do you mean Cosine.* \(column 5: 'Cosin'\)"):
        read("2 * Cosin(0.3, steps=3)")


def test_an_argument_is_changed_in_its_place_and_a_default_is_left_out():
    calls = read("2 * Cosine(0.3, 0.1, steps=10).with_warmup(4)")
    path = ("right", "receiver")
    assert str(changed(calls, (*path, "base_lr"), 0.4)) == "2 * Cosine(0.4, 0.1, steps=10).with_warmup(4)"
    assert str(changed(calls, (*path, "final_lr"), 0.0)) == "2 * Cosine(0.3, steps=10).with_warmup(4)"
    assert (
        str(changed(calls, ("right", "delay"), False)) == "2 * Cosine(0.3, 0.1, steps=10).with_warmup(4, delay=False)"
    )
    parts = read("minimum(Constant(1.0), Constant(2.0))")
    assert str(changed(parts, ("schedules", 1, "lr"), 3.0)) == "minimum(Constant(1.0), Constant(3.0))"


@pytest.mark.parametrize("name", bases())
def test_everything_in_the_catalogue_begins_with_values_that_suit_each_other(name):
    call = begun(name)
    schedule = value_of(call)
    assert read(str(call)) == call
    assert max(schedule(t) for t in range(0, 1000, 50)) > 0
    assert value_of(begun(name, like=begun("Cosine")))(0) >= 0
    for parameter in parameters(call):
        assert kind(parameter)


def test_a_change_of_the_base_keeps_the_arguments_that_both_have():
    cosine = read("Cosine(0.7, 0.02, steps=123)")
    assert isinstance(cosine, Call)
    assert str(begun("Linear", like=cosine)) == "Linear(0.7, 0.02, steps=123)"
    # 123 is no power of two.
    assert str(begun("fractal_chebyshev", like=cosine)) == "fractal_chebyshev(0.01, 0.3, steps=32)"


@pytest.mark.parametrize("name", ADDITIONS)
def test_what_is_added_is_a_step_of_its_own_and_can_be_removed(name):
    base = begun("Cosine")
    more = added(base, name, 1000)
    assert value_of(more) != value_of(base)
    assert [step.node for step in steps(more)] == [base, more]
    assert removed(more) == base
    assert is_base(base)
    assert not is_base(more)


def argument(text, name):
    return next(parameter for parameter in parameters(read(text)) if parameter.name == name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Cosine(0.3, steps=9)", "base_lr", "rate"),
        ("Cosine(0.3, steps=9)", "steps", "time"),
        ("Geometric(0.3, 0.1, steps=9)", "final_lr", "rate"),
        ("Factor(0.3, 0.5)", "factor", "number"),
        ("MultiFactor(0.3, 0.5, milestones=(1,))", "milestones", "list"),
        ("Noise(0.1)", "seed", "whole"),
        ("RAdam(0.1)", "beta2", "share"),
        ("one_cycle(0.1, steps=9)", "warmup_share", "share"),
        ("triangular(0.1, 0.2, up=9)", "up", "time"),
        ("triangular(0.1, 0.2, up=9)", "down", "time"),
        ("restarts_at(0.1, periods=(1, 2))", "weights", "list"),
        ("restarts(0.1, steps=9)", "growth", "number"),
        ("minimum(Constant(0.1), 0.2)", "schedules", "schedules"),
        ("Constant(0.1).then(Constant(0.2), at=3)", "other", "schedule"),
        ("Constant(0.1).with_warmup(3)", "shape", "choice"),
        ("Constant(0.1).with_warmup(3)", "delay", "flag"),
        ("Constant(0.1).with_warmup(3)", "start", "rate"),
    ],
)
def test_a_control_follows_from_the_signature(text, name, expected):
    assert kind(argument(text, name)) == expected


def test_a_slider_of_rates_is_logarithmic_with_zero_at_its_end():
    rates = scale(argument("Cosine(0.3, steps=9)", "base_lr"), 0.3)
    assert rates.value(rates.low) == 0.0
    assert rates.value(-2.0) == 0.01
    assert rates.value(rates.position(0.3)) == pytest.approx(0.3, rel=1e-2)
    assert scale(argument("Cosine(0.3, steps=9)", "base_lr"), 50.0).high == 3.0
    assert scale(argument("Cosine(0.3, steps=9)", "base_lr"), 0.0).position(0.0) == -5.0
    positive = scale(argument("Geometric(0.3, 0.1, steps=9)", "final_lr"), 0.1)
    assert positive.value(positive.low) == 1e-3


def test_a_slider_of_times_gives_whole_steps_and_reaches_beyond_the_value():
    times = scale(argument("Cosine(0.3, steps=9)", "steps"), 90_000)
    assert times.value(times.position(90_000)) == 90_000
    assert times.value(times.high) == 1_000_000
    assert isinstance(times.value(2.5), int)
    assert times.value(times.low) == 0
    short = scale(argument("Cosine(0.3, steps=9)", "steps"), 9)
    assert short.value(0.01) == 1


def test_a_slider_of_parts_is_linear():
    parts = scale(argument("one_cycle(0.1, steps=9)", "warmup_share"), 0.3)
    assert (parts.low, parts.high, parts.value(0.3)) == (0.0, 1.0, 0.3)


def test_typed_numbers_keep_what_was_written():
    assert [number(text) for text in ("90_000", "3e-4", " 2 ")] == [90_000, 3e-4, 2]
    assert numbers("30, 60 90") == (30, 60, 90)
    with pytest.raises(ValueError, match="could not convert"):
        number("some")
