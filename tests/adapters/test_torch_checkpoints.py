"""What `ScheduleLR` does with the state of another schedule, and with torch's ways to save one."""

import io
import pickle

import pytest

from lrsched_core import Constant, Cosine, Factor, Function, Linear, Polynomial, Schedule, Sequence

torch = pytest.importorskip("torch")

import torch.distributed.checkpoint as dcp  # only where torch is installed
from torch.distributed.checkpoint.api import CheckpointException  # as above
from torch.optim.lr_scheduler import SequentialLR  # as above

from lrsched_torch import ScheduleLR  # as above
from torch_training import halving, make_optimizer, quarter_halving, train  # as above

SCHEDULE = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def saved(schedule, *, groups=1, updates=3, **options):
    """The state of a scheduler after some updates, as a checkpoint file gives it back."""
    optimizer = make_optimizer(*[1.0] * groups)
    scheduler = ScheduleLR(optimizer, schedule, **options)
    train(optimizer, scheduler, updates)
    file = io.BytesIO()
    torch.save(scheduler.state_dict(), file)
    file.seek(0)
    return torch.load(file, weights_only=True)


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
        "Hint: on_change='keep' goes on with the one given here."
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


def test_schedules_that_differ_after_very_long_say_until_when_they_do_not():
    """Nobody waits for a search without an end."""
    with pytest.raises(ValueError, match=r"got another, though with the same values before t=1048576\.\n"):
        load(saved(Constant(0.5)), Constant(0.5).then(Constant(0.25), at=10**7))


def test_a_growth_that_leaves_the_float_range_ends_the_search():
    with pytest.raises(ValueError, match=r"got another\.\n  In the checkpoint: Factor"):
        load(saved(Factor(1.0, 2.0)), Factor(1.0, 2.0).then(Constant(1.0), at=10**6))


def test_the_schedule_given_here_can_be_kept_by_an_explicit_argument():
    """The clock goes on, the rates are those of the new schedule."""
    scheduler = load(saved(SCHEDULE), Linear(0.4, steps=8), on_change="keep")
    scheduler.optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [Linear(0.4, steps=8)(4)]


def test_an_unknown_answer_to_a_change_is_refused():
    with pytest.raises(ValueError, match=r"^`on_change` must be 'refuse' or 'keep', got 'ask'\.$"):
        ScheduleLR(make_optimizer(), SCHEDULE, on_change="ask")


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


def test_another_version_s_hash_of_an_equal_schedule_is_no_change():
    """Its expression is read and compared as a value."""
    state = saved(SCHEDULE) | {"fingerprint": "0" * 64}
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


def test_a_long_expression_is_cut_in_the_state_and_in_the_message():
    """The hash sees all of it."""
    assert load(saved(phases(100, 0.5)), phases(100, 0.5)).last_epoch == 3
    with pytest.raises(ValueError, match=r"got another\.\n  In the checkpoint: Seq.* \.\.\.\n  Given here") as refusal:
        load(saved(phases(100, 0.5)), phases(100, 0.75))
    assert len(str(refusal.value)) < 1200


@pytest.mark.parametrize("schedule", [Constant(0.5), phases(1000, 0.5), halving, SCHEDULE])
def test_the_state_has_the_same_size_whatever_the_schedule(schedule):
    assert len(pickle.dumps(saved(schedule))) == len(pickle.dumps(saved(Polynomial(0.5, steps=3))))


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
        # The rates themselves are the optimizer's to load.
        assert train(self.optimizer, self.scheduler, 3)[1:] == moves[4:]

    def test_another_schedule_is_refused(self, tmp_path):
        self.start(SCHEDULE, tmp_path)
        self.save()
        self.start(Constant(0.5), tmp_path)
        with pytest.raises((ValueError, CheckpointException), match=r"first differs at t=0: 0\.5 instead of 0\.0"):
            self.load()
        self.start(Constant(0.5), tmp_path, on_change="keep")
        self.load()
