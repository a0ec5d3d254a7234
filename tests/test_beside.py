"""What README says of the schedulers that frameworks ship, held against the installed ones."""

import pickle

import pytest

from lrsched_core import Cosine, Factor, MultiFactor


def test_torchs_cosine_rises_again_after_its_end():
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    rates = []
    for _ in range(14):
        rates += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    assert rates[10] < 1e-15 < 0.09 < rates[12] < rates[13]
    ours = Cosine(1.0, steps=10)
    assert rates[:10] == pytest.approx([ours(t) for t in range(10)], rel=1e-12)
    assert ours(10) == ours(13) == 0.0


def test_the_answer_of_mxnets_factor_depends_on_what_was_asked_before():
    mxnet = pytest.importorskip("mxnet")
    theirs = mxnet.lr_scheduler.FactorScheduler(step=1, factor=0.5, base_lr=1.0)
    ours = Factor(1.0, 0.5)
    assert [theirs(n) for n in range(1, 10)] == [ours(n - 1) for n in range(1, 10)]
    assert theirs(1) == ours(8) != ours(0)


def test_keras_switches_one_update_later():
    keras = pytest.importorskip("keras")
    theirs = keras.optimizers.schedules.PiecewiseConstantDecay([3], [1.0, 0.5])
    assert [float(theirs(t)) for t in range(6)] == [1.0, 1.0, 1.0, 1.0, 0.5, 0.5]
    ours = MultiFactor(1.0, 0.5, milestones=[3])
    assert [ours(t) for t in range(6)] == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]


def test_optax_is_0_late_in_a_long_cosine():
    optax, jnp = pytest.importorskip("optax"), pytest.importorskip("jax.numpy")
    steps = 1_000_000
    late = jnp.arange(steps - 50, steps)
    assert float(optax.cosine_decay_schedule(0.1, steps)(late).max()) == 0.0
    ours = Cosine(0.1, steps=steps)
    assert float(ours(late).min()) == pytest.approx(ours(steps - 1), rel=5e-7)
    assert ours(steps - 1) > 0


def test_optax_schedules_print_as_functions_and_are_not_equal():
    optax = pytest.importorskip("optax")
    make = optax.cosine_decay_schedule
    assert repr(make(0.1, 10)).startswith("<function")
    assert make(0.1, 10) != make(0.1, 10)
    with pytest.raises(AttributeError, match="local object"):
        pickle.dumps(make(0.1, 10))
