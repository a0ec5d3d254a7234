"""What goes between the host and an accelerator: shown without one, by tensors that only say that they are there."""

import pytest

from cases import CASES, MANY, TIMES
from lrsched_core import Cosine, Exponential, Factor, Geometric, Tanh
from lrsched_core._evaluation.runtimes import Torch

torch = pytest.importorskip("torch")

from torch._subclasses.fake_tensor import FakeTensorMode  # only where torch is installed
from torch.utils._python_dispatch import TorchDispatchMode  # as above
from torch.utils._pytree import tree_leaves  # as above


class Transfers(TorchDispatchMode):
    """Notes the operations in which the host has a part."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        tensors = [leaf for leaf in tree_leaves((args, kwargs, result)) if isinstance(leaf, torch.Tensor)]
        if len({tensor.device.type for tensor in tensors}) > 1:
            self.seen.append(str(operation))
        return result


def transfers(schedule, dtype, shape):
    # A fake tensor refuses to give its value to the host.
    with FakeTensorMode(), Transfers() as noted:
        value = schedule(torch.empty(shape, dtype=dtype, device="cuda"))
    assert (value.device.type, value.shape) == ("cuda", shape)
    return noted.seen


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_what_is_captured_copies_nothing_from_the_host(schedule, dtype, monkeypatch):
    """A CUDA graph refuses it."""
    monkeypatch.setattr(Torch, "_captures", lambda self, device: True)
    for shape in ((), (2, 3)):
        assert transfers(schedule, dtype, torch.Size(shape)) == []


FEW_PIECES = [
    Cosine(0.3, 0.01, steps=15).with_warmup(5),
    Factor(2.0, 0.99, every=2.5, stop_factor_lr=0.01),
    Exponential(0.5, 0.7, every=2.5),
    Geometric(1e-4, 1.0, steps=500),
    Tanh(0.3, steps=700).with_warmup(9),
    Cosine(0.3, steps=15).with_warmup(5).repeat(20, decay=0.9),
]


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32], ids=str)
@pytest.mark.parametrize("schedule", FEW_PIECES, ids=str)
def test_otherwise_neither_does_a_schedule_of_few_pieces(schedule, dtype):
    """Only its tables would be, and of powers it has none where there is float64."""
    assert transfers(schedule, dtype, torch.Size([])) == []
    assert transfers(MANY, dtype, torch.Size([])) != []


@pytest.mark.parametrize("schedule", [*CASES, MANY], ids=lambda s: str(s)[:60])
def test_what_is_captured_has_the_same_values(schedule, monkeypatch):
    """Bit for bit, whichever way the tables are written."""
    t = torch.tensor(TIMES)
    values = schedule(t)
    monkeypatch.setattr(Torch, "_captures", lambda self, device: True)
    assert torch.equal(schedule(t), values)
