"""After loading, in any order, every group has the rate of the schedule at once, and the scheduler reports it."""

import copy
import math

import pytest

from lrsched_core import Constant, Cosine, Linear, Polynomial

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import (  # only where torch is installed
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from lrsched_torch import ScheduleLR  # as above
from thorough import mixed
from torch_training import halving, make_optimizer, quarter_halving, rates_of, through_a_file, train, update  # as above

# No two of their values are the same, up to their ends past the last time of the tests.
SAME = (
    Cosine(0.3, 0.01, steps=20).with_warmup(3, start=0.05),
    Linear(0.4, 0.1, steps=20),
    Polynomial(0.2, 0.01, steps=30),
)
OTHER = (Linear(0.9, 0.5, steps=20), Cosine(0.8, 0.4, steps=20).with_warmup(2, start=0.1), Linear(0.7, 0.6, steps=30))
TIMES = range(9)
MODES = {"absolute": {}, "factor": {"mode": "factor"}, "kept edits": {"mode": "factor", "on_edit": "keep"}}


# What a program builds, from three schedules and options of `ScheduleLR`.


def alone(sgd, schedules, **options):
    return ScheduleLR(sgd, schedules[0], **options)


def a_list(sgd, schedules, **options):
    return ScheduleLR(sgd, [schedules[i % 3] for i in range(len(sgd.param_groups))], **options)


def some_options(sgd, schedules, **options):
    return ScheduleLR(sgd, {"momentum": schedules[1], "lr": schedules[0], "weight_decay": schedules[2]}, **options)


def sequence(sgd, schedules, **options):
    return SequentialLR(sgd, [ScheduleLR(sgd, each, **options) for each in schedules[:2]], [5])


def built_in_reverse(sgd, schedules, **options):
    second, first = (ScheduleLR(sgd, each, **options) for each in schedules[1::-1])
    return SequentialLR(sgd, [first, second], [5])


def three(sgd, schedules, **options):
    return SequentialLR(sgd, [ScheduleLR(sgd, each, **options) for each in schedules], [4, 7])


def after_torchs(sgd, schedules, **options):
    return SequentialLR(sgd, [ConstantLR(sgd, 1.0, total_iters=99), ScheduleLR(sgd, schedules[0], **options)], [5])


def before_torchs(sgd, schedules, **options):
    return SequentialLR(sgd, [ScheduleLR(sgd, schedules[0], **options), CosineAnnealingLR(sgd, 30)], [5])


def chained(sgd, schedules, **options):
    return ChainedScheduler([ScheduleLR(sgd, schedules[0], **options), ExponentialLR(sgd, 0.9)])


def chained_last(sgd, schedules, **options):
    return ChainedScheduler([ExponentialLR(sgd, 0.9), ScheduleLR(sgd, schedules[0], **options)])


def nested(sgd, schedules, **options):
    first, second, third = (ScheduleLR(sgd, each, **options) for each in schedules)
    return SequentialLR(sgd, [SequentialLR(sgd, [first, second], [4]), third], [7])


OURS = [alone, a_list, some_options, sequence, built_in_reverse, three, nested]
MIXED = [after_torchs, before_torchs, chained, chained_last]
# With a changed schedule, what torch's own schedulers make of the rate before it is theirs.
CASES = [(build, False) for build in OURS + MIXED] + [(build, True) for build in OURS]

# In which order a program builds and loads: `o` the optimizer's state, `s` the scheduler's, `b` builds the scheduler.
ORDERS = ["bos", "bso", "bs", "obs", "boso", "bsos", "boos"]


def make(groups, rate_of, own):
    rates = [rate_of(own * (1 if own == 1.0 else 1 + i)) for i in range(groups)]
    weights = [torch.nn.Parameter(torch.zeros((), dtype=torch.float64)) for _ in rates]
    return torch.optim.SGD(
        [{"params": [weight], "lr": rate} for weight, rate in zip(weights, rates, strict=True)],
        momentum=0.5,
        weight_decay=0.5,
        foreach=False,
    )


RATES = {
    "number": float,
    "tensor": lambda rate: torch.tensor(rate, dtype=torch.float64),
    "float32": lambda rate: torch.tensor(rate, dtype=torch.float32),
}


def name_of(value):
    """Of a case, the composition."""
    return f"{value[0].__name__}-{'changed' if value[1] else 'same'}" if isinstance(value, tuple) else str(value)


def snapshot(sgd):
    """What the next update will use."""
    return [[float(group[name]) for name in ("lr", "momentum", "weight_decay")] for group in sgd.param_groups]


def step(sgd, scheduler):
    for group in sgd.param_groups:
        group["params"][0].grad = torch.zeros_like(group["params"][0])
    sgd.step()
    scheduler.step()


def course(sgd, scheduler, steps):
    """What updates use, and what the scheduler reports, from now on."""
    seen = []
    for _ in range(steps):
        seen.append((snapshot(sgd), [float(rate) for rate in scheduler.get_last_lr()]))
        step(sgd, scheduler)
    return seen


def resumed(order, run, build, make_one):
    """The optimizer and the scheduler of a new process that builds, and loads what a run has, in some order."""
    states = copy.deepcopy([each.state_dict() for each in run])
    sgd, scheduler = make_one(), None
    for one in order:
        if one == "b":
            scheduler = build(sgd)
        elif one == "o":
            sgd.load_state_dict(through_a_file(states[0]))
        else:
            scheduler.load_state_dict(through_a_file(states[1]))
    return sgd, scheduler


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step")  # torch's own, whatever is nested
@pytest.mark.parametrize(("order", "mode", "case", "rates"), mixed(ORDERS, MODES, CASES, RATES, every=5), ids=name_of)
def test_from_the_load_on_every_update_has_the_rate_of_the_uninterrupted_run(order, mode, case, rates):
    """With a changed schedule that is kept, of one that had it from the first update on."""
    build, changed = case
    options = MODES[mode]
    now = {**options, "on_change": "keep"} if changed else options
    for groups in (1, 3):
        own = 1.0 if mode == "absolute" else 0.5

        def make_one(groups=groups, own=own):
            return make(groups, RATES[rates], own)

        sgd = make_one()
        expected = course(sgd, build(sgd, OTHER if changed else SAME, **options), 16)
        first = make_one()
        scheduler = build(first, SAME, **options)
        for t in TIMES:
            again, loaded = resumed(
                order, (first, scheduler), lambda sgd: build(sgd, OTHER if changed else SAME, **now), make_one
            )
            seen = course(again, loaded, 4)
            # What torch's sequence reports of a changed schedule before the first step is what it had saved.
            if changed and not isinstance(loaded, ScheduleLR):
                assert [each for each, _ in seen] == [each for each, _ in expected[t : t + 4]], (groups, t)
            elif build is chained and mode == "kept edits":
                # The product is rounded in another order.
                assert [each for each, _ in seen] == [
                    [pytest.approx(row, rel=1e-12) for row in each] for each, _ in expected[t : t + 4]
                ]
            else:
                assert seen == expected[t : t + 4], (groups, t)
            step(first, scheduler)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rates", RATES)
def test_what_is_in_force_is_the_schedule(mode, rates):
    """As it is written, on both sides of the comparison above."""
    sgd = make(3, RATES[rates], 1.0 if mode == "absolute" else 0.5)
    own = [float(group["lr"]) for group in sgd.param_groups]
    scheduler = ScheduleLR(sgd, SAME[0], **MODES[mode])
    for t in TIMES:
        expected = [SAME[0](t) if mode == "absolute" else SAME[0](t) * each for each in own]
        assert scheduler.get_last_lr() == expected
        assert [float(group["lr"]) for group in sgd.param_groups] == [float(RATES[rates](rate)) for rate in expected]
        sgd.load_state_dict(copy.deepcopy(sgd.state_dict()))
        step(sgd, scheduler)


@pytest.mark.parametrize("mode", MODES)
def test_the_optimizer_s_state_alone_leaves_the_schedule_where_it_stands(mode):
    first, second = make(2, float, 1.0), make(2, float, 1.0)
    scheduler = ScheduleLR(first, SAME[0], **MODES[mode])
    for _ in range(4):
        step(first, scheduler)
    scheduler = ScheduleLR(second, SAME[0], **MODES[mode])
    step(second, scheduler)
    second.load_state_dict(first.state_dict())
    assert [rate for rate, *_ in snapshot(second)] == scheduler.get_last_lr() == [SAME[0](1)] * 2


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("edit", ["hand", "plateau"])
def test_what_somebody_else_had_set_is_in_force_again(order, mode, edit):
    """Up to the next step, or for good where edits are kept."""

    def build(sgd):
        return ScheduleLR(sgd, SAME[0], **MODES[mode])

    def edited(sgd):
        if edit == "hand":
            sgd.param_groups[1]["lr"] *= 0.7
        else:
            plateau = ReduceLROnPlateau(sgd, factor=0.7, patience=0)
            plateau.step(1.0)
            plateau.step(2.0)

    def make_one():
        return make(2, float, 1.0)

    for t in (0, 1, 4):
        sgd = make_one()
        scheduler = build(sgd)
        for _ in range(t):
            step(sgd, scheduler)
        edited(sgd)
        again = resumed(order, (sgd, scheduler), build, make_one)
        seen = course(*again, 4)
        assert seen == course(sgd, scheduler, 4)
        assert seen[0][0][1][0] == SAME[0](t) * 0.7
        assert seen[1][0][1][0] == (pytest.approx(SAME[0](t + 1) * 0.7) if mode == "kept edits" else SAME[0](t + 1))


@pytest.mark.parametrize("order", ORDERS)
def test_kept_edits_are_made_of_a_changed_schedule_too(order):
    def build(schedule, **options):
        return lambda sgd: ScheduleLR(sgd, schedule, mode="factor", on_edit="keep", **options)

    def make_one():
        return make(1, float, 0.5)

    sgd = make_one()
    scheduler = build(SAME[0])(sgd)
    for _ in range(3):
        sgd.param_groups[0]["lr"] *= 0.5
        step(sgd, scheduler)
    sgd.param_groups[0]["lr"] *= 0.5
    again, loaded = resumed(order, (sgd, scheduler), build(OTHER[0], on_change="keep"), make_one)
    for t in range(3, 7):
        assert [rate for rate, *_ in snapshot(again)] == loaded.get_last_lr()
        assert loaded.get_last_lr() == pytest.approx([0.5 * OTHER[0](t) / 16])
        step(again, loaded)


# The states of torch's own schedulers.

TORCHS = {
    "cosine": lambda sgd: CosineAnnealingLR(sgd, 30),
    "step": lambda sgd: StepLR(sgd, 2),
    "linear": lambda sgd: LinearLR(sgd, 0.1),
    "lambda": lambda sgd: LambdaLR(sgd, lambda t: 0.9**t),
    "exponential": lambda sgd: ExponentialLR(sgd, 0.9),
    "sequence": lambda sgd: SequentialLR(sgd, [ConstantLR(sgd), StepLR(sgd, 2)], [3]),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("theirs", TORCHS)
@pytest.mark.parametrize("mode", MODES)
def test_a_run_begun_with_a_scheduler_of_torch_goes_on_with_the_schedule_at_once(order, theirs, mode):
    def make_one():
        return make(2, float, 1.0)

    first = make_one()
    scheduler = TORCHS[theirs](first)
    for _ in range(4):
        step(first, scheduler)
    again = resumed(order, (first, scheduler), lambda sgd: ScheduleLR(sgd, SAME[0], **MODES[mode]), make_one)
    assert again[1].state_dict().keys() == ScheduleLR(make_one(), SAME[0]).state_dict().keys()
    assert not hasattr(again[1], "T_max")  # what is theirs is left alone
    for t, (rates, reported) in enumerate(course(*again, 4), 4):
        assert [rate for rate, *_ in rates] == reported == [SAME[0](t)] * 2


def test_a_state_without_a_clock_says_whose_to_load():
    sgd = make(1, float, 1.0)
    chain = ChainedScheduler([StepLR(sgd, 2)])
    scheduler = ScheduleLR(make(1, float, 1.0), SAME[0])
    with pytest.raises(
        ValueError, match=r"^`state_dict` must have 'last_epoch', got .* Hint: load .* '_schedulers'\.$"
    ):
        scheduler.load_state_dict(chain.state_dict())


# Groups that joined.


@pytest.mark.parametrize("order", ["bjos", "bjso", "bjs", "jbos", "jbso", "jbs", "objs"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stepped", [False, True], ids=["before its first step", "later"])
def test_a_group_that_joined_is_resumed_with_its_rate(order, mode, stepped):
    """Built together with the others, or joined again (`j`) before or after the scheduler is built."""
    schedule = SAME[0]

    def join(sgd, rate):
        weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
        # In a program that builds it with the others, what it is taken to have been given.
        given = {"initial_lr": rate / schedule(3)} if mode != "absolute" else {}
        sgd.add_param_group({"params": [weight], "lr": rate, **given})

    rate = 1.0 if mode == "absolute" else 0.05
    sgd = make(1, float, 1.0)
    scheduler = ScheduleLR(sgd, schedule, **MODES[mode])
    for _ in range(3):
        step(sgd, scheduler)
    sgd.add_param_group({"params": [torch.nn.Parameter(torch.zeros((), dtype=torch.float64))], "lr": rate})
    assert scheduler.get_last_lr() == rates_of(sgd) == [schedule(3), rate]
    if stepped:
        step(sgd, scheduler)
    states = copy.deepcopy((sgd.state_dict(), scheduler.state_dict()))
    again, loaded = make(1, float, 1.0), None
    for one in order:
        if one == "b":
            loaded = ScheduleLR(again, schedule, **MODES[mode])
        elif one == "j":
            join(again, rate)
        elif one == "o" and len(again.param_groups) == 2:
            again.load_state_dict(through_a_file(states[0]))
        elif one == "s":
            loaded.load_state_dict(through_a_file(states[1]))
    assert course(again, loaded, 4) == course(sgd, scheduler, 4)
    shares = [1.0, 1.0] if mode == "absolute" else [1.0, rate / schedule(3)]
    assert rates_of(sgd) == [pytest.approx(share * schedule(8 if stepped else 7)) for share in shares]


# Copies, and wrappers.


@pytest.mark.parametrize("mode", MODES)
def test_a_copy_stands_for_the_rates_of_its_own_optimizer(mode):
    sgd = make(2, float, 1.0)
    scheduler = ScheduleLR(sgd, SAME[0], **MODES[mode])
    for _ in range(3):
        step(sgd, scheduler)
    twin = copy.deepcopy(scheduler)
    step(sgd, scheduler)
    twin.optimizer.load_state_dict(sgd.state_dict())
    assert [rate for rate, *_ in snapshot(twin.optimizer)] == twin.get_last_lr() == [SAME[0](3)] * 2
    assert [rate for rate, *_ in snapshot(sgd)] == scheduler.get_last_lr() == [SAME[0](4)] * 2


def test_a_scheduler_that_is_gone_leaves_the_optimizer_alone():
    sgd = make(1, float, 1.0)
    state = copy.deepcopy(sgd.state_dict())
    ScheduleLR(sgd, SAME[0])
    sgd.load_state_dict(state)
    assert rates_of(sgd) == [1.0]
    assert not sgd._optimizer_load_state_dict_pre_hooks
    assert not sgd._optimizer_load_state_dict_post_hooks


# Several on one optimizer.


def factors(sgd, *schedules, on_edit="keep"):
    return [ScheduleLR(sgd, each, mode="factor", on_edit=on_edit) for each in schedules]


@pytest.mark.parametrize(
    "parts",
    [
        lambda sgd: factors(sgd, *SAME[:2]),
        lambda sgd: factors(sgd, *SAME[:2], on_edit="correct"),
        lambda sgd: factors(sgd, Linear(0.0, 1.0, steps=4), SAME[0]),
        lambda sgd: [ScheduleLR(sgd, SAME[0]), *factors(sgd, SAME[1])],
        lambda sgd: [*factors(sgd, SAME[1]), ScheduleLR(sgd, SAME[0])],
        lambda sgd: [*factors(sgd, SAME[1]), ExponentialLR(sgd, 0.9), *factors(sgd, SAME[0])],
    ],
)
def test_factors_that_undo_each_other_are_refused_with_the_product(parts):
    sgd = make_optimizer()
    chain = ChainedScheduler(parts(sgd))
    update(sgd)
    message = (
        r"^`optimizer` must have its 'lr' set by one ScheduleLR at a time, .* one ScheduleLR of the product, a \* b;"
    )
    with pytest.raises(ValueError, match=message):
        train(sgd, chain, 2)


def test_two_absolute_schedules_on_one_optimizer_are_said():
    sgd = make_optimizer()
    chain = ChainedScheduler([ScheduleLR(sgd, SAME[0]), ScheduleLR(sgd, SAME[1])])
    update(sgd)
    with pytest.warns(UserWarning, match=r"^Two ScheduleLR take turns in setting 'lr' of one optimizer: .* a \* b"):
        chain.step()


def test_two_schedules_of_different_options_are_not_in_each_other_s_way():
    sgd = make_optimizer()
    chain = ChainedScheduler([ScheduleLR(sgd, halving), ScheduleLR(sgd, {"momentum": Constant(0.0)})])
    assert train(sgd, chain, 3) == [[1.0], [0.5], [0.25]]


def test_a_scheduler_that_follows_another_for_good_is_not_in_its_way():
    sgd = make_optimizer()
    first = ScheduleLR(sgd, halving)
    moves = train(sgd, first, 3)
    second = ScheduleLR(sgd, quarter_halving)
    assert moves + train(sgd, second, 3) == [[1.0], [0.5], [0.25], [0.25], [0.125], [0.0625]]


@pytest.mark.parametrize("order", ["", *ORDERS])
@pytest.mark.parametrize("build", [sequence, three])
def test_kept_edits_last_through_a_sequence(build, order):
    """What one of its schedulers has kept, the next one keeps."""

    def make_one():
        return make(2, float, 0.5)

    def make_scheduler(sgd):
        return build(sgd, SAME, **MODES["kept edits"])

    sgd = make_one()
    expected = [rate for rate, _ in course(sgd, make_scheduler(sgd), 10)]
    sgd = make_one()
    scheduler = make_scheduler(sgd)
    for _ in range(2):
        step(sgd, scheduler)
    sgd.param_groups[0]["lr"] *= 0.5
    step(sgd, scheduler)
    if order:
        sgd, scheduler = resumed(order, (sgd, scheduler), make_scheduler, make_one)
    for t, (rates, reported) in enumerate(course(sgd, scheduler, 7), 3):
        assert [rate for rate, *_ in rates] == reported
        assert reported == [pytest.approx(0.5 * expected[t][0][0]), expected[t][1][0]]


@pytest.mark.parametrize("on_edit", ["correct", "keep"])
def test_a_factor_that_follows_one_of_ours_scales_what_the_groups_were_given(on_edit):
    """Where the first one stopped is its own affair; what that kept is kept."""
    sgd = make_optimizer(8.0)
    first = ScheduleLR(sgd, halving, mode="factor", on_edit=on_edit)
    train(sgd, first, 2)
    sgd.param_groups[0]["lr"] *= 0.25
    train(sgd, first, 1)
    second = ScheduleLR(sgd, halving, mode="factor", on_edit="keep")
    scale = 0.25 if on_edit == "keep" else 1.0
    assert train(sgd, second, 3) == [[8.0 * scale], [4.0 * scale], [2.0 * scale]]


# What the groups were given.


@pytest.mark.parametrize("order", [order for order in ORDERS if order[0] == "b"])
@pytest.mark.parametrize("mode", ["factor", "kept edits"])
@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("on_change", ["refuse", "future", "keep"])
def test_a_program_that_gives_other_rates_is_refused_or_has_its_way(order, mode, rates, on_change):
    """It is never the old one without a word."""

    def build(sgd):
        return ScheduleLR(sgd, SAME[0], on_change=on_change, **MODES[mode])

    first = make(2, RATES[rates], 0.5)
    scheduler = ScheduleLR(first, SAME[0], **MODES[mode])
    for _ in range(4):
        step(first, scheduler)
    if on_change != "keep":
        message = r"^`initial_lr`, what a factor scales, must be 0\.5 in parameter group 0, .*, got 0\.25\. Hint: on_ch"
        with pytest.raises(ValueError, match=message):
            resumed(order, (first, scheduler), build, lambda: make(2, RATES[rates], 0.25))
        return
    again = resumed(order, (first, scheduler), build, lambda: make(2, RATES[rates], 0.25))
    for t, (held, reported) in enumerate(course(*again, 4), 4):
        assert reported == [SAME[0](t) * 0.25, SAME[0](t) * 0.5]
        assert [rate for rate, *_ in held] == [float(RATES[rates](rate)) for rate in reported]


CHAINABLE = {
    "linear": lambda sgd: LinearLR(sgd, 0.4, total_iters=3),
    "exponential": lambda sgd: ExponentialLR(sgd, 0.9),
    "step": lambda sgd: StepLR(sgd, 2, 0.5),
    "constant": lambda sgd: ConstantLR(sgd, 0.5, total_iters=4),
    "cosine": lambda sgd: CosineAnnealingLR(sgd, 20),
}


@pytest.mark.parametrize("before", [True, False], ids=["after it", "before it"])
@pytest.mark.parametrize("theirs", CHAINABLE)
@pytest.mark.parametrize("order", ["", *ORDERS])
def test_kept_edits_make_a_product_with_torch_s_chainable_schedulers(theirs, before, order):
    """On either side, and after loading."""

    def build(sgd):
        ours = lambda: ScheduleLR(sgd, SAME[1], mode="factor", on_edit="keep")  # noqa: E731
        makers = [lambda: CHAINABLE[theirs](sgd), ours] if before else [ours, lambda: CHAINABLE[theirs](sgd)]
        return ChainedScheduler([maker() for maker in makers])

    def make_one():
        return make_optimizer(0.5)

    sgd = make_one()
    alone, factor = CHAINABLE[theirs](sgd), []
    for _ in range(12):
        factor.append(rates_of(sgd)[0])
        update(sgd)
        alone.step()
    expected = [[SAME[1](t) * rate] for t, rate in enumerate(factor)]
    sgd = make_one()
    chain = build(sgd)
    seen = train(sgd, chain, 6)
    if order:
        sgd, chain = resumed(order, (sgd, chain), build, make_one)
    seen += train(sgd, chain, 6)
    assert seen == [pytest.approx(row, rel=1e-9, abs=1e-12) for row in expected]


def test_a_warmup_from_0_comes_first_in_a_chain():
    """Of a rate of 0 nobody knows what made it."""
    warmup = Linear(0.0, 1.0, steps=4)
    sgd = make_optimizer()
    chain = ChainedScheduler([*factors(sgd, warmup), ExponentialLR(sgd, 0.5)])
    assert train(sgd, chain, 7) == [[warmup(t) * 0.5**t] for t in range(7)]


# What cannot be loaded.

BAD = {
    "no mapping": lambda state: [*state.items()],
    **{
        f"no {key}": lambda state, key=key: {k: v for k, v in state.items() if k != key}
        for key in ("last_epoch", "_step_count", "_last_lr")
    },
    **{
        f"{key} {value!r}": lambda state, key=key, value=value: {**state, key: value}
        for key, values in {
            "last_epoch": ["5", math.nan, -7, 2.5, None, True, [3]],
            "_step_count": ["5", math.nan, -1, None],
            "_last_lr": [0.1, "0.1", None, [math.nan], [-0.1], ["0.1"], [None], [math.inf], [], [0.1, 0.1]],
            "edited": [5, [["lr"]], [["lr", [math.nan]]], [["lr", [0.1, 0.1]]]],
            "own": [5, [[1, [0.1]]], [["lr", [0.1, 0.1]]]],
            "scales": [0.1, [math.nan], [1.0, 1.0], [-1.0]],
        }.items()
        for value in values
    },
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("mode", MODES)
def test_a_bad_state_is_refused_by_name_and_changes_nothing(bad, mode):
    first = make_optimizer()
    scheduler = ScheduleLR(first, SAME[0], **MODES[mode])
    train(first, scheduler, 5)
    state = BAD[bad](through_a_file(scheduler.state_dict()))
    sgd = make_optimizer()
    scheduler = ScheduleLR(sgd, SAME[0], on_change="keep", **MODES[mode])
    train(sgd, scheduler, 2)
    before = scheduler.state_dict(), snapshot_of(sgd)
    with pytest.raises((TypeError, ValueError), match=r"^`state_dict(\[[^`]*)?` must "):
        scheduler.load_state_dict(state)
    assert (scheduler.state_dict(), snapshot_of(sgd)) == before


def snapshot_of(sgd):
    return [{key: value for key, value in group.items() if key != "params"} for group in sgd.param_groups]


def test_the_state_of_another_number_of_groups_is_refused_with_both_numbers():
    first, second = make_optimizer(1.0, 1.0), make_optimizer()
    state = ScheduleLR(first, SAME[0]).state_dict()
    message = (
        r"^`state_dict\['_last_lr'\]` must be one number for each of the 1 parameter groups, got 2: \[0\.05, 0\.05\]\.$"
    )
    with pytest.raises(ValueError, match=message):
        ScheduleLR(second, SAME[0]).load_state_dict(state)


@pytest.mark.parametrize("bad", [math.nan, -1.0])
def test_a_schedule_that_fails_at_the_loaded_time_changes_nothing(bad):
    first = make_optimizer()
    scheduler = ScheduleLR(first, halving)
    train(first, scheduler, 5)
    sgd = make_optimizer()
    second = ScheduleLR(sgd, lambda t: bad if t == 5 else 0.5)
    before = second.state_dict(), rates_of(sgd)
    with pytest.raises(ValueError, match=r"^`schedule` must give a finite rate >= 0, got (nan|-1\.0) at t=5\.$"):
        second.load_state_dict(scheduler.state_dict())
    assert (second.state_dict(), rates_of(sgd)) == before


@pytest.mark.parametrize("change", ["reverse", "exchange"])
def test_what_is_reported_is_what_the_groups_hold_when_they_have_changed(change):
    sgd = torch.optim.SGD([{"params": [torch.nn.Parameter(torch.zeros(1))]} for _ in range(2)], lr=0.5)
    scheduler = ScheduleLR(sgd, [Linear(0.5, steps=4), Linear(0.25, steps=4)])
    if change == "reverse":
        sgd.param_groups.reverse()
    else:  # one leaves and one joins: as many as before
        del sgd.param_groups[0]
        sgd.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 0.125})
    assert scheduler.get_last_lr() == rates_of(sgd) == scheduler.state_dict()["_last_lr"]


@pytest.mark.parametrize("kind", [torch.optim.Rprop, torch.optim.ASGD])
def test_an_optimizer_that_uses_other_rates_is_said(kind):
    weight = torch.nn.Parameter(torch.zeros(1))
    with pytest.warns(UserWarning, match=rf"^{kind.__name__} (takes its rate for the first|uses each rate one update)"):
        scheduler = ScheduleLR(kind([weight], lr=0.5), Linear(0.5, steps=4))
    used, before = [], 0.0
    for _ in range(3):
        weight.grad = torch.ones(1)
        scheduler.optimizer.step()
        scheduler.step()
        used.append(round(before - weight.item(), 2))
        before = weight.item()
    assert used == ([0.5, 0.6, 0.72] if kind is torch.optim.Rprop else [0.5, 0.5, 0.37])


# Rates that are kept as whole numbers, or as what rates do not fit in.


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64, torch.uint8, torch.float16])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("option", ["lr", "momentum"])
def test_a_tensor_of_whole_numbers_is_refused(dtype, mode, option):
    """It would cut every rate off to 0; float16 the small ones."""
    sgd = make_optimizer()
    sgd.param_groups[0][option] = torch.tensor(1, dtype=dtype)
    message = (
        rf"^`{option}` of a parameter group must be .* got one of {dtype} in group 0\. Hint: torch\.tensor\(1\.0\)\.$"
    )
    with pytest.raises(TypeError, match=message):
        ScheduleLR(sgd, {option: SAME[0]}, **MODES[mode])
    assert "initial_lr" not in sgd.param_groups[0]


def test_a_tensor_of_whole_numbers_that_comes_later_is_refused_too():
    sgd = make_optimizer()
    scheduler = ScheduleLR(sgd, SAME[0])
    sgd.param_groups[0]["lr"] = torch.tensor(1)
    with pytest.raises(TypeError, match=r"^`lr` of a parameter group must be a number or a tensor of floats"):
        scheduler._update_lr()
