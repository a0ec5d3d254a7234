"""MXNet parameters whose gradients are 1, so that each update moves them by the rate, and runs beside those by hand."""

import mxnet

from lrsched_core import Plan
from lrsched_mxnet import Scheduler


def parameters(count=1, *, contexts=None, value=0.0, shape=(1,)):
    """Return parameters of one value."""
    made = [mxnet.gluon.Parameter(f"w{i}", shape=shape) for i in range(count)]
    for parameter in made:
        parameter.initialize(init=mxnet.init.Constant(value), ctx=contexts)
    return made


def trainer_of(scheduled, params, optimizer="sgd", *, trainer=None, **options):
    """Return a trainer whose scheduler is given, or ours of what is scheduled."""
    theirs = scheduled is None or isinstance(scheduled, mxnet.lr_scheduler.LRScheduler)
    settings = {"lr_scheduler": scheduled if theirs else Scheduler(scheduled), **options}
    return mxnet.gluon.Trainer(params, optimizer, settings, **(trainer or {}))


def step(trainer, params):
    """Update parameters by gradients of 1."""
    with mxnet.autograd.record():
        losses = [mxnet.nd.add_n(*data) for data in zip(*[one.list_data() for one in params], strict=True)]
    for loss in losses:
        loss.backward()
    trainer.step(len(losses))


def moves_of(trainer, params, updates=8):
    """Return how far each of the next updates moves the parameters from 0, on their first device; a row an update."""
    rows = []
    for _ in range(updates):
        for parameter in params:
            parameter.set_data(mxnet.nd.zeros(1))
        step(trainer, params)
        rows.append([-parameter.list_data()[0].asscalar() for parameter in params])
    return rows


def weights_of(name, scheduled, *, by_hand, count=6, **options):
    """Return six parameters after each of 8 updates, and what the optimizer was told when it asked for its rates.

    The numbers of the schedule or plan are those of the adapter, or set by hand.
    """
    mxnet.random.seed(3)  # SGLD draws noise
    params = parameters(count, value=0.5, shape=(1, 2))
    # FTRL has a default rate that it keeps from the scheduler, and refuses None.
    rate = {"learning_rate": 0.5} if by_hand else {} if name == "ftrl" else {"learning_rate": None}
    trainer = trainer_of(None if by_hand else scheduled, params, name, **{**rate, **options})
    optimizer, told, weights = trainer.optimizer, [], []
    ask = optimizer._get_lrs

    def listen(indices):
        answer = ask(indices)
        told.append((max(optimizer._index_update_count.values(), default=0), dict(zip(indices, answer, strict=True))))
        return answer

    optimizer._get_lrs = listen
    for t in range(8):
        if by_hand:
            for option, number in (scheduled(t) if isinstance(scheduled, Plan) else {"lr": scheduled(t)}).items():
                if option == "lr":
                    trainer.set_learning_rate(number)
                else:
                    setattr(optimizer, {"weight_decay": "wd", "eps": "epsilon"}.get(option, option), number)
        with mxnet.autograd.record():
            loss = mxnet.nd.add_n(*[(i + 1) * one.data().square().sum() for i, one in enumerate(params)])
        loss.backward()
        trainer.step(1)
        weights.append([one.data().asnumpy().tolist() for one in params])
    return weights, told
