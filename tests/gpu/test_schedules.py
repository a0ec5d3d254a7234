"""Schedules of arrays on a GPU. The tests hide it, unless told: CUDA_VISIBLE_DEVICES=0 JAX_PLATFORMS=cuda pytest ..."""

import contextlib

import numpy as np
import pytest

from cases import CASES, FAR, MANY, TIMES, WIDE, assert_close, assert_close_in_float32
from lrsched_core import Cosine, Exponential, Factor, MultiFactor

torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("there is no GPU, or it is hidden", allow_module_level=True)

from gpu.captured import captured  # only where there is a GPU

DEVICE = torch.device("cuda")
COMPILED = [
    Cosine(0.3, 0.01, steps=15).with_warmup(5),
    Factor(2.0, 0.9, stop_factor_lr=0.01),
    MultiFactor(0.5, 0.5, milestones=(3, 8, 9.5)),
    Exponential(0.5, 0.7, every=2.5),
    MANY,
]


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_a_tensor_gives_a_tensor_on_its_device_with_the_values_of_the_array(schedule):
    """CUDA's own functions of float64 may be wrong in the last two digits."""
    for dtype in (torch.int64, torch.int32, torch.float32, torch.bfloat16, torch.float64):
        t = torch.tensor(TIMES[:200], dtype=dtype, device=DEVICE).reshape(8, 25)
        values = schedule(t)
        double = dtype == torch.float64
        assert (values.device.type, values.shape) == (DEVICE.type, t.shape)
        assert values.dtype == (torch.float64 if double else torch.float32)
        expected = schedule(t.double().cpu().numpy())
        if double:
            assert_close(values.cpu().numpy(), expected, 1e-14)
        else:
            assert_close_in_float32(values.cpu().numpy(), expected)
    assert schedule(torch.tensor(7, device=DEVICE)).shape == ()


@pytest.mark.parametrize("schedule", WIDE, ids=str)
def test_float32_is_accurate_up_to_the_largest_int32(schedule):
    values = schedule(torch.tensor(FAR, dtype=torch.int32, device=DEVICE))
    assert_close_in_float32(values.cpu().numpy(), schedule(FAR))


@contextlib.contextmanager
def waiting_refused():
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize("schedule", [COMPILED[0], COMPILED[1], COMPILED[3]], ids=str)
@pytest.mark.parametrize("dtype", [torch.int64, torch.float64], ids=str)
def test_nobody_waits_for_a_schedule_of_few_pieces(schedule, dtype):
    """Tables, which are copied to the device, are waited for once."""
    t = torch.tensor(7, dtype=dtype, device=DEVICE)
    with waiting_refused():
        value = schedule(t)
    assert value.item() == pytest.approx(schedule(7), rel=5e-7)
    expected = MANY(t)
    with waiting_refused():
        value = MANY(t)
    assert value.item() == expected.item()


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_a_captured_schedule_follows_the_clock_of_the_graph(schedule):
    """Nobody waits for a replay, and what was captured depends on no memory of the schedule."""
    t, value = torch.zeros((), dtype=torch.int64, device=DEVICE), torch.zeros((), device=DEVICE)

    def advance():
        value.copy_(schedule(t))
        t.add_(1)

    replay = captured(advance)
    t.zero_()
    torch.stack([torch.full((128,), torch.nan, device=DEVICE) for _ in range(1000)])  # into whatever was set free
    values = []
    for _ in range(40):
        with waiting_refused():
            replay()
        values.append(value.item())
    assert_close(values, schedule(np.arange(40)), 5e-7)


@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
@pytest.mark.parametrize("schedule", COMPILED, ids=lambda s: str(s)[:60])
def test_a_compiled_schedule_is_one_graph(schedule, mode):
    torch._dynamo.reset()
    compiled = torch.compile(lambda t: schedule(t) * 2, fullgraph=True, mode=mode)
    t = torch.zeros((), dtype=torch.int64, device=DEVICE)
    values = []
    for _ in range(40):
        values.append(compiled(t).item() / 2)
        t += 1
    assert_close(values, schedule(np.arange(40)), 5e-7)


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_cupy_arrays_give_cupy_arrays(schedule):
    cupy = pytest.importorskip("cupy")
    for dtype in (cupy.int64, cupy.int32, cupy.float64):
        values = schedule(cupy.asarray(TIMES, dtype=dtype))
        assert isinstance(values, cupy.ndarray)
        assert_close(values.get(), schedule(TIMES), 1e-14)
    assert_close(schedule(cupy.asarray(TIMES, dtype=cupy.float32)).get(), schedule(TIMES), 5e-7)


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_jax_gives_the_values_of_the_array_on_the_gpu(schedule):
    jax = pytest.importorskip("jax")
    if jax.default_backend() != "gpu":
        pytest.skip("JAX has no GPU, or it is hidden: JAX_PLATFORMS")
    expected, t = schedule(TIMES), jax.numpy.asarray(TIMES)
    for values in (schedule(t), jax.jit(schedule)(t), jax.vmap(schedule)(t)):
        assert {device.platform for device in values.devices()} == {"gpu"}
        assert_close(values, expected, 5e-7)
    _, values = jax.lax.scan(lambda t, _: (t + 1, schedule(t)), 0, None, length=30)
    assert_close(values, expected[:30], 5e-7)
