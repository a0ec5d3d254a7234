"""`ScheduleLR` in pytorch-ignite: stepped by a handler, or wrapped by ignite's own."""

import io

import pytest

torch = pytest.importorskip("torch")
# All that is used of it: while this imports, warnings are ignored, such as ignite's use of torch.jit.
pytest.importorskip("ignite.handlers")

from ignite.engine import Engine, Events
from ignite.handlers import LRScheduler

from loops.recipes import LR, RATES
from loops.updates import recorded
from lrsched_core import Plan
from lrsched_torch import ScheduleLR


def start():
    """Return an engine that updates a model, its optimizer and the scheduler."""
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)

    def update(engine, batch):
        optimizer.zero_grad()
        model(batch).sum().backward()
        optimizer.step()

    return Engine(update), optimizer, ScheduleLR(optimizer, LR)


BATCHES = [torch.ones(1, 1)] * 4


def test_ignite_s_wrapper_gives_the_same_rates():
    trainer, _, scheduler = start()
    trainer.add_event_handler(Events.ITERATION_STARTED, LRScheduler(scheduler))
    with recorded() as rates:
        trainer.run(BATCHES, max_epochs=3)
    assert rates == RATES


def test_a_plan_is_refused_in_ignite_s_wrapper_which_sets_rates_alone():
    trainer, optimizer, _ = start()
    plan = ScheduleLR(optimizer, Plan(lr=LR, weight_decay=LR))
    trainer.add_event_handler(Events.ITERATION_STARTED, LRScheduler(plan))
    with pytest.raises(
        ValueError, match=r"^`schedule` must be of the rate alone .* got one of lr, weight_decay\. Hint"
    ):
        trainer.run(BATCHES, max_epochs=1)


@pytest.mark.parametrize("done", range(1, 4))
def test_the_wrapper_s_state_resumes_after_any_update(done):
    trainer, optimizer, scheduler = start()
    wrapper = LRScheduler(scheduler)
    trainer.add_event_handler(Events.ITERATION_STARTED, wrapper)
    trainer.run(BATCHES, max_epochs=done)
    file = io.BytesIO()
    torch.save([optimizer.state_dict(), wrapper.state_dict()], file)
    file.seek(0)
    trainer, optimizer, scheduler = start()
    wrapper = LRScheduler(scheduler)
    trainer.add_event_handler(Events.ITERATION_STARTED, wrapper)
    for part, state in zip([optimizer, wrapper], torch.load(file, weights_only=True), strict=True):
        part.load_state_dict(state)
    with recorded() as rates:
        trainer.run(BATCHES, max_epochs=3)
    assert rates == [LR(4 * done + n) for n in range(12)]


def test_stepped_after_every_epoch_the_clock_counts_epochs():
    trainer, _, scheduler = start()
    trainer.add_event_handler(Events.EPOCH_COMPLETED, lambda engine: scheduler.step())
    with recorded() as rates:
        trainer.run(BATCHES, max_epochs=3)
    assert rates == [LR(n // 4) for n in range(12)]


def test_ignite_simulates_what_the_updates_will_use():
    _, optimizer, scheduler = start()
    simulated = LRScheduler.simulate_values(num_events=12, lr_scheduler=scheduler)
    assert simulated == [[n, LR(n)] for n in range(12)]
    assert optimizer.param_groups[0]["lr"] == LR(0)
