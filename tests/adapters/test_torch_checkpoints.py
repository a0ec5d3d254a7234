"""What `ScheduleLR` does with the state of another schedule, and with torch's ways to save one."""

import functools
import json
import math
import pickle

import pytest

from lrsched_core import Constant, Cosine, Factor, Function, Linear, PiecewiseConstant, Polynomial, Schedule, Sequence

torch = pytest.importorskip("torch")

import torch.distributed.checkpoint as dcp  # only where torch is installed
from torch.distributed.checkpoint.api import CheckpointException  # as above
from torch.optim.lr_scheduler import SequentialLR  # as above

from lrsched_torch import ScheduleLR, plan_of  # as above
from torch_training import halving, make_optimizer, quarter_halving, rates_of, through_a_file, train  # as above

SCHEDULE = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def saved(schedule, *, groups=1, updates=3, **options):
    """The state of a scheduler after some updates, as a checkpoint file gives it back."""
    optimizer = make_optimizer(*[1.0] * groups)
    scheduler = ScheduleLR(optimizer, schedule, **options)
    train(optimizer, scheduler, updates)
    return through_a_file(scheduler.state_dict())


def load(state, schedule, *, groups=1, **options):
    """A fresh scheduler that has loaded a state."""
    scheduler = ScheduleLR(make_optimizer(*[1.0] * groups), schedule, **options)
    scheduler.load_state_dict(state)
    return scheduler


@pytest.mark.parametrize(
    ("before", "now", "where"),
    [
        (SCHEDULE, Cosine(0.3, 0.01, steps=15).with_warmup(4), "t=1: 0.075 instead of 0.06"),
        (Cosine(0.5, steps=10), Cosine(0.25, steps=10), "t=0: 0.25 instead of 0.5"),
        (Constant(0.5), Constant(0.5).then(Constant(0.25), at=70_000), "t=70000: 0.25 instead of 0.5"),
        ([SCHEDULE, SCHEDULE], [SCHEDULE, Constant(0.0)], "t=1: 0.0 instead of 0.06 for 'lr' of group 1"),
        (
            {"lr": SCHEDULE, "momentum": Constant(0.5)},
            {"lr": SCHEDULE, "momentum": Constant(0.5).then(Constant(0.75), at=7)},
            "t=7: 0.75 instead of 0.5 for 'momentum'",
        ),
    ],
    ids=["warmup", "peak", "late", "a group", "an option"],
)
def test_the_state_of_another_schedule_is_refused_with_the_first_difference(before, now, where):
    groups = len(now) if isinstance(now, list) else 1
    with pytest.raises(ValueError, match="must be the one that the checkpoint was made with") as refusal:
        load(saved(before, groups=groups), now, groups=groups)
    assert str(refusal.value) == (
        "`schedule` must be the one that the checkpoint was made with, got another,"
        f" which first differs at {where}.\n"
        f"  In the checkpoint: {before!r}\n"
        f"  Given here: {now!r}\n"
        "Hint: on_change='future' takes one that differs in what is to come alone, on_change='keep' takes any."
    )


def test_a_refused_state_changes_nothing():
    scheduler = ScheduleLR(make_optimizer(), Constant(0.5))
    with pytest.raises(ValueError, match="got another"):
        scheduler.load_state_dict(saved(SCHEDULE))
    assert scheduler.last_epoch == 0
    assert scheduler.get_last_lr() == [0.5]


def test_another_mode_is_another_schedule():
    with pytest.raises(ValueError, match=r"In the checkpoint: .*\(5\), mode='factor'\n  Given here: .*\(5\)\n"):
        load(saved(SCHEDULE, mode="factor"), SCHEDULE)


def test_other_options_are_another_schedule():
    with pytest.raises(ValueError, match=r"In the checkpoint: Cosine.*\n  Given here: {'lr': Cosine.*, 'momentum': C"):
        load(saved(SCHEDULE), {"lr": SCHEDULE, "momentum": Constant(0.5)})


def test_a_difference_after_very_long_is_found_where_a_boundary_says_so():
    with pytest.raises(ValueError, match=r"got another, which first differs at t=10000000: 0\.25 instead of 0\.5\.\n"):
        load(saved(Constant(0.5)), Constant(0.5).then(Constant(0.25), at=10**7))


def test_schedules_that_differ_after_more_cycles_than_anybody_looks_at_say_until_when_they_do_not():
    """Nobody waits for a search without an end."""
    endless = Linear(0.5, steps=10).repeat(10)
    with pytest.raises(ValueError, match=r"got another, though `diff` finds the same values before t=39990\.\n"):
        load(saved(endless), endless.then(Constant(0.25), at=10**7))


def test_values_that_were_sampled_alone_do_not_pass_for_the_same():
    with pytest.raises(ValueError, match=r"got another, though `diff` finds the same values before t=100000001\.\n"):
        load(saved(Linear(0.5, steps=10**8)), Polynomial(0.5, steps=10**8, power=1.0))


def test_a_clock_beyond_what_is_compared_is_taken():
    state = {**saved(Constant(0.5)), "last_epoch": 10**30}
    scheduler = load(state, Constant(0.5).then(Constant(0.25), at=10**30), on_change="future")
    assert scheduler.get_last_lr() == [0.25]


def test_the_same_values_for_ever_are_no_change():
    assert load(saved(PiecewiseConstant((0.5, 0.25), milestones=(2,))), Factor(0.5, 0.5, every=2, stop_factor_lr=0.25))


def test_a_growth_that_leaves_the_float_range_ends_the_search():
    growth = Factor(1.0, 2.0)
    message = r"got another, though `diff` finds the same values before t=1024\.\n  In the checkpoint: Factor"
    with pytest.raises(ValueError, match=message):
        load(saved(growth), growth.then(Constant(1.0), at=10**6))
    with pytest.raises(ValueError, match=r"got another\.\n  In the checkpoint: Seq"):
        load(saved(growth.then(Constant(1.0), at=10**4)), growth.then(Constant(1.0), at=2 * 10**4))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SCHEDULE, Cosine(0.3, 0.01, steps=15.0).with_warmup(5)),
        (SCHEDULE, {"lr": SCHEDULE}),
        (SCHEDULE, [SCHEDULE, SCHEDULE]),
        ({"lr": SCHEDULE, "momentum": SCHEDULE}, {"momentum": SCHEDULE, "lr": (SCHEDULE, SCHEDULE)}),
    ],
    ids=["numbers", "mapping", "list", "order"],
)
def test_the_same_schedule_written_otherwise_is_the_same(before, now):
    assert load(saved(before, groups=2), now, groups=2).last_epoch == 3


def test_an_equal_schedule_that_another_version_wrote_otherwise_is_no_change():
    """It is read and compared as a value."""
    state = saved(SCHEDULE)
    state["schedule"] = json.dumps(json.loads(state["schedule"]), indent=2, sort_keys=True)
    assert load(state, SCHEDULE).last_epoch == 3


class Homemade(Schedule):
    """A schedule that no expression can be read back from."""

    base_lr: float

    def _pieces(self):
        return Constant(self.base_lr)._pieces()


def test_a_schedule_that_cannot_be_read_back_is_compared_at_the_checkpoint_s_time():
    assert load(saved(Homemade(0.5)), Homemade(0.5)).last_epoch == 3
    message = (
        r"got another, which differs at t=3: \[0\.25\] instead of \[0\.5\]\.\n  In the checkpoint: Homemade\(0\.5\)"
    )
    with pytest.raises(ValueError, match=message):
        load(saved(Homemade(0.5)), Homemade(0.25))


def phases(n, last):
    """A schedule whose expression is long."""
    return Sequence([*[Linear(0.5, 0.25, steps=9)] * n, Constant(last)], milestones=[10 * (i + 1) for i in range(n)])


def test_a_long_expression_is_cut_in_the_message():
    """The state has all of it."""
    assert load(saved(phases(100, 0.5)), phases(100, 0.5)).last_epoch == 3
    with pytest.raises(ValueError, match=r"at t=1000: .*\n  In the checkpoint: Seq.* \.\.\.\n  Given here") as refusal:
        load(saved(phases(100, 0.5)), phases(100, 0.75))
    assert len(str(refusal.value)) < 1300


@pytest.mark.parametrize("schedule", [Constant(0.5), phases(1000, 0.5), SCHEDULE], ids=["short", "long", "usual"])
def test_the_state_is_hardly_longer_than_the_schedule_s_json(schedule):
    assert len(pickle.dumps(saved(schedule))) <= len(schedule.to_json()) + 300


@pytest.mark.parametrize(
    "schedule",
    [
        SCHEDULE,
        phases(1000, 0.5),
        [SCHEDULE, Constant(0.5)],
        {"lr": SCHEDULE, "momentum": [Constant(0.5), Linear(0.5, 0.75, steps=9)]},
        {"weight_decay": SCHEDULE},
    ],
    ids=["usual", "long", "list", "mapping", "option"],
)
@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_a_checkpoint_gives_the_whole_schedule_back(schedule, mode):
    state = saved(schedule, groups=2, mode=mode)
    assert plan_of(state) == schedule
    assert state["mode"] == mode


def test_what_has_no_form_is_named_where_it_is_asked_for():
    def ask(schedule, groups=1):
        return plan_of(saved(schedule, groups=groups))

    with pytest.raises(
        TypeError, match=r"^`state` must hold schedules that have a form, got <function halving>\. Hint:"
    ):
        ask(halving)
    with pytest.raises(TypeError, match=r"got Function\(<function halving>\)\.with_warmup\(2\)\. Hint: derive a class"):
        ask([SCHEDULE, Function(halving).with_warmup(2)], groups=2)
    with pytest.raises(TypeError, match=r"got Homemade\(0\.5\)\."):
        ask(Homemade(0.5))


@pytest.mark.parametrize("updates", [0, 1, 7])
@pytest.mark.parametrize(
    ("schedule", "options"),
    [(SCHEDULE, {}), ([SCHEDULE, Linear(0.4, steps=8)], {}), (lambda t: 1 / (t + 3), {"mode": "factor"})],
    ids=["one", "list", "factor"],
)
def test_the_state_has_the_same_few_plain_keys_whatever_the_schedule(schedule, options, updates):
    """Distributed checkpoints refuse a key that is missing from what was saved."""
    state = saved(schedule, groups=2, updates=updates, **options)
    assert [*state] == ["last_epoch", "_step_count", "_last_lr", "schedule", "mode", "edited", "own", "scales"]
    rates = [each(updates) for each in (schedule if isinstance(schedule, list) else [schedule] * 2)]
    assert [*state.values()][:3] == [updates, updates + 1, rates]
    assert state["edited"] == []


def test_a_state_does_not_change_with_the_scheduler_that_gave_it():
    """Not by going on, nor by loading it and editing the copy."""
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, SCHEDULE)
    state = scheduler.state_dict()
    state["_last_lr"].append(123.0)
    assert scheduler.get_last_lr() == [0.0]
    state, twin = scheduler.state_dict(), scheduler.state_dict()
    scheduler.load_state_dict(state)
    scheduler.get_last_lr().append(123.0)
    train(optimizer, scheduler, 2)
    assert state == twin
    assert [state["last_epoch"], state["_step_count"], state["_last_lr"]] == [0, 1, [0.0]]


def test_tensor_rates_are_plain_numbers_in_the_state():
    """The numbers of the schedule, which the tensor may have rounded."""
    scheduler = ScheduleLR(make_optimizer(torch.tensor(1.0)), lambda t: 0.1)
    for rates in (scheduler.state_dict()["_last_lr"], scheduler.get_last_lr()):
        assert rates == [0.1]
        assert [type(rate) for rate in rates] == [float]


def test_no_memory_address_gets_into_a_checkpoint():
    """Two processes write the same."""

    def local(t):
        return 0.5

    for code in (local, lambda t: 0.5, functools.partial(local), math.sqrt, SCHEDULE.__call__):
        for schedule in (code, Function(code), Function(code).with_warmup(2), [SCHEDULE, Function(code) * SCHEDULE]):
            optimizer = make_optimizer(1.0, 1.0)
            assert " at 0x" not in repr(ScheduleLR(optimizer, schedule).state_dict())


def test_a_state_of_something_else_has_no_schedule():
    optimizer = make_optimizer()
    sequence = SequentialLR(optimizer, [ScheduleLR(optimizer, SCHEDULE), ScheduleLR(optimizer, SCHEDULE)], [5])
    with pytest.raises(ValueError, match=r"^`state` must be the state of a ScheduleLR, .* Hint: plan_of\(state\['_sch"):
        plan_of(sequence.state_dict())
    assert plan_of(sequence.state_dict()["_schedulers"][1]) == SCHEDULE
    with pytest.raises(
        ValueError, match=r"^`state` must be the state of a ScheduleLR, got one of 'state', 'param_groups'"
    ):
        plan_of(optimizer.state_dict())
    with pytest.raises(TypeError, match=r"^`state` must be the state of a ScheduleLR, got str\."):
        plan_of("Cosine(0.1, steps=10)")


LATER = SCHEDULE.then(Constant(0.125), at=3)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SCHEDULE, SCHEDULE),
        (SCHEDULE, LATER),
        (LATER, SCHEDULE),
        ([SCHEDULE, SCHEDULE], [LATER, SCHEDULE]),
        ({"lr": SCHEDULE, "momentum": Constant(0.5)}, {"lr": LATER, "momentum": Constant(0.5)}),
        (Factor(1.0, 2.0), Factor(1.0, 2.0).then(Constant(1.0), at=3)),
    ],
)
def test_a_change_of_the_future_is_taken_at_once(before, now):
    """From the saved clock on, and the rate of the next update is the new one."""
    groups = len(now) if isinstance(now, list) else 1
    scheduler = load(saved(before, groups=groups, updates=3), now, groups=groups, on_change="future")
    expected = [(one["lr"] if isinstance(one, dict) else one)(3) for one in (now if groups > 1 else [now])]
    assert rates_of(scheduler.optimizer) == scheduler.get_last_lr() == expected


@pytest.mark.parametrize(
    ("before", "now", "where"),
    [
        (SCHEDULE, SCHEDULE.then(Constant(0.125), at=2), r", which first differs at t=2: 0\.125 instead of 0\.12"),
        (
            [SCHEDULE, SCHEDULE],
            [LATER, LATER.then(Constant(0.5), at=1)],
            r".* t=1: 0\.5 instead of 0\.06 for 'lr' of group 1",
        ),
        (SCHEDULE, {"lr": SCHEDULE, "momentum": Constant(0.5)}, ""),
        (Homemade(0.5), Homemade(0.25), ", which differs at t=3"),
    ],
)
def test_a_change_of_the_past_is_refused(before, now, where):
    groups = len(now) if isinstance(now, list) else 1
    state = saved(before, groups=groups, updates=3)
    scheduler = ScheduleLR(make_optimizer(*[1.0] * groups), now, on_change="future")
    before_loading = scheduler.state_dict()
    message = rf"^`schedule` must be the one that the checkpoint was made with before t=3, got another{where}"
    with pytest.raises(ValueError, match=message):
        scheduler.load_state_dict(state)
    assert scheduler.state_dict() == before_loading


def test_a_plain_function_is_named_and_not_compared():
    """Nor is a schedule with one inside: code has no value to compare."""
    assert saved(halving)["schedule"].strip() == "<function halving>"
    assert load(saved(halving), quarter_halving).last_epoch == 3
    assert load(saved(halving), SCHEDULE).last_epoch == 3
    assert load(saved(SCHEDULE), halving).last_epoch == 3
    assert load(saved(Function(halving).with_warmup(2)), Function(quarter_halving)).last_epoch == 3
    assert load(saved([SCHEDULE, halving], groups=2), SCHEDULE, groups=2).last_epoch == 3


class Deep(Homemade):
    """As deep a nesting as Python gives up on, in short."""

    __slots__ = ()

    def __repr__(self):
        raise RecursionError

    to_dict = __repr__


def test_a_schedule_nested_too_deeply_to_be_written_is_saved_all_the_same():
    """A checkpoint that cannot be made would lose the run."""
    state = saved(Deep(0.5))
    assert state["schedule"].strip() == "<Deep>"
    assert load(state, Deep(0.5)).last_epoch == 3


def test_a_state_without_a_fingerprint_is_loaded():
    """From an earlier version, or from another scheduler."""
    state = {"last_epoch": 3, "_step_count": 4, "_last_lr": [0.25]}
    assert load(state, SCHEDULE).last_epoch == 3
    assert load(state | {"schedule": "mine", "fingerprint": 17}, SCHEDULE).last_epoch == 3


@pytest.mark.parametrize(
    "text",
    [
        '{"version":1,"type":"Plateau"}',
        '"Clock(updates_per_epoch=3)"',
        '{"lr":5}',
        '{"type":"History","before":[[1,"x"]],"now":"{\\"version\\":1,\\"type\\":\\"Plateau\\"}"}',
        '{"type":"History","before":[[1e400,"x"]],"now":"x"}',
    ],
)
def test_what_is_no_schedule_is_another_one(text):
    state = {**saved(SCHEDULE), "schedule": text}
    with pytest.raises(ValueError, match=r"^`schedule` must be the one that the checkpoint was made with, got another"):
        load(state, SCHEDULE)
    assert load(state, SCHEDULE, on_change="keep").last_epoch == 3
    with pytest.raises(TypeError, match=r"^`state` must hold schedules that have a form, got "):
        plan_of(state)


@pytest.mark.parametrize("text", ["{}", "[]", '""', "5", "null"])
def test_an_empty_text_is_of_no_schedule(text):
    state = {**saved(SCHEDULE), "schedule": text}
    assert load(state, SCHEDULE).last_epoch == 3
    with pytest.raises(ValueError, match=r"^`state` must be the state of a ScheduleLR, got one of"):
        plan_of(state)


def test_in_torch_s_sequence_each_schedule_is_compared():
    def sequence(second):
        optimizer = make_optimizer()
        parts = [ScheduleLR(optimizer, each) for each in (SCHEDULE, second)]
        return optimizer, SequentialLR(optimizer, parts, milestones=[5])

    _, first = run = sequence(Constant(0.5))
    train(*run, 3)
    state = first.state_dict()
    sequence(Constant(0.5))[1].load_state_dict(state)
    with pytest.raises(ValueError, match=r"got another, which first differs at t=0: 0\.25 instead of 0\.5"):
        sequence(Constant(0.25))[1].load_state_dict(state)


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled, unavailable or uninitialized")
class TestDistributedCheckpoint:
    """Torch's own format for many processes, written by the one that there is here."""

    def start(self, schedule, path, **options):
        self.optimizer = make_optimizer(1.0, 1.0)
        self.scheduler = ScheduleLR(self.optimizer, schedule, **options)
        self.path = path / "checkpoint"

    def save(self):
        dcp.save({"scheduler": self.scheduler}, checkpoint_id=self.path)

    def load(self):
        dcp.load({"scheduler": self.scheduler}, checkpoint_id=self.path)

    @pytest.mark.parametrize("schedule", [SCHEDULE, [SCHEDULE, Linear(0.5, steps=9)], halving])
    def test_the_clock_comes_back(self, schedule, tmp_path):
        self.start(schedule, tmp_path)
        moves = train(self.optimizer, self.scheduler, 6)
        self.start(schedule, tmp_path)
        assert train(self.optimizer, self.scheduler, 3) == moves[:3]
        self.save()
        state = self.scheduler.state_dict()
        self.start(schedule, tmp_path)
        self.load()
        assert self.scheduler.state_dict() == state
        assert train(self.optimizer, self.scheduler, 3) == moves[3:]

    def test_another_schedule_is_refused(self, tmp_path):
        self.start(SCHEDULE, tmp_path)
        self.save()
        self.start(Constant(0.5), tmp_path)
        with pytest.raises((ValueError, CheckpointException), match=r"first differs at t=0: 0\.5 instead of 0\.0"):
            self.load()
        self.start(Constant(0.5), tmp_path, on_change="keep")
        self.load()
