"""PyTorch tensors: what is known of a schedule is computed once, and serves wherever the schedule is asked next."""

import copy
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from cases import CASES, MANY
from lrsched_core import Cosine, Sequence
from lrsched_core._evaluation.runtimes import Torch

torch = pytest.importorskip("torch")

from torch._subclasses.fake_tensor import FakeTensorMode  # only where torch is installed

T = torch.arange(0.0, 300.0, 7.5)
DTYPES = (torch.int64, torch.int32, torch.float32, torch.bfloat16, torch.float64)


def fresh():
    """One that nobody has asked: of many pieces, which have tables."""
    waves = tuple([Cosine(0.1 / (1 + i % 7), 0.001, steps=25) for i in range(40)])
    return Sequence(waves, milestones=range(25, 1000, 25))


def expected():
    return fresh()(T.clone())


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_the_second_call_makes_no_table(schedule, dtype, monkeypatch):
    first = schedule(T.to(dtype))
    monkeypatch.delattr(Torch, "constant")
    monkeypatch.delattr(Torch, "number")
    assert torch.equal(schedule(T.to(dtype)), first)
    assert schedule(T.to(dtype).reshape(5, 8)).shape == (5, 8)
    assert schedule(T.to(dtype)[3]).item() == first[3]


def in_inference_mode(schedule):
    with torch.inference_mode():
        schedule(T)


def in_no_grad(schedule):
    with torch.no_grad():
        schedule(T)


def in_vmap(schedule):
    assert torch.equal(torch.func.vmap(schedule)(T), expected())


def in_grad(schedule):
    torch.func.grad(lambda t: schedule(t).sum())(T)


def of_fakes(schedule):
    with FakeTensorMode():
        schedule(torch.empty(40))


def among_fakes(schedule):
    with FakeTensorMode(allow_non_fake_inputs=True):
        schedule(T)


def without_memory(schedule):
    assert schedule(T.to("meta")).is_meta


def compiled(schedule):
    torch._dynamo.reset()
    value = torch.compile(schedule, fullgraph=True, backend="eager")(T)
    assert torch.equal(value, expected())


def exported(schedule):
    class Rate(torch.nn.Module):
        def forward(self, t):
            return schedule(t) * 1.0

    program = torch.export.export(Rate(), (T,))
    assert program.module()(T).tolist() == expected().tolist()


def traced(schedule):
    from torch.fx.experimental.proxy_tensor import make_fx

    assert torch.equal(make_fx(schedule)(T)(T), expected())


def on_another_default_device(schedule):
    with torch.device("meta"):
        schedule(T)


WAYS = (
    in_inference_mode,
    in_no_grad,
    in_vmap,
    in_grad,
    of_fakes,
    among_fakes,
    without_memory,
    compiled,
    exported,
    traced,
    on_another_default_device,
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [False, True])
def test_wherever_it_was_asked_first_it_gives_the_same_values_after(way, before):
    schedule = fresh()
    if before:
        schedule(T)
    way(schedule)
    assert torch.equal(schedule(T), expected())
    t = T.clone().requires_grad_()
    schedule(t).sum().backward()
    assert t.grad.isfinite().all()
    for other in WAYS:
        other(schedule)
    assert torch.equal(schedule(T), expected())


def test_what_is_known_for_one_dtype_is_not_taken_for_another():
    schedule = fresh()
    values = {dtype: schedule(T.to(dtype)) for dtype in DTYPES}
    for dtype, value in values.items():
        assert torch.equal(value, fresh()(T.to(dtype)))
    torch.set_default_dtype(torch.float64)
    try:
        assert schedule(T.long()).dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(schedule(T.long()), values[torch.int64])


def test_threads_that_ask_at_once_get_the_same():
    for _ in range(10):
        schedule = fresh()
        with ThreadPoolExecutor(8) as pool:
            values = list(pool.map(lambda _, s=schedule: s(T), range(16)))
        assert all(torch.equal(value, expected()) for value in values)


def test_it_is_no_part_of_the_value():
    schedule = fresh()
    before = hash(schedule), repr(schedule), pickle.dumps(schedule), copy.deepcopy(schedule)
    schedule(T)
    assert (hash(schedule), repr(schedule), pickle.dumps(schedule), copy.deepcopy(schedule)) == before
    assert vars(schedule) == {}
    assert schedule == fresh()


def test_it_goes_with_the_schedule():
    schedule = fresh()
    schedule(T)
    [tape] = schedule._table.tapes.values()
    kept = next(constant for constant in tape.constants if isinstance(constant, torch.Tensor))
    gone = weakref.ref(kept), weakref.ref(schedule)
    del schedule, tape, kept
    assert [reference() for reference in gone] == [None, None]
