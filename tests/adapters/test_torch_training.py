"""`ScheduleLR` where training is less plain: compiled and fused steps, mixed precision, plateaus."""

import copy
import io

import pytest

from lrsched_core import Cosine, Linear

torch = pytest.importorskip("torch")

from torch._dynamo.testing import CompileCounter  # only where torch is installed
from torch.optim.lr_scheduler import (  # as above
    ChainedScheduler,
    CosineAnnealingLR,
    ExponentialLR,
    ReduceLROnPlateau,
    SequentialLR,
)
from torch.utils._python_dispatch import TorchDispatchMode  # as above

from lrsched_torch import ScheduleLR  # as above
from torch_training import halving, make_optimizer, quarter_halving, rates_of, train, update  # as above


def tensor(value):
    return torch.tensor(value, dtype=torch.float64)


def test_ten_thousand_steps_compile_once():
    """Another rate at every one of them, and each is the one that moves the weight."""
    schedule = Cosine(0.3, 0.01, steps=9_000).with_warmup(1_000)
    optimizer = make_optimizer(tensor(1.0))
    scheduler = ScheduleLR(optimizer, schedule)
    weight = optimizer.param_groups[0]["params"][0]
    weight.grad = torch.ones_like(weight)
    compiled = CompileCounter()
    step = torch.compile(optimizer.step, backend=compiled)
    moves = []
    for _ in range(10_000):
        weight.data.zero_()
        step()
        scheduler.step()
        moves.append(-weight.item())
    assert moves == [schedule(t) for t in range(10_000)]
    assert compiled.frame_count == 1


@pytest.mark.parametrize("options", [{"capturable": True}, {"foreach": False}, {"capturable": True, "foreach": True}])
def test_a_compiled_adam_with_tensors_for_rate_and_betas_compiles_once(options):
    """And does what the same optimizer does with numbers. (A tensor of weight decay torch itself branches on.)"""
    schedules = {
        "lr": Cosine(0.3, 0.01, steps=30),
        "betas[0]": Linear(0.9, 0.8, steps=30),
        "betas[1]": Linear(0.9, 0.99, steps=30),
    }

    def weights(numbers, compiler, **options):
        weight = torch.nn.Parameter(tensor(1.0))
        weight.grad = torch.ones_like(weight)
        optimizer = torch.optim.AdamW([weight], **numbers, **options)
        scheduler = ScheduleLR(optimizer, schedules)
        step, seen = compiler(optimizer.step), []
        for _ in range(40):
            step()
            scheduler.step()
            seen.append(weight.item())
        return seen

    compiled = CompileCounter()
    tensors = {"lr": tensor(1.0), "betas": (tensor(0.9), tensor(0.9))}
    seen = weights(tensors, lambda step: torch.compile(step, backend=compiled), **options)
    assert compiled.frame_count == 1
    numbers = {"lr": 1.0, "betas": (0.9, 0.9)}
    assert seen == pytest.approx(weights(numbers, lambda step: step, foreach=False), rel=1e-12)


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "Adagrad"])
@pytest.mark.parametrize("rate_of", [float, tensor], ids=["number", "tensor"])
def test_a_fused_step_uses_the_rate_of_each_update(kind, rate_of):
    """As the plain one does; the fused kernels read the tensor."""

    def weights(rate, **options):
        weight = torch.nn.Parameter(tensor(1.0))
        weight.grad = torch.ones_like(weight)
        optimizer = getattr(torch.optim, kind)([weight], lr=rate, **options)
        scheduler = ScheduleLR(optimizer, quarter_halving)
        seen = []
        for _ in range(6):
            optimizer.step()
            scheduler.step()
            seen.append(weight.item())
        return seen

    assert weights(rate_of(1.0), fused=True) == pytest.approx(weights(1.0), rel=1e-12)


class Reads(TorchDispatchMode):
    """Counts how often a number is taken out of a tensor."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        self.count += operation is torch.ops.aten._local_scalar_dense.default
        return operation(*args, **(kwargs or {}))


@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize(
    "schedule",
    [halving, [halving, quarter_halving], {"lr": halving, "betas[0]": quarter_halving}, {"weight_decay": halving}],
    ids=["one", "list", "with betas", "without a rate"],
)
def test_a_step_reads_no_tensor(schedule, mode):
    """On an accelerator it would wait there for the updates that are under way. After loading, the first one does."""
    groups = [{"params": [torch.nn.Parameter(tensor(1.0))]} for _ in range(2)]
    optimizer = torch.optim.Adam(groups, lr=tensor(1.0), betas=(tensor(0.9), tensor(0.9)), weight_decay=1.0)
    scheduler = ScheduleLR(optimizer, schedule, mode=mode)

    def reads():
        optimizer.step()
        with Reads() as noted:
            scheduler.step()
        return noted.count

    assert [reads() for _ in range(3)] == [0, 0, 0]
    state = copy.deepcopy(optimizer.state_dict())
    for group in state["param_groups"]:
        group["initial_lr"] = tensor(1.0)  # as torch's own schedulers keep it
    optimizer.load_state_dict(state)
    reads()
    assert [reads() for _ in range(3)] == [0, 0, 0]
    assert [type(rate) for rate in scheduler.get_last_lr()] == [float, float]


def test_without_a_rate_of_its_own_the_last_rates_are_those_of_the_groups():
    """As they were at the step, whoever changes the tensor afterwards."""
    rate = tensor(0.25)
    optimizer = torch.optim.SGD([torch.nn.Parameter(tensor(1.0))], lr=rate, weight_decay=1.0)
    scheduler = ScheduleLR(optimizer, {"weight_decay": halving})
    rate.fill_(0.5)
    assert scheduler.get_last_lr() == scheduler.state_dict()["_last_lr"] == [0.25]
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.5]


def test_a_rate_that_another_sets_is_no_edit_of_what_is_not_scheduled():
    """The own rate of the group stays what it was."""
    optimizer = make_optimizer(1.0)
    decay = ScheduleLR(optimizer, {"weight_decay": halving}, mode="factor", on_edit="keep")
    moves = []
    for _ in range(3):
        moves += train(optimizer, ScheduleLR(optimizer, quarter_halving), 1)
        decay.step()
    assert moves == [[0.25], [0.25], [0.25]]
    assert optimizer.param_groups[0]["initial_lr"] == 1.0


def mixed_precision(overflows, *, after, fused=False):
    """Updates under `GradScaler`, some of which it skips: the rates of those it makes, and the scheduler."""
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    weight = torch.nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([weight], lr=1.0, fused=fused)
    scheduler = ScheduleLR(optimizer, halving)
    rates = []
    for overflow in overflows:
        weight.data.zero_()
        optimizer.zero_grad()
        scaler.scale(weight * (float("inf") if overflow else 1.0)).backward()
        after(scaler, optimizer, scheduler)
        if not overflow:
            rates.append(-weight.item())
        else:
            assert weight.item() == 0.0
    return rates, scheduler


def step_unless_skipped(scaler, optimizer, scheduler):
    """The recipe of the docstring."""
    scale = scaler.get_scale()
    scaler.step(optimizer)
    scaler.update()
    if scaler.get_scale() >= scale:
        scheduler.step()


def step_always(scaler, optimizer, scheduler):
    """Without it."""
    scaler.step(optimizer)
    scaler.update()
    scheduler.step()


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("overflows", [[1, 0, 0, 1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 0, 1]], ids=str)
def test_an_update_that_the_scaler_skips_takes_no_rate_and_draws_no_warning(overflows, fused):
    """The first one neither, of which torch would say that the order is wrong."""
    rates, scheduler = mixed_precision(overflows, after=step_unless_skipped, fused=fused)
    assert rates == [halving(t) for t in range(overflows.count(0))]
    assert scheduler.last_epoch == overflows.count(0)


def test_the_clock_counts_the_calls_of_step_also_after_a_skipped_update():
    """It is torch's, and nobody tells it of the scaler: a rate is then left out."""
    rates, scheduler = mixed_precision([0, 1, 0], after=step_always)
    assert rates == [1.0, 0.25]
    assert scheduler.last_epoch == 3


def test_torch_says_that_the_first_rate_is_lost_where_it_is():
    """The first update is skipped, and the clock goes on: no update ever uses schedule(0)."""
    with pytest.warns(UserWarning, match="will result in PyTorch skipping the first value of the learning rate"):
        rates, _ = mixed_precision([1, 0], after=step_always)
    assert rates == [0.5]


def plateau_training(scheduler_of, metrics, *, rate=1.0):
    """Two updates an epoch, then the plateau is told a metric: the moves of the updates."""
    optimizer = make_optimizer(rate)
    scheduler = scheduler_of(optimizer)
    plateau = ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    moves = []
    for metric in metrics:
        moves += [move for (move,) in train(optimizer, scheduler, 2)]
        plateau.step(metric)
    return moves


SCHEDULE = Cosine(0.25, 0.125, steps=8)


@pytest.mark.parametrize("rate_of", [float, tensor], ids=["number", "tensor"])
def test_what_a_plateau_takes_off_lasts_where_edits_are_kept(rate_of):
    """It halves the rate after the second epoch and after the fourth, and the schedule goes on from there."""
    moves = plateau_training(
        lambda optimizer: ScheduleLR(optimizer, SCHEDULE, mode="factor", on_edit="keep"),
        [3, 3, 2, 2, 1],
        rate=rate_of(1.0),
    )
    scale = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert moves == [SCHEDULE(t) * scale[t] for t in range(10)]


def test_a_plateau_under_a_schedule_that_corrects_edits_lasts_until_the_next_step():
    """As under `LambdaLR`."""
    moves = plateau_training(lambda optimizer: ScheduleLR(optimizer, SCHEDULE), [3, 3, 2, 2, 1])
    scale = [1, 1, 1, 1, 0.5, 1, 1, 1, 0.5, 1]
    assert moves == [SCHEDULE(t) * scale[t] for t in range(10)]


@pytest.mark.parametrize("stop", range(5))
def test_a_run_on_a_plateau_is_resumed_with_its_rates(stop):
    """Also where the plateau has just acted and the schedule has not been stepped since."""

    def start():
        optimizer = make_optimizer(1.0, 2.0)
        scheduler = ScheduleLR(optimizer, SCHEDULE, mode="factor", on_edit="keep")
        return optimizer, scheduler, ReduceLROnPlateau(optimizer, factor=0.5, patience=0)

    def go_on(optimizer, scheduler, plateau, metrics):
        moves = []
        for metric in metrics:
            moves += train(optimizer, scheduler, 1)
            plateau.step(metric)
        return moves

    metrics = [3, 3, 2, 2, 1]
    uninterrupted = go_on(*start(), metrics)
    first, second = start(), start()
    before = go_on(*first, metrics[:stop])
    file = io.BytesIO()
    torch.save([each.state_dict() for each in first], file)
    file.seek(0)
    for each, state in zip(second, torch.load(file, weights_only=True), strict=True):
        each.load_state_dict(state)
    assert before + go_on(*second, metrics[stop:]) == uninterrupted


def test_kept_edits_are_those_of_each_group():
    """When others are removed or added meanwhile, and after a deep copy."""
    optimizer = make_optimizer(8.0, 4.0, 2.0)
    scheduler = ScheduleLR(optimizer, halving, mode="factor", on_edit="keep")
    assert train(optimizer, scheduler, 1) == [[8.0, 4.0, 2.0]]
    optimizer.param_groups[1]["lr"] /= 4
    del optimizer.param_groups[0]
    optimizer.add_param_group({"params": [torch.nn.Parameter(tensor(0.0))], "lr": 16.0})
    scheduler = copy.deepcopy(scheduler)
    optimizer = scheduler.optimizer
    scheduler.step()
    assert rates_of(optimizer) == [0.25, 0.5, 8.0]
    assert train(optimizer, scheduler, 2) == [[0.25, 0.5, 8.0], [0.125, 0.25, 4.0]]


def test_a_rate_of_0_is_corrected_where_edits_are_kept():
    """Nothing scales it."""
    schedule = Linear(0.0, 0.5, steps=4)
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, schedule, mode="factor", on_edit="keep")
    optimizer.param_groups[0]["lr"] = 123.0
    assert train(optimizer, scheduler, 3) == [[123.0], [schedule(1)], [schedule(2)]]


def test_chained_with_kept_edits_the_factors_multiply():
    """As torch's own chainable schedulers do."""
    optimizer = make_optimizer()
    first = ScheduleLR(optimizer, SCHEDULE, mode="factor", on_edit="keep")
    scheduler = ChainedScheduler([first, ExponentialLR(optimizer, gamma=0.5)])
    assert train(optimizer, scheduler, 10) == [[SCHEDULE(t) * 0.5**t] for t in range(10)]


def test_in_a_sequence_what_others_did_in_their_own_time_is_no_edit():
    optimizer = make_optimizer()
    parts = [
        ScheduleLR(optimizer, halving, mode="factor", on_edit="keep"),
        CosineAnnealingLR(optimizer, T_max=4),
        ScheduleLR(optimizer, quarter_halving, mode="factor", on_edit="keep"),
    ]
    moves = train(optimizer, SequentialLR(optimizer, parts, milestones=[2, 4]), 7)
    assert moves[:2] + moves[4:] == [[1.0], [0.5], [0.25], [0.125], [0.0625]]


def test_going_on_from_last_epoch_keeps_no_edit():
    """What the rate was set to is not known then."""
    optimizer = make_optimizer()
    train(optimizer, ScheduleLR(optimizer, halving, mode="factor"), 3)
    optimizer.param_groups[0]["lr"] = 123.0
    scheduler = ScheduleLR(optimizer, halving, mode="factor", on_edit="keep", last_epoch=2)
    assert train(optimizer, scheduler, 2) == [[0.125], [0.0625]]


def test_with_another_schedule_kept_on_loading_the_old_rates_are_no_edit():
    optimizer = make_optimizer()
    first = ScheduleLR(optimizer, Linear(0.5, steps=8), mode="factor", on_edit="keep")
    train(optimizer, first, 2)
    state = first.state_dict()
    second = ScheduleLR(optimizer, SCHEDULE, mode="factor", on_edit="keep", on_change="keep")
    optimizer.param_groups[0]["lr"] = Linear(0.5, steps=8)(2)
    second.load_state_dict(state)
    update(optimizer)
    second.step()
    assert rates_of(optimizer) == [SCHEDULE(3)]


@pytest.mark.parametrize(("mode", "on_edit"), [("absolute", "keep"), ("factor", "scale")])
def test_keeping_edits_of_an_absolute_schedule_is_refused(mode, on_edit):
    """It is what it says; as is a word that has no meaning."""
    with pytest.raises(
        ValueError, match=r"^`on_edit` must be (one of 'correct', 'keep'|'correct' where mode='absolute')"
    ):
        ScheduleLR(make_optimizer(), halving, mode=mode, on_edit=on_edit)
