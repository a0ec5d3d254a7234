"""`ScheduleLR` on a GPU. The tests hide it, unless told: CUDA_VISIBLE_DEVICES=0 pytest tests/gpu."""

import io

import numpy as np
import pytest

from lrsched_core import Cosine

torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("there is no GPU, or it is hidden", allow_module_level=True)

from torch._dynamo.utils import counters  # only where there is a GPU

from gpu.captured import captured  # as above
from lrsched_torch import ScheduleLR  # as above
from torch_training import halving  # as above

DEVICE = torch.device("cuda")
SCHEDULE = Cosine(0.1, 0.001, steps=700).with_warmup(200)
UPDATES = 1000
# What is captured runs once before that.
pytestmark = pytest.mark.filterwarnings("ignore:This instance was constructed with capturable=True")

OPTIMIZERS = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "fused": True}),
    ("Adam", {"capturable": True}),
    ("Adam", {"capturable": True, "foreach": False}),
    ("Adam", {"capturable": True, "fused": True}),
    ("AdamW", {"capturable": True}),
    ("AdamW", {"capturable": True, "fused": True}),
    ("NAdam", {"capturable": True}),
    ("RAdam", {"capturable": True}),
    ("Adamax", {"capturable": True}),
    ("Adadelta", {"capturable": True}),
    ("RMSprop", {"capturable": True}),
]


def start(kind, options, rate_of=lambda rate: torch.tensor(rate, device=DEVICE)):
    weight = torch.nn.Parameter(torch.linspace(-1.0, 1.0, 1000, device=DEVICE))
    weight.grad = torch.linspace(2.0, 0.5, 1000, device=DEVICE)
    return weight, getattr(torch.optim, kind)([weight], lr=rate_of(1.0), **options)


def weights(kind, options, update_of, rate_of=None):
    """The weights after every tenth update, of which the first uses schedule(0) once more."""
    weight, optimizer = start(kind, options, **({"rate_of": rate_of} if rate_of else {}))
    scheduler = ScheduleLR(optimizer, SCHEDULE)
    update = update_of(optimizer.step)
    rate = optimizer.param_groups[0]["lr"]
    address = rate.data_ptr() if isinstance(rate, torch.Tensor) else None
    seen = []
    for n in range(UPDATES):
        update()
        scheduler.step()
        if n % 10 == 0:
            seen.append(weight.detach().clone())
    if address is not None:
        assert optimizer.param_groups[0]["lr"] is rate
        assert rate.data_ptr() == address
    return torch.stack(seen)


def run_before(step):
    step()
    return step


@pytest.mark.parametrize(("kind", "options"), OPTIMIZERS, ids=str)
def test_a_thousand_replays_train_as_the_optimizer_does(kind, options):
    """Captured once; the scheduler fills the tensor between them."""
    replayed, eager = weights(kind, options, captured), weights(kind, options, run_before)
    torch.testing.assert_close(replayed, eager, rtol=1e-6, atol=0)
    moves = (eager[1:] - eager[:-1]).abs().amin(0)
    assert moves.max() > 0


@pytest.mark.parametrize("fused", [False, True])
def test_replay_n_moves_the_weight_by_the_schedule_at_n_minus_1(fused):
    weight = torch.nn.Parameter(torch.zeros((), device=DEVICE))
    weight.grad = torch.ones_like(weight)
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(1.0, device=DEVICE), fused=fused)
    scheduler = ScheduleLR(optimizer, SCHEDULE)
    replay = captured(optimizer.step)
    moves = []
    for _ in range(UPDATES):
        weight.data.zero_()
        replay()
        scheduler.step()
        moves.append(-weight.item())
    assert moves == [float(np.float32(SCHEDULE(t))) for t in range(UPDATES)]


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "Adagrad"])
def test_a_fused_step_trains_as_the_plain_one_with_numbers(kind):
    plain = weights(kind, {"foreach": False}, run_before, rate_of=float)
    for rate_of in (float, lambda rate: torch.tensor(rate, device=DEVICE)):
        fused = weights(kind, {"fused": True}, run_before, rate_of=rate_of)
        torch.testing.assert_close(fused, plain, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
@pytest.mark.parametrize("kind", ["SGD", "AdamW"])
def test_a_thousand_compiled_updates_compile_once(kind, mode):
    torch._dynamo.reset()
    counters.clear()
    # The optimizer's state is made by its first step, which would be another graph.
    seen = weights(kind, {}, lambda step: torch.compile(run_before(step), mode=mode))
    torch.testing.assert_close(seen, weights(kind, {}, run_before), rtol=1e-4, atol=1e-4)
    assert counters["stats"]["unique_graphs"] == 1


@pytest.mark.parametrize("fused", [False, True])
def test_an_update_that_the_scaler_skips_takes_no_rate_and_draws_no_warning(fused):
    overflows = [1, 0, 0, 1, 1, 0, 0, 1]
    scaler = torch.amp.GradScaler(DEVICE.type, init_scale=4.0)
    weight = torch.nn.Parameter(torch.zeros((), device=DEVICE))
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(1.0, device=DEVICE), fused=fused)
    scheduler = ScheduleLR(optimizer, halving)
    rates = []
    for overflow in overflows:
        weight.data.zero_()
        optimizer.zero_grad()
        scaler.scale(weight * (float("inf") if overflow else 1.0)).backward()
        scale = scaler.get_scale()
        scaler.step(optimizer)
        scaler.update()
        if scaler.get_scale() >= scale:
            scheduler.step()
            rates.append(-weight.item())
        else:
            assert weight.item() == 0.0
    assert rates == [halving(t) for t in range(overflows.count(0))]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_a_step_waits_for_no_update(mode):
    _, optimizer = start("AdamW", {"capturable": True})
    scheduler = ScheduleLR(optimizer, SCHEDULE, mode=mode)
    optimizer.step()
    torch.cuda.set_sync_debug_mode("error")
    try:
        scheduler.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert optimizer.param_groups[0]["lr"].item() == pytest.approx(SCHEDULE(1), rel=1e-7)


def test_a_run_on_the_gpu_is_resumed_on_the_cpu():
    """With the rates that it would have used."""
    _, optimizer = start("SGD", {})
    scheduler = ScheduleLR(optimizer, SCHEDULE)
    for _ in range(5):
        optimizer.step()
        scheduler.step()
    file = io.BytesIO()
    torch.save([optimizer.state_dict(), scheduler.state_dict()], file)
    file.seek(0)
    states = torch.load(file, map_location="cpu", weights_only=True)
    weight = torch.nn.Parameter(torch.zeros(()))
    weight.grad = torch.ones_like(weight)
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(1.0))
    scheduler = ScheduleLR(optimizer, SCHEDULE)
    for each, state in zip((optimizer, scheduler), states, strict=True):
        each.load_state_dict(state)
    moves = []
    for _ in range(3):
        weight.data.zero_()
        optimizer.step()
        scheduler.step()
        moves.append(-weight.item())
    assert moves == [float(np.float32(SCHEDULE(t))) for t in (5, 6, 7)]
