"""`ScheduleLR` in real training: update n of an optimizer uses the rate `schedule(n - 1)`."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest

from cases import every_schedule
from lrsched_core import Cosine, Linear

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import (  # only where torch is installed
    ChainedScheduler,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    SequentialLR,
)
from torch.optim.swa_utils import SWALR  # as above

from lrsched_torch import ScheduleLR  # as above
from torch_training import (  # as above
    add_group,
    halving,
    make_optimizer,
    quarter_halving,
    rates_of,
    through_a_file,
    train,
    update,
)


@every_schedule
def test_the_nth_update_moves_the_weight_by_the_schedule_at_n_minus_1(schedule):
    """Past the end of the schedule, too."""
    optimizer = make_optimizer()
    moves = train(optimizer, ScheduleLR(optimizer, schedule), 14)
    assert moves == [[schedule(n - 1)] for n in range(1, 15)]


def test_float32_weights_move_by_the_schedule_rounded_once():
    """The rate stays a float64 until torch applies it."""
    schedule = Cosine(0.3, 0.01, steps=8)
    optimizer = make_optimizer(dtype=torch.float32)
    moves = train(optimizer, ScheduleLR(optimizer, schedule), 10)
    assert moves == [[float(np.float32(schedule(t)))] for t in range(10)]


def test_stepped_once_an_epoch_the_schedule_counts_epochs():
    """Every update of epoch e uses schedule(e)."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving)
    moves = []
    for _ in range(3):
        moves += [update(optimizer) for _ in range(2)]
        scheduler.step()
    assert moves == [[1.0], [1.0], [0.5], [0.5], [0.25], [0.25]]


def test_the_rate_that_the_optimizer_was_built_with_is_not_used():
    """Building the scheduler already sets schedule(0)."""
    optimizer = make_optimizer(7.0)
    scheduler = ScheduleLR(optimizer, quarter_halving)
    assert rates_of(optimizer) == scheduler.get_last_lr() == [0.25]


def test_a_schedule_works_unadapted_in_lambda_lr():
    """A schedule is a function, all that torch's own needs; it multiplies the rate, here 2."""
    schedule = Cosine(0.3, 0.01, steps=8).with_warmup(3)
    optimizer = make_optimizer(2.0)
    moves = train(optimizer, LambdaLR(optimizer, schedule), 14)
    assert moves == [[2.0 * schedule(t)] for t in range(14)]


def test_a_sequence_changed_later_changes_nothing():
    """The scheduler keeps the schedules, not the caller's list."""
    optimizer = make_optimizer(1.0, 1.0)
    schedules = [halving, quarter_halving]
    scheduler = ScheduleLR(optimizer, schedules)
    schedules.clear()
    assert train(optimizer, scheduler, 2) == [[1.0, 0.25], [0.5, 0.125]]


def test_factors_can_be_one_for_each_group():
    """Both at once: a sequence, in factor mode."""
    optimizer = make_optimizer(8.0, 2.0)
    moves = train(optimizer, ScheduleLR(optimizer, (halving, quarter_halving), mode="factor"), 2)
    assert moves == [[8.0, 0.5], [4.0, 0.25]]


def test_factor_mode_is_torch_s_lambda_lr():
    """The live original, bit for bit."""
    schedule = Cosine(1.0, 0.1, steps=8).with_warmup(3)
    ours, torchs = make_optimizer(0.3, 0.07), make_optimizer(0.3, 0.07)
    moves = train(ours, ScheduleLR(ours, schedule, mode="factor"), 14)
    assert moves == train(torchs, LambdaLR(torchs, schedule), 14)


@pytest.mark.parametrize("rate", [1.0, 0.5, None], ids=["as the others were given", "as they have now", "by default"])
def test_a_group_added_later_follows_the_schedule_from_the_next_step(rate):
    """Until then it has the rate that it came with, as with torch's own schedulers."""
    optimizer = make_optimizer()
    optimizer.defaults["lr"] = 1.0
    scheduler = ScheduleLR(optimizer, halving)
    train(optimizer, scheduler, 1)
    add_group(optimizer, **({} if rate is None else {"lr": rate}))
    assert scheduler.get_last_lr() == rates_of(optimizer)
    assert train(optimizer, scheduler, 3) == [[0.5, rate or 1.0], [0.25, 0.25], [0.125, 0.125]]


def test_a_group_added_later_with_what_somebody_else_has_set_follows_too():
    """Here another scheduler, in a chain."""
    optimizer = make_optimizer()
    chain = ChainedScheduler([ScheduleLR(optimizer, halving), ExponentialLR(optimizer, gamma=0.5)])
    train(optimizer, chain, 1)
    add_group(optimizer, lr=optimizer.param_groups[0]["lr"])
    assert train(optimizer, chain, 2) == [[0.25, 0.25], [0.125, 0.125]]


def test_a_group_added_later_with_a_rate_of_its_own_is_refused_at_the_next_step():
    """As it would have been at the beginning; nothing is set, and with the rate that is named it may go on."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving)
    train(optimizer, scheduler, 1)
    add_group(optimizer, lr=3.0)
    update(optimizer)
    message = (
        r"^`schedule` must be one for each parameter group where their own rates differ, got a single one, and group 1"
        r" has joined with 3\.0 beside 1\.0\. Hint: let it join with 1\.0 .* a list of schedules, or with mode='factor'"
    )
    for _ in range(2):
        with pytest.raises(ValueError, match=message):
            scheduler.step()
        assert (scheduler.last_epoch, rates_of(optimizer)) == (1, [0.5, 3.0])
    optimizer.param_groups[1]["lr"] = 1.0
    scheduler.step()
    assert rates_of(optimizer) == scheduler.get_last_lr() == [0.25, 0.25]


def test_a_group_in_the_place_of_a_removed_one_is_noticed():
    """Their number stays the same."""
    optimizer = make_optimizer(1.0, 1.0)
    scheduler = ScheduleLR(optimizer, halving)
    del optimizer.param_groups[0]
    add_group(optimizer, lr=3.0)
    update(optimizer)
    with pytest.raises(ValueError, match=r"group 1 has joined with 3\.0 beside 1\.0"):
        scheduler.step()


def test_the_rate_that_a_group_added_later_was_given_is_its_rate_at_that_moment():
    """In factor mode, as in torch's schedulers that multiply what they find; LambdaLR fails here."""
    moves = []
    for kind in (
        lambda sgd: ScheduleLR(sgd, Cosine(1.0, steps=8), mode="factor"),
        lambda sgd: CosineAnnealingLR(sgd, 8),
    ):
        scheduler = kind(make_optimizer(0.1))
        train(scheduler.optimizer, scheduler, 3)
        add_group(scheduler.optimizer, lr=0.005)
        moves.append([move for _, move in train(scheduler.optimizer, scheduler, 5)])
    assert moves[0] == pytest.approx(moves[1], abs=1e-15)
    assert moves[0][0] == 0.005


def test_a_group_added_later_may_say_what_it_was_given():
    """By torch's own name for that."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving, mode="factor")
    train(optimizer, scheduler, 1)
    add_group(optimizer, lr=3.0, initial_lr=8.0)
    assert train(optimizer, scheduler, 3) == [[0.5, 3.0], [0.25, 2.0], [0.125, 1.0]]


def test_a_group_that_joins_where_the_factor_is_0_is_refused():
    """No share of 0 is its rate."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, Linear(0.0, 1.0, steps=4), mode="factor")
    add_group(optimizer, lr=3.0)
    update(optimizer)
    message = (
        r"^`lr` of a parameter group that joins must be .* got 3\.0 for group 1 at t=0, where .* `initial_lr` as well"
    )
    with pytest.raises(ValueError, match=message):
        scheduler.step()
    assert (scheduler.last_epoch, rates_of(optimizer)) == (0, [0.0, 3.0])
    optimizer.param_groups[1]["initial_lr"] = 3.0
    scheduler.step()
    assert rates_of(optimizer) == [0.25, 0.75]


# The rates of the groups, the schedule, the options, and what is said of them.
ONE, TWO = (1.0,), (1.0, 1.0)
REFUSED = [
    *[
        (
            ONE,
            wrong,
            {},
            TypeError,
            "`schedule` must be a function of t, a sequence of them, or a mapping from options to",
        )
        for wrong in (0.1, None, {halving})
    ],
    (TWO, [halving, 0.1], {}, TypeError, "`schedule[1]` must be a function of t, got 0.1."),
    *[
        (
            TWO,
            [quarter_halving] * count,
            {},
            ValueError,
            f"`schedule` must have one schedule for each of the 2 parameter groups, got {count}."
            " Hint: a single schedule also covers groups added later.",
        )
        for count in (0, 1, 3)
    ],
    (
        (0.1, 0.2, 0.05),
        halving,
        {},
        ValueError,
        "`schedule` must be one for each parameter group where their own rates differ, got a single one for rates from"
        " 0.05 to 0.2. Hint: pass a list of schedules, or mode='factor' to scale each group's own rate.",
    ),
    (ONE, {}, {}, ValueError, "`schedule` must name at least one option of the parameter groups, got {}"),
    (
        ONE,
        {"lr": halving, "momentum": 0.9},
        {},
        TypeError,
        "`schedule['momentum']` must be a function of t or a sequence of them, got 0.9.",
    ),
    (TWO, {"lr": [halving, 0.9]}, {}, TypeError, "`schedule['lr'][1]` must be a function of t, got 0.9."),
    (TWO, {"lr": [halving]}, {}, ValueError, "`schedule['lr']` must have one schedule for each of the 2 parameter"),
    (ONE, halving, {"mode": "relative"}, ValueError, "`mode` must be one of 'absolute', 'factor', got 'relative'."),
    (
        ONE,
        halving,
        {"on_change": "ask"},
        ValueError,
        "`on_change` must be one of 'refuse', 'future', 'keep', got 'ask'.",
    ),
    (ONE, halving, {"mode": "factor", "on_edit": "scale"}, ValueError, "`on_edit` must be one of 'correct', 'keep'"),
    (ONE, halving, {"on_edit": "keep"}, ValueError, "`on_edit` must be 'correct' where mode='absolute'"),
    *[(ONE, halving, {"last_epoch": wrong}, TypeError, "`last_epoch` must be ") for wrong in ("3", 2.5, True)],
    (ONE, halving, {"last_epoch": -7}, ValueError, "`last_epoch` must be "),
    # Torch's own: the optimizer has not been trained.
    (ONE, halving, {"last_epoch": 2}, KeyError, "\"param 'initial_lr' is not specified"),
]


@pytest.mark.parametrize(("rates", "schedule", "options", "error", "message"), REFUSED)
def test_what_makes_no_scheduler_is_refused_and_the_optimizer_left_as_it_was(rates, schedule, options, error, message):
    optimizer = make_optimizer(*rates)
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(error) as raised:
        ScheduleLR(optimizer, schedule, **options)
    assert str(raised.value).startswith(message)
    if "last_epoch" in options and error is not KeyError:
        assert f"got {options['last_epoch']!r}." in str(raised.value)
    assert optimizer.state_dict() == before


def test_a_product_that_leaves_the_float_range_is_refused():
    """Each of the two is finite."""
    with pytest.raises(ValueError, match=r"must give a finite rate >= 0, got inf at t=0\."):
        ScheduleLR(make_optimizer(1e200), lambda t: 1e200, mode="factor")


def test_a_sequence_that_a_new_group_outgrows_is_refused_at_the_next_step():
    """Instead of leaving the new group at its rate for ever."""
    optimizer = make_optimizer(1.0, 1.0)
    scheduler = ScheduleLR(optimizer, [halving, halving])
    train(optimizer, scheduler, 1)
    add_group(optimizer, lr=3.0)
    update(optimizer)
    with pytest.raises(ValueError, match=r"got none for group 2, which was added later\. Hint: a single"):
        scheduler.step()


def test_own_rates_still_differ_after_another_scheduler_made_them_equal():
    """A group's own rate is the one that it was given, not the one of the moment."""
    optimizer = make_optimizer(0.1, 0.2)
    ScheduleLR(optimizer, [halving, halving])
    with pytest.raises(ValueError, match=r"rates from 0\.1 to 0\.2"):
        ScheduleLR(optimizer, halving)


@pytest.mark.parametrize(
    "rate",
    [np.float64(0.5), np.float32(0.5), np.array(0.5), torch.tensor(0.5), Fraction(1, 2), 2],
    ids=lambda rate: type(rate).__name__,
)
@pytest.mark.parametrize("schedule_of", [lambda f: f, lambda f: [f]], ids=["one", "list"])
def test_any_number_becomes_a_float_that_every_checkpoint_can_hold(rate, schedule_of):
    """A NumPy scalar in a group would make the optimizer's checkpoint unloadable."""
    optimizer = make_optimizer(1)
    scheduler = ScheduleLR(optimizer, schedule_of(lambda t: rate))
    scheduler.get_lr()
    assert [type(value) for value in rates_of(optimizer)] == [float]
    loaded, _ = through_a_file([optimizer.state_dict(), scheduler.state_dict()])
    assert loaded["param_groups"][0]["lr"] == rate


@pytest.mark.parametrize("bad", [math.nan, math.inf, -0.5])
@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize("schedule_of", [lambda f: f, lambda f: [f]], ids=["one", "list"])
def test_a_rate_that_is_not_finite_or_negative_is_refused(bad, mode, schedule_of):
    """Torch would train on and spoil the weights; the message names the time and the value."""
    optimizer = make_optimizer()
    schedule = schedule_of(lambda t: bad if t == 2 else 0.5)
    scheduler = ScheduleLR(optimizer, schedule, mode=mode)
    train(optimizer, scheduler, 1)
    update(optimizer)
    message = rf"^`schedule` must give a finite rate >= 0, got {bad} at t=2\.$"
    with pytest.raises(ValueError, match=message):
        scheduler.step()
    assert rates_of(optimizer) == [0.5]


def test_something_that_is_no_optimizer_is_refused():
    """Torch refuses it as well; here before its groups are looked at."""
    with pytest.raises(TypeError, match=r"^`optimizer` must be a torch optimizer, got list\.$"):
        ScheduleLR([], halving)


@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize("shape", [(), (1,)])
def test_a_tensor_rate_is_filled_in_place(mode, shape):
    """A compiled or captured step keeps reading the same tensor."""
    rate = torch.ones(shape, dtype=torch.float64)
    optimizer = make_optimizer(rate)
    scheduler = ScheduleLR(optimizer, quarter_halving, mode=mode)
    seen = []
    for _ in range(3):
        seen.append(rate.item())
        optimizer.step()
        scheduler.step()
    assert optimizer.param_groups[0]["lr"] is rate
    assert seen == [0.25, 0.125, 0.0625]


def test_tensor_and_float_rates_can_be_mixed():
    """Whichever group comes first."""
    rate = torch.tensor(1.0, dtype=torch.float64)
    optimizer = make_optimizer(1.0, rate, 1.0)
    scheduler = ScheduleLR(optimizer, halving)
    update(optimizer)
    scheduler.step()
    assert rates_of(optimizer) == [0.5, rate, 0.5]
    assert rate.item() == 0.5


def test_groups_that_share_a_tensor_get_one_each():
    """Torch hands one tensor to every group: filled in turn, all would have the last one's rate."""
    rate = torch.tensor(1.0, dtype=torch.float64)
    optimizer = make_optimizer(rate, rate, rate)
    scheduler = ScheduleLR(optimizer, [halving, quarter_halving, halving])
    assert train(optimizer, scheduler, 2) == [[1.0, 0.25, 1.0], [0.5, 0.125, 0.5]]
    assert optimizer.param_groups[0]["lr"] is rate


def test_groups_that_share_a_tensor_after_loading_get_one_each():
    """A checkpoint from before the scheduler brings the sharing back."""
    rate = torch.tensor(1.0, dtype=torch.float64)
    optimizer = make_optimizer(rate, rate)
    shared = copy.deepcopy(optimizer.state_dict())
    scheduler = ScheduleLR(optimizer, [halving, quarter_halving])
    assert shared["param_groups"][0]["lr"] is shared["param_groups"][1]["lr"]
    optimizer.load_state_dict(shared)
    assert [rate.item() for rate in rates_of(optimizer)] == [1.0, 0.25]
    update(optimizer)
    scheduler.step()
    assert [rate.item() for rate in rates_of(optimizer)] == [0.5, 0.125]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_a_group_that_takes_the_default_tensor_rate_starts_from_the_default(mode):
    """Torch gives it the tensor of the first group, with the rate of the moment in it."""
    weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
    rate = torch.tensor(8.0, dtype=torch.float64)
    optimizer = torch.optim.SGD([weight], lr=rate)
    scheduler = ScheduleLR(optimizer, halving, mode=mode)
    optimizer.step()
    scheduler.step()
    for _ in range(2):
        add_group(optimizer)
        assert optimizer.param_groups[-1]["lr"].item() == 8.0
        scheduler.step()
    # As a factor, at t = 3: the first group was given 8 at t = 0, the others at t = 1 and 2.
    assert [rate.item() for rate in rates_of(optimizer)] == ([1.0, 2.0, 4.0] if mode == "factor" else [0.125] * 3)
    assert len({id(rate) for rate in rates_of(optimizer)}) == 3
    assert optimizer.param_groups[0]["lr"] is rate


def test_it_is_a_torch_scheduler():
    """Lightning, Accelerate and ignite ask; two attribute names would make them mistake it."""
    scheduler = ScheduleLR(make_optimizer(), halving)
    assert isinstance(scheduler, LRScheduler)
    # Accelerate stops stepping at `total_steps`, SequentialLR looks for children in `_schedulers`.
    assert not hasattr(scheduler, "total_steps")
    assert not hasattr(scheduler, "_schedulers")


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_asking_for_the_rates_changes_nothing(mode):
    """Ignite asks, and moves `last_epoch` by itself."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving, mode=mode)
    assert scheduler.get_lr() == scheduler.get_lr() == [1.0]
    scheduler.last_epoch += 3
    assert scheduler.get_lr() == scheduler._get_closed_form_lr() == [0.125]
    assert rates_of(optimizer) == scheduler.get_last_lr() == [1.0]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize("schedule", [halving, (halving, quarter_halving)], ids=["one", "list"])
def test_the_quick_way_sets_what_torch_s_own_way_would(mode, schedule, monkeypatch):
    """The scheduler replaces an inner hook of torch's; without it, torch asks `get_lr`."""

    def rates():
        optimizer = make_optimizer(2.0, torch.tensor(2.0, dtype=torch.float64))
        scheduler = ScheduleLR(optimizer, schedule, mode=mode)
        seen = []
        for _ in range(4):
            seen.append((list(map(float, rates_of(optimizer))), scheduler.get_last_lr()))
            optimizer.step()
            scheduler.step()
        return seen

    quick = rates()
    monkeypatch.delattr(ScheduleLR, "_update_lr")
    assert rates() == quick


def test_a_subclass_may_say_what_the_rates_are():
    """Its `get_lr` is what counts, as in torch."""

    class Doubled(ScheduleLR):
        def get_lr(self):
            return [2.0 * rate for rate in super().get_lr()]

    optimizer = make_optimizer()
    assert train(optimizer, Doubled(optimizer, halving), 3) == [[2.0], [1.0], [0.5]]


def test_stepping_before_the_optimizer_draws_torch_s_warning():
    """Once; the right order draws none, or every other test here would fail."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving)
    with pytest.warns(UserWarning, match=r"`lr_scheduler\.step\(\)` before `optimizer\.step\(\)`"):
        scheduler.step()
    scheduler.step()


def test_an_overridden_optimizer_step_draws_torch_s_warning():
    """The other thing that torch checks at the first step."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving)
    optimizer.step = lambda: None
    with pytest.warns(UserWarning, match=r"`optimizer\.step\(\)` has been overridden"):
        scheduler.step()


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_jumping_to_a_time_uses_the_rate_there(mode):
    """Forwards and back; torch warns that it would rather not."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, halving, mode=mode)
    optimizer.step()
    for t in (5, 2):
        with pytest.warns(UserWarning, match="epoch parameter"):
            scheduler.step(t)
        assert (rates_of(optimizer), scheduler.last_epoch) == ([0.5**t], t)
    assert train(optimizer, scheduler, 2) == [[0.25], [0.125]]


@pytest.mark.parametrize(
    ("epoch", "error"),
    [
        (2.5, ValueError),
        (3.0, ValueError),
        (-1, ValueError),
        (math.nan, ValueError),
        (True, TypeError),
        ("3", TypeError),
        (torch.tensor(2.5), TypeError),
    ],
)
def test_a_jump_that_a_state_could_not_tell_is_refused(epoch, error):
    """Torch counts in whole numbers; a fraction was taken once, and its state then refused."""
    scheduler = ScheduleLR(make_optimizer(), halving)
    scheduler.optimizer.step()
    with (
        pytest.warns(UserWarning, match="epoch parameter"),
        pytest.raises(error, match=r"^`epoch` must be a whole number >= 0, got "),
    ):
        scheduler.step(epoch)
    assert (scheduler.last_epoch, rates_of(scheduler.optimizer)) == (0, [1.0])


def test_a_jump_to_a_number_of_another_library_is_one_to_a_plain_one():
    scheduler = ScheduleLR(make_optimizer(), halving)
    scheduler.optimizer.step()
    with pytest.warns(UserWarning, match="epoch parameter"):
        scheduler.step(torch.tensor(3))
    assert (type(scheduler.last_epoch), scheduler.last_epoch, rates_of(scheduler.optimizer)) == (int, 3, [0.125])


def test_last_epoch_continues_after_the_last_time_that_was_used():
    """As in torch: on an optimizer that was trained before."""
    optimizer = make_optimizer()
    train(optimizer, ScheduleLR(optimizer, halving), 3)
    scheduler = ScheduleLR(optimizer, halving, last_epoch=2)
    assert train(optimizer, scheduler, 2) == [[0.125], [0.0625]]


def test_sequential_lr_starts_each_schedule_at_its_own_0():
    """Before and after built-in schedulers, and after another schedule."""
    optimizer = make_optimizer()
    linear = LinearLR(optimizer, start_factor=0.25, total_iters=2)
    first, second = ScheduleLR(optimizer, halving), ScheduleLR(optimizer, quarter_halving)
    scheduler = SequentialLR(optimizer, [linear, first, second], milestones=[2, 4])
    moves = train(optimizer, scheduler, 7)
    assert moves == [[0.25], [0.625], [1.0], [0.5], [0.25], [0.125], [0.0625]]


@pytest.mark.filterwarnings("ignore:Detected call")  # torch's own, whatever is nested
def test_nested_sequential_lr_does_with_a_schedule_what_it_does_with_lambda_lr():
    """Torch starts the inner sequence a step late; that is not ours to mend."""

    def moves(kind):
        optimizer = make_optimizer()
        schedulers = [kind(optimizer, f) for f in (halving, quarter_halving, halving)]
        inner = SequentialLR(optimizer, schedulers[:2], milestones=[2])
        return train(optimizer, SequentialLR(optimizer, [inner, schedulers[2]], milestones=[4]), 6)

    assert moves(ScheduleLR) == moves(LambdaLR)


def test_chained_first_a_schedule_is_scaled_by_those_that_follow():
    """It sets the rate at each step, and the next one multiplies that."""
    optimizer = make_optimizer()
    first = ScheduleLR(optimizer, lambda t: 0.5)
    scheduler = ChainedScheduler([first, ExponentialLR(optimizer, gamma=0.5)])
    assert train(optimizer, scheduler, 3) == [[0.5], [0.25], [0.25]]


def test_swa_takes_over_from_the_rate_that_was_reached():
    """Stochastic weight averaging ends a run with its own scheduler."""
    optimizer = make_optimizer()
    train(optimizer, ScheduleLR(optimizer, halving), 3)
    averaging = SWALR(optimizer, swa_lr=0.0625, anneal_epochs=2, anneal_strategy="linear")
    assert train(optimizer, averaging, 4) == [[0.125], [0.09375], [0.0625], [0.0625]]
