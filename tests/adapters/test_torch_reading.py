"""A live torch scheduler, read at any step, gives the rates that it has used and those that it goes on to use."""

from functools import partial

import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, Polynomial, Sequence
from lrsched_core.compat import torch as compat

torch = pytest.importorskip("torch")

from lrsched_torch import ScheduleLR, from_torch

lr_scheduler = torch.optim.lr_scheduler
UPDATES = 60


def optimizer(*rates):
    """An optimizer with a parameter group for each rate."""
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    return torch.optim.SGD(groups, lr=0.1, momentum=0.9)


def rates(sgd):
    return [float(group["lr"]) for group in sgd.param_groups]


def run(sgd, scheduler, updates):
    """The rates of so many updates; the next one has its rate already."""
    rows = []
    for _ in range(updates):
        rows.append(rates(sgd))
        sgd.step()
        scheduler.step()
    return rows


def values(schedules, times):
    return [[schedule(t) for schedule in schedules] for t in times]


def assert_close(ours, theirs):
    """Equal up to the rounding of torch's recursions, near 0 up to that of the largest rate."""
    assert len(ours) == len(theirs)
    for t, (row, expected) in enumerate(zip(ours, theirs, strict=True)):
        assert row == pytest.approx(expected, rel=1e-11, abs=1e-15), t


def momenta(sgd):
    return [group["betas"][0] if "betas" in group else group["momentum"] for group in sgd.param_groups]


def rates_read(scheduler):
    """What is read of the rates alone."""
    read = from_torch(scheduler)
    return read["lr"] if isinstance(read, dict) else read


def assert_read(build, *, own=(0.5,), steps=(0, 1, 7, 20, 33), updates=UPDATES):
    """Read at each of the steps, the schedules give the rates of all updates, before and after."""
    for n in steps:
        sgd = optimizer(*own)
        scheduler = build(sgd)
        before = run(sgd, scheduler, n)
        schedules = rates_read(scheduler)
        assert_close(values(schedules, range(updates)), before + run(sgd, scheduler, updates - n))


def sequential(*parts, milestones):
    return lambda sgd: lr_scheduler.SequentialLR(sgd, [part(sgd) for part in parts], milestones)


def chained(*parts):
    return lambda sgd: lr_scheduler.ChainedScheduler([part(sgd) for part in parts])


def scheduler_of(name, **arguments):
    return lambda sgd: getattr(lr_scheduler, name)(sgd, **arguments)


LINEAR = scheduler_of("LinearLR", start_factor=0.25, total_iters=5)
CONSTANT = scheduler_of("ConstantLR", factor=0.5, total_iters=4)
STEP = scheduler_of("StepLR", step_size=7, gamma=0.5)
MULTI_STEP = scheduler_of("MultiStepLR", milestones=[3, 3, 20, 11], gamma=0.5)
EXPONENTIAL = scheduler_of("ExponentialLR", gamma=0.9)
POLYNOMIAL = scheduler_of("PolynomialLR", total_iters=20, power=1.5)
COSINE = scheduler_of("CosineAnnealingLR", T_max=20, eta_min=0.01)
RESTARTS = scheduler_of("CosineAnnealingWarmRestarts", T_0=7, T_mult=2, eta_min=0.01)

MULTIPLYING = {
    "step": STEP,
    "multi step": MULTI_STEP,
    "constant": CONSTANT,
    "constant for ever": scheduler_of("ConstantLR", factor=0.5, total_iters=0),
    "linear": LINEAR,
    "linear down to 0": scheduler_of("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=30),
    "exponential": EXPONENTIAL,
    "polynomial": POLYNOMIAL,
}
OTHERS = {
    "cosine": COSINE,
    "cosine up": scheduler_of("CosineAnnealingLR", T_max=7, eta_min=0.9),
    "cosine of fractions": scheduler_of("CosineAnnealingLR", T_max=7.5),
    "restarts": RESTARTS,
    "equal restarts": scheduler_of("CosineAnnealingWarmRestarts", T_0=7),
    "triangles": scheduler_of("CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=6, step_size_down=9),
    "lower triangles": scheduler_of("CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=6, mode="triangular2"),
    "falling triangles": scheduler_of(
        "CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=3, mode="exp_range", gamma=0.95, cycle_momentum=False
    ),
    "triangles of a function": scheduler_of(
        "CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=6, scale_fn=lambda x: 1 / x, scale_mode="cycle"
    ),
    "one cycle": scheduler_of("OneCycleLR", max_lr=0.7, total_steps=UPDATES),
    "one cycle of lines": scheduler_of("OneCycleLR", max_lr=0.7, total_steps=UPDATES, anneal_strategy="linear"),
    "one cycle of three phases": scheduler_of("OneCycleLR", max_lr=0.7, total_steps=UPDATES, three_phase=True),
}
SEQUENCES = {
    "warmup and decay": sequential(LINEAR, EXPONENTIAL, milestones=[5]),
    "three": sequential(CONSTANT, COSINE, POLYNOMIAL, milestones=[7, 33]),
    "no first": sequential(CONSTANT, STEP, milestones=[0]),
    "steps twice": sequential(STEP, MULTI_STEP, milestones=[20]),
    "restarts and triangles": sequential(RESTARTS, OTHERS["triangles"], milestones=[18]),
    "our own": sequential(LINEAR, lambda sgd: ScheduleLR(sgd, Cosine(0.5, steps=9)), milestones=[7]),
}
PRODUCTS = {
    "one": chained(STEP),
    "two": chained(LINEAR, EXPONENTIAL),
    "four": chained(CONSTANT, MULTI_STEP, POLYNOMIAL, STEP),
    "warmup and cosine": chained(LINEAR, scheduler_of("CosineAnnealingLR", T_max=20)),
    "cosine and steps": chained(
        scheduler_of("CosineAnnealingLR", T_max=20), scheduler_of("MultiStepLR", milestones=[5, 11], gamma=0.5)
    ),
    "cosine and steps up to its end": chained(MULTI_STEP, scheduler_of("CosineAnnealingLR", T_max=20)),
    "cosine without growth": chained(
        scheduler_of("CosineAnnealingLR", T_max=20), scheduler_of("ExponentialLR", gamma=1.0), MULTI_STEP, CONSTANT
    ),
    "cosine down to nothing": chained(POLYNOMIAL, scheduler_of("CosineAnnealingLR", T_max=20)),
}
EVERY = MULTIPLYING | OTHERS | SEQUENCES | PRODUCTS


@pytest.mark.parametrize("build", EVERY.values(), ids=EVERY)
def test_a_scheduler_is_read_at_any_step(build):
    if build is SEQUENCES["no first"] and build(optimizer(0.5))._schedulers[1].last_epoch == -1:
        pytest.skip("PyTorch 2.9 begins a sequence whose first part has no steps one step too early, which is refused")
    assert_read(build)


@pytest.mark.parametrize("build", [*MULTIPLYING.values(), COSINE, RESTARTS, SEQUENCES["three"], PRODUCTS["two"]])
def test_there_is_a_schedule_for_each_group(build):
    assert_read(build, own=(0.5, 0.2, 0.8))


def test_what_is_read_looks_as_it_would_be_written():
    sgd = optimizer(0.5, 0.2)
    scheduler = STEP(sgd)
    run(sgd, scheduler, 10)
    assert from_torch(scheduler) == [Factor(0.5, 0.5, every=7), Factor(0.2, 0.5, every=7)]
    sgd = optimizer(0.5)
    warmup_and_decay = sequential(LINEAR, POLYNOMIAL, milestones=[5])(sgd)
    run(sgd, warmup_and_decay, 9)
    [schedule] = from_torch(warmup_and_decay)
    assert schedule == Sequence((Linear(0.125, 0.5, steps=5), Polynomial(0.5, steps=20, power=1.5)), milestones=(5,))


def test_the_schedules_take_over_where_the_scheduler_stands():
    sgd = optimizer(0.5, 0.2)
    scheduler = SEQUENCES["three"](sgd)
    run(sgd, scheduler, 12)
    ours = ScheduleLR(sgd, from_torch(scheduler), last_epoch=scheduler.last_epoch - 1)
    replaced = run(sgd, ours, 20)
    sgd = optimizer(0.5, 0.2)
    assert_close(replaced, run(sgd, SEQUENCES["three"](sgd), 32)[12:])


def test_a_scheduler_is_read_after_a_resume():
    sgd = optimizer(0.5)
    scheduler = SEQUENCES["three"](sgd)
    before = run(sgd, scheduler, 12)
    again = optimizer(0.5)
    resumed = SEQUENCES["three"](again)
    resumed.load_state_dict(scheduler.state_dict())
    again.load_state_dict(sgd.state_dict())
    assert_close(values(from_torch(resumed), range(UPDATES)), before + run(again, resumed, UPDATES - 12))


def test_a_tensor_as_a_rate_is_read_as_the_number_that_it_holds():
    sgd = optimizer(torch.tensor(0.5))
    scheduler = EXPONENTIAL(sgd)
    run(sgd, scheduler, 30)
    assert from_torch(scheduler) == [Factor(0.5, 0.9)]


# Rates that somebody else has set


@pytest.mark.parametrize("build", [*MULTIPLYING.values(), PRODUCTS["two"], COSINE], ids=[*MULTIPLYING, "two", "cosine"])
@pytest.mark.parametrize("n", [0, 7, 15, 33])
def test_a_rate_that_was_changed_since_the_last_step_is_respected_from_there_on(build, n):
    sgd = optimizer(0.5)
    scheduler = build(sgd)
    before = run(sgd, scheduler, n)
    sgd.param_groups[0]["lr"] = 0.3
    schedules = from_torch(scheduler)
    assert_close(values(schedules, range(UPDATES)), before + run(sgd, scheduler, UPDATES - n))


@pytest.mark.parametrize("build", [*MULTIPLYING.values(), PRODUCTS["two"], COSINE], ids=[*MULTIPLYING, "two", "cosine"])
@pytest.mark.parametrize("n", [0, 7, 15])
def test_an_optimizer_that_was_left_at_another_rate_goes_on_from_that(build, n):
    """A second scheduler takes the first one's `initial_lr` for the group's own rate."""
    sgd = optimizer(0.5)
    lr_scheduler.ConstantLR(sgd, factor=0.5, total_iters=10**9)
    scheduler = build(sgd)
    before = run(sgd, scheduler, n)
    assert_close(values(from_torch(scheduler), range(UPDATES)), before + run(sgd, scheduler, UPDATES - n))


@pytest.mark.parametrize("build", [RESTARTS, OTHERS["triangles"], OTHERS["one cycle"]])
def test_a_rate_that_the_scheduler_will_overwrite_is_left_out(build):
    sgd = optimizer(0.5)
    scheduler = build(sgd)
    run(sgd, scheduler, 7)
    untouched = from_torch(scheduler)
    sgd.param_groups[0]["lr"] = 0.3
    assert from_torch(scheduler) == untouched


def test_a_cosine_that_was_changed_rises_to_its_own_height_again():
    sgd = optimizer(0.5)
    scheduler = scheduler_of("CosineAnnealingLR", T_max=4)(sgd)
    run(sgd, scheduler, 2)
    sgd.param_groups[0]["lr"] = 0.1
    [schedule] = from_torch(scheduler)
    assert [schedule(t) for t in (0, 2, 4, 8)] == pytest.approx([0.5, 0.1, 0.0, 0.5])


@pytest.mark.parametrize(("n", "rate"), [(4, 0.1), (2, 0.001)])
def test_a_cosine_that_was_changed_at_its_turn_or_below_its_floor_is_refused(n, rate):
    sgd = optimizer(0.5)
    scheduler = scheduler_of("CosineAnnealingLR", T_max=4, eta_min=0.01)(sgd)
    run(sgd, scheduler, n)
    sgd.param_groups[0]["lr"] = rate
    with pytest.raises(ValueError, match=rf"^`lr` of a parameter group must be what .*, got {rate} at t={n}, "):
        from_torch(scheduler)


# Averaging


@pytest.mark.parametrize("strategy", ["cos", "linear"])
@pytest.mark.parametrize("n", [0, 1, 5, 9])
def test_an_annealing_to_the_rate_of_averaging_is_read_while_it_lasts(strategy, n):
    sgd = optimizer(0.5, 0.2)
    lr_scheduler.ConstantLR(sgd, factor=0.5, total_iters=10**9)
    scheduler = torch.optim.swa_utils.SWALR(sgd, swa_lr=[0.05, 0.01], anneal_epochs=10, anneal_strategy=strategy)
    before = run(sgd, scheduler, n)
    assert_close(values(from_torch(scheduler), range(20)), before + run(sgd, scheduler, 20 - n))


@pytest.mark.parametrize("n", [3, 4, 9])
def test_an_annealing_that_is_over_is_constant(n):
    """It has lost the rate that it began with."""
    sgd = optimizer(0.5, 0.2)
    scheduler = torch.optim.swa_utils.SWALR(sgd, swa_lr=[0.05, 0.01], anneal_epochs=3)
    run(sgd, scheduler, n)
    assert from_torch(scheduler) == [Constant(0.05), Constant(0.01)]
    ours = ScheduleLR(sgd, from_torch(scheduler), last_epoch=n - 1)
    assert run(sgd, ours, 3) == [[0.05, 0.01]] * 3


# The momentum

CYCLING = {
    name: OTHERS[name]
    for name in (
        "triangles",
        "lower triangles",
        "triangles of a function",
        "one cycle",
        "one cycle of lines",
        "one cycle of three phases",
    )
} | {
    "triangles that fall": scheduler_of(
        "CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=3, mode="exp_range", gamma=0.95
    ),
    "triangles with a momentum for each group": scheduler_of(
        "CyclicLR", base_lr=0.1, max_lr=0.6, step_size_up=6, base_momentum=[0.5, 0.6], max_momentum=[0.7, 0.9]
    ),
    "first of a sequence": sequential(OTHERS["triangles"], STEP, milestones=[18]),
    "last of a sequence": sequential(STEP, OTHERS["triangles"], milestones=[18]),
    "in a sequence": sequential(STEP, OTHERS["triangles"], EXPONENTIAL, milestones=[5, 18]),
    "in a chain": chained(OTHERS["triangles"]),
    "our own": lambda sgd: ours(sgd, Linear(0.5, steps=50), Cosine(0.9, 0.5, steps=40)),
    "our own, scaled": lambda sgd: ours(sgd, Linear(1.0, steps=50), Cosine(1.0, 0.5, steps=40), mode="factor"),
}


def ours(sgd, rate, momentum, **options):
    name = "momentum" if "momentum" in sgd.defaults else "betas[0]"
    return ScheduleLR(sgd, {"lr": rate, name: momentum}, **options)


@pytest.mark.parametrize("build", CYCLING.values(), ids=CYCLING)
@pytest.mark.parametrize("n", [0, 1, 7, 20, 33])
@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam])
def test_the_momentum_that_is_cycled_is_read_and_taken_over(build, n, kind):
    """As torch sets it, to the end of the run; without momentum, the first number of the pair."""
    name = "momentum" if kind is torch.optim.SGD else "betas[0]"

    def start():
        groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in (0.5, 0.5)]
        sgd = kind(groups, **({"momentum": 0.8} if kind is torch.optim.SGD else {"betas": (0.8, 0.99)}))
        return sgd, build(sgd)

    def seen(sgd, scheduler, updates):
        rows = []
        for _ in range(updates):
            rows.append((rates(sgd), momenta(sgd)))
            sgd.step()
            scheduler.step()
        return rows

    sgd, scheduler = start()
    before = seen(sgd, scheduler, n)
    read = from_torch(scheduler)
    assert [*read] == ["lr", name]
    taken_over = ScheduleLR(sgd, read, last_epoch=n - 1)
    rows = before + seen(sgd, taken_over, UPDATES - n)
    expected = seen(*start(), UPDATES)
    assert_close([row for row, _ in rows], [row for row, _ in expected])
    assert_close([row for _, row in rows], [row for _, row in expected])
    assert_close(values(read[name], range(UPDATES)), [row for _, row in expected])


@pytest.mark.parametrize("name", ["triangles", "one cycle"])
def test_without_a_cycled_momentum_there_are_rates_alone(name):
    arguments = {"triangles": {"base_lr": 0.1, "max_lr": 0.6}, "one cycle": {"max_lr": 0.7, "total_steps": UPDATES}}[
        name
    ]
    kind = {"triangles": "CyclicLR", "one cycle": "OneCycleLR"}[name]
    read = from_torch(scheduler_of(kind, cycle_momentum=False, **arguments)(optimizer(0.5)))
    assert isinstance(read, list)


@pytest.mark.parametrize("build", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("n", [0, 1, 7, 20])
def test_a_chain_is_taken_over_as_the_docstring_says(build, n):
    sgd = optimizer(0.5)
    scheduler = build(sgd)
    before = run(sgd, scheduler, n)
    clock = scheduler.state_dict()["_schedulers"][0]["last_epoch"]
    ours = ScheduleLR(sgd, from_torch(scheduler), last_epoch=clock - 1)
    rows = before + run(sgd, ours, UPDATES - n)
    sgd = optimizer(0.5)
    assert_close(rows, run(sgd, build(sgd), UPDATES))


# Our own


def test_our_own_scheduler_gives_its_schedules_back():
    schedule = Cosine(0.5, steps=9)
    assert from_torch(ScheduleLR(optimizer(0.5, 0.5), schedule)) == [schedule, schedule]
    parts = [schedule, Constant(0.1)]
    assert from_torch(ScheduleLR(optimizer(0.5, 0.2), parts)) == parts
    factor = ScheduleLR(optimizer(0.5, 0.2), Cosine(1.0, steps=9), mode="factor")
    assert from_torch(factor) == [0.5 * Cosine(1.0, steps=9), 0.2 * Cosine(1.0, steps=9)]


def test_a_schedule_as_the_function_of_a_factor_is_read():
    build = scheduler_of("LambdaLR", lr_lambda=Cosine(1.0, 0.1, steps=20))
    assert_read(build, own=(0.5, 0.2))


# What is refused


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (scheduler_of("LambdaLR", lr_lambda=lambda t: 0.9), "must not be made from a function .* got LambdaLR. Hint: "),
        (scheduler_of("MultiplicativeLR", lr_lambda=lambda t: 0.9), "must not be made .* got MultiplicativeLR. Hint: "),
        (
            lambda sgd: type("Own", (torch.optim.lr_scheduler.ReduceLROnPlateau,), {})(sgd),
            "must be a function of time, got Own, which reacts",
        ),
        (lambda sgd: sgd, "must be one of torch's own classes, or a ScheduleLR, got SGD. Hint: "),
    ],
)
def test_what_is_no_function_of_time_that_can_be_read_is_refused(build, message):
    with pytest.raises(TypeError, match=f"^`scheduler` {message}"):
        from_torch(build(optimizer(0.5)))


def test_a_subclass_is_refused():
    class Half(lr_scheduler.StepLR):
        def get_lr(self):
            return [lr / 2 for lr in super().get_lr()]

    with pytest.raises(TypeError, match=r"must be one of torch's own classes, .* got Half"):
        from_torch(Half(optimizer(0.5), 3))


def test_our_own_scheduler_around_a_function_is_refused():
    with pytest.raises(TypeError, match=r"^`schedule` of a ScheduleLR must be a schedule, got .* Hint: .*Function"):
        from_torch(ScheduleLR(optimizer(0.5), lambda t: 0.1))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (chained(EXPONENTIAL, RESTARTS), "ExponentialLR, CosineAnnealingWarmRestarts, not all of which multiply"),
        (chained(STEP, SEQUENCES["three"]), "StepLR, SequentialLR, not all"),
        (chained(COSINE, STEP), "a CosineAnnealingLR of `eta_min`=0.01 and `T_max`=20"),
        (chained(OTHERS["cosine of fractions"], STEP), "a CosineAnnealingLR of `eta_min`=0.0 and `T_max`=7.5"),
        (chained(EXPONENTIAL, scheduler_of("CosineAnnealingLR", T_max=20)), "not yet constant when CosineAnnealingLR"),
        (chained(MULTI_STEP, scheduler_of("CosineAnnealingLR", T_max=19)), "not yet constant when CosineAnnealingLR"),
        (chained(LINEAR, scheduler_of("CosineAnnealingLR", T_max=4)), "not yet constant when CosineAnnealingLR"),
        (
            chained(scheduler_of("CosineAnnealingLR", T_max=20), scheduler_of("CosineAnnealingLR", T_max=20)),
            "CosineAnnealingLR, CosineAnnealingLR, not all",
        ),
    ],
)
def test_a_chain_that_is_no_product_is_refused(build, message):
    with pytest.raises(ValueError, match=f"^`scheduler` must be a ChainedScheduler that is a product, got .*{message}"):
        from_torch(build(optimizer(0.5)))


def test_a_chain_whose_schedulers_have_run_apart_is_refused():
    sgd = optimizer(0.5)
    first, second = STEP(sgd), EXPONENTIAL(sgd)
    sgd.step()
    first.step()
    with pytest.raises(ValueError, match=r"schedulers stand at different steps, \[1, 0\]"):
        from_torch(lr_scheduler.ChainedScheduler([first, second]))


def test_a_chain_at_0_whose_rate_was_changed_is_refused():
    sgd = optimizer(0.5)
    scheduler = chained(POLYNOMIAL, EXPONENTIAL)(sgd)
    run(sgd, scheduler, 25)
    assert from_torch(scheduler) == [Polynomial(0.5, steps=20, power=1.5) * Factor(1.0, 0.9)]
    sgd.param_groups[0]["lr"] = 0.3
    with pytest.raises(ValueError, match=r"a product, got one that has come down to 0, .* another rate at t=25"):
        from_torch(scheduler)


def test_a_chain_with_a_cosine_whose_rate_was_changed_is_refused():
    sgd = optimizer(0.5)
    scheduler = PRODUCTS["warmup and cosine"](sgd)
    run(sgd, scheduler, 3)
    sgd.param_groups[0]["lr"] = 0.3
    with pytest.raises(ValueError, match=r"^`lr` of a parameter group must be what the ChainedScheduler makes"):
        from_torch(scheduler)


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step")  # torch's own mark of the fault
@pytest.mark.parametrize("part", [chained(STEP), sequential(LINEAR, STEP, milestones=[3])])
def test_a_sequence_that_begins_with_a_composition_is_refused(part):
    with pytest.raises(
        ValueError, match=r"^`scheduler` must not be a SequentialLR with a .* inside, which torch begins"
    ):
        from_torch(sequential(part, EXPONENTIAL, milestones=[9])(optimizer(0.5)))


@pytest.mark.parametrize("name", ["ConstantLR", "LinearLR", "PolynomialLR"])
def test_no_time_at_all_behind_a_milestone_is_refused(name):
    build = sequential(LINEAR, scheduler_of(name, total_iters=0), milestones=[9])
    with pytest.raises(ValueError, match=f"^`total_iters` of a {name} that begins at a milestone must be > 0, got 0"):
        from_torch(build(optimizer(0.5)))


@pytest.mark.parametrize("part", [LINEAR, COSINE])
@pytest.mark.parametrize("n", [0, 3, 9])
def test_a_sequence_whose_beginning_a_one_cycle_has_spoilt_is_refused(part, n):
    sgd = optimizer(0.5)
    scheduler = sequential(part, OTHERS["one cycle"], milestones=[5])(sgd)
    run(sgd, scheduler, n)
    assert rates(optimizer(0.5)) != rates(sgd)
    with pytest.raises(ValueError, match=r"^`initial_lr` of a parameter group must be 0.5, .*, got 0.02"):
        from_torch(scheduler)


def test_a_decay_that_has_missed_0_by_a_rounding_is_at_0():
    sgd = optimizer(0.5)
    scheduler = scheduler_of("LinearLR", start_factor=0.1, end_factor=0.0, total_iters=7)(sgd)
    run(sgd, scheduler, 10)
    assert sgd.param_groups[0]["lr"] < 0
    assert from_torch(scheduler) == [Linear(0.05, 0.0, steps=7)]


def test_a_sequence_that_torch_has_resumed_at_the_wrong_place_is_refused():
    sgd = optimizer(0.5)
    parts = [LINEAR(sgd), EXPONENTIAL(sgd)]
    scheduler = lr_scheduler.SequentialLR(sgd, parts, [5], last_epoch=9)
    with pytest.raises(ValueError, match=r"must stand where 10 steps lead to, got a SequentialLR whose .* number 1 st"):
        from_torch(scheduler)


def test_restarts_that_torch_has_resumed_at_the_wrong_place_are_refused():
    sgd = optimizer(0.5)
    RESTARTS(sgd)
    scheduler = lr_scheduler.CosineAnnealingWarmRestarts(sgd, T_0=7, T_mult=2, last_epoch=29)
    with pytest.raises(ValueError, match="must stand where 30 steps lead to, got `T_cur`=2 in a cycle of 14"):
        from_torch(scheduler)


@pytest.mark.parametrize(("steps", "met"), [(10, True), (7, False), (3, False)])
def test_the_peak_of_a_cycle_is_met_where_a_whole_number_of_updates_rises(steps, met):
    """The constructor of the same name says so, of torch and of itself."""
    sgd = optimizer(0.5)
    scheduler = lr_scheduler.OneCycleLR(sgd, 0.5, total_steps=steps)
    theirs = [rate for [rate] in run(sgd, scheduler, steps)]
    ours = compat.OneCycleLR(0.5, total_steps=steps)
    assert [*map(ours, range(steps))] == pytest.approx(theirs)
    assert (max(theirs) == 0.5, max(map(ours, range(steps))) == 0.5) == (met, met)
    assert (theirs[1] > theirs[0]) == (steps * 0.3 >= 1)


def test_torch_leaves_out_the_smallest_changes_of_a_rate():
    sgd = optimizer(1e-7)
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, factor=0.5, patience=0)
    rule = compat.ReduceLROnPlateau(1e-7, factor=0.5, patience=0)
    state = rule.start()
    for _ in range(12):
        scheduler.step(1.0)
        state = rule.update(state, 1.0)
    assert (1e-8 < rates(sgd)[0] < 2e-8, 1e-7 * state.scale) == (True, 1e-7 * 0.5**11)


def test_a_group_that_the_scheduler_does_not_know_is_refused():
    sgd = optimizer(0.5)
    scheduler = STEP(sgd)
    sgd.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))]})
    with pytest.raises(ValueError, match="must know each of the 2 parameter groups, got one that was made for 1"):
        from_torch(scheduler)


# What transformers makes of a name

TRANSFORMERS = {
    "constant": {},
    "constant_with_warmup": {},
    "linear": {},
    "cosine": {},
    "cosine_with_restarts": {"num_cycles": 3},
    "polynomial": {"lr_end": 0.001, "power": 2.0},
    "inverse_sqrt": {},
    "inverse_sqrt of a timescale": {"timescale": 20},
    "cosine_with_min_lr": {"min_lr": 0.01},
    "cosine_with_min_lr of two waves": {"min_lr_rate": 0.1, "num_cycles": 2},
    "cosine_warmup_with_min_lr": {"min_lr_rate": 0.1},
    "cosine_warmup_with_min_lr from a rate": {"min_lr_rate": 0.1, "warmup_lr_rate": 0.2},
    "warmup_stable_decay": {"num_decay_steps": 10},
    "warmup_stable_decay of roots": {
        "num_decay_steps": 10,
        "num_stable_steps": 7,
        "min_lr_ratio": 0.1,
        "warmup_type": "1-sqrt",
        "decay_type": "1-sqrt",
    },
    "warmup_stable_decay without time": {"num_decay_steps": 40},
}


def made_by_transformers(name):
    """The scheduler of a name, which takes 5 steps to warm up and 40 in all."""
    get_scheduler = pytest.importorskip("transformers.optimization").get_scheduler
    kind, given = name.partition(" ")[0], TRANSFORMERS[name]
    total = None if "num_stable_steps" in given else 40
    return lambda sgd: get_scheduler(
        kind, sgd, num_warmup_steps=5, num_training_steps=total, scheduler_specific_kwargs=given
    )


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_a_scheduler_of_transformers_is_read_at_any_step(name):
    assert_read(made_by_transformers(name), own=(0.1, 0.5), steps=(0, 3, 20, 45))


def test_what_is_read_of_transformers_looks_as_it_would_be_written():
    first, second = from_torch(made_by_transformers("linear")(optimizer(0.1, 0.5)))
    assert first == Linear(0.1, steps=35).with_warmup(5)
    assert second == Linear(0.5, steps=35).with_warmup(5)


def test_a_function_of_transformers_that_is_not_known_is_refused():
    get_scheduler = pytest.importorskip("transformers.optimization").get_scheduler
    scheduler = lr_scheduler.LambdaLR(optimizer(0.1), lambda t: 1.0)
    scheduler.lr_lambdas = [partial(get_scheduler, "linear")]
    with pytest.raises(TypeError, match=r"must not be made from a function .* got LambdaLR"):
        from_torch(scheduler)
