"""Over several devices, through each kvstore, and in a Module, MXNet trains with the rates of the schedule."""

import numpy as np
import pytest

from cases import WARMUP_COSINE

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Scheduler
from mxnet_training import parameters, step, trainer_of

ONE, TWO = [mxnet.cpu(0)], [mxnet.cpu(0), mxnet.cpu(1)]


def weights_after(schedule, times, weight=0.0):
    """Where a weight whose gradient is 1 is left by each update, as float32 computes it."""
    left = []
    for t in times:
        weight = np.float32(weight) - np.float32(schedule(t))
        left.append(weight)
    return left


# gluon.Trainer


def trained(contexts, **options):
    """Where each update leaves each parameter on each device, and the trainer; all gradients are 1."""
    params = parameters(5, contexts=contexts)
    trainer, left = trainer_of(WARMUP_COSINE, params, trainer=options), []
    for _ in range(8):
        step(trainer, params)
        left.append([parameter.data(context).asscalar() for parameter in params for context in contexts])
    return left, trainer


@pytest.mark.parametrize("kvstore", ["local", "device"])
@pytest.mark.parametrize("update_on_kvstore", [True, False])
def test_two_devices_train_with_the_schedule_wherever_the_update_is_made(kvstore, update_on_kvstore):
    left, trainer = trained(TWO, kvstore=kvstore, update_on_kvstore=update_on_kvstore)
    assert trainer._update_on_kvstore is update_on_kvstore
    assert trainer._kvstore.type == kvstore
    assert left == [[weight] * 10 for weight in weights_after(WARMUP_COSINE, range(8))]


@pytest.mark.parametrize("kvstore", [None, "local", "device", "teststore"])
def test_one_device_trains_with_the_schedule_whatever_kvstore_is_named(kvstore):
    left, _ = trained(ONE, kvstore=kvstore)
    assert left == [[weight] * 5 for weight in weights_after(WARMUP_COSINE, range(8))]


@pytest.mark.parametrize("contexts", [ONE, TWO], ids=["one", "two"])
@pytest.mark.parametrize("update_on_kvstore", [True, False])
def test_a_kvstore_that_was_made_before_trains_with_the_schedule(contexts, update_on_kvstore):
    kvstore = mxnet.kv.create("local")
    left, trainer = trained(contexts, kvstore=kvstore, update_on_kvstore=update_on_kvstore)
    assert trainer._update_on_kvstore is update_on_kvstore
    assert left == [[weight] * 5 * len(contexts) for weight in weights_after(WARMUP_COSINE, range(8))]


# Module


def loss_of_one_weight():
    weight = mxnet.sym.Variable("weight", shape=(1, 1))
    return mxnet.sym.MakeLoss(mxnet.sym.sum(mxnet.sym.broadcast_mul(mxnet.sym.Variable("data"), weight)))


def module(contexts, kvstore, *, loaded=None, updates_done=0):
    """A module whose only weight has the gradient 1, ready to be trained."""
    names = {"data_names": ["data"], "label_names": None, "context": contexts}
    if loaded:
        made = mxnet.mod.Module.load(loaded, 1, load_optimizer_states=True, **names)
    else:
        made = mxnet.mod.Module(loss_of_one_weight(), **names)
    made.bind([("data", (2, 1))], for_training=True)
    if not loaded:
        made.init_params(mxnet.init.Zero())
    options = {"lr_scheduler": Scheduler(WARMUP_COSINE), "begin_num_update": updates_done}
    made.init_optimizer(kvstore=kvstore, optimizer="sgd", optimizer_params=options)
    return made


def updated(made, updates):
    """Where each update leaves the weight."""
    left = []
    for _ in range(updates):
        made.forward_backward(mxnet.io.DataBatch([mxnet.nd.ones((2, 1))], None))
        made.update()
        left.append(made.get_params()[0]["weight"].asscalar())
    return left


@pytest.fixture(params=[True, False], ids=["on kvstore", "beside it"])
def update_on_kvstore(request, monkeypatch):
    """Where a Module makes its updates, which only the environment decides."""
    monkeypatch.setenv("MXNET_UPDATE_ON_KVSTORE", str(int(request.param)))
    return request.param


every_module = pytest.mark.parametrize(
    ("contexts", "kvstore"), [(ONE, None), (ONE, "local"), (TWO, "local"), (TWO, "device")]
)


@every_module
def test_a_module_trains_with_the_schedule(contexts, kvstore, update_on_kvstore):
    made = module(contexts, kvstore)
    assert made._update_on_kvstore is (update_on_kvstore and contexts == TWO)
    assert updated(made, 8) == weights_after(WARMUP_COSINE, range(8))


@every_module
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # MXNet leaves it open
def test_a_module_that_is_loaded_goes_on_at_begin_num_update(contexts, kvstore, update_on_kvstore, tmp_path):
    made, checkpoint = module(contexts, kvstore), str(tmp_path / "made")
    left = updated(made, 4)
    made.save_checkpoint(checkpoint, 1, save_optimizer_states=True)
    made = module(contexts, kvstore, loaded=checkpoint, updates_done=4)
    assert left + updated(made, 4) == weights_after(WARMUP_COSINE, range(8))


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_module_that_is_loaded_without_it_begins_the_schedule_again(tmp_path):
    """MXNet's fault, pinned: the states of a module do not say how many updates were made."""
    made, checkpoint = module(ONE, None), str(tmp_path / "made")
    left = updated(made, 4)
    made.save_checkpoint(checkpoint, 1, save_optimizer_states=True)
    made = module(ONE, None, loaded=checkpoint)
    assert updated(made, 4) == weights_after(WARMUP_COSINE, range(4), left[-1])


def test_fit_of_a_module_trains_with_the_schedule():
    label = mxnet.sym.sum(mxnet.sym.Variable("label"))  # which fit insists on
    made, left = mxnet.mod.Module(loss_of_one_weight() + 0 * label, label_names=["label"]), []
    ones = np.ones((8, 1), np.float32)
    made.fit(
        mxnet.io.NDArrayIter({"data": ones}, {"label": ones}, batch_size=2),
        eval_metric="loss",
        initializer=mxnet.init.Zero(),
        optimizer_params={"lr_scheduler": Scheduler(WARMUP_COSINE)},
        num_epoch=2,
        batch_end_callback=lambda _: left.append(made.get_params()[0]["weight"].asscalar()),
    )
    assert left == weights_after(WARMUP_COSINE, range(8))


# An error in a kvstore


def too_late(t):
    """A schedule that gives up."""
    if t >= 2:
        message = "no rate for t >= 2"
        raise RuntimeError(message)
    return 0.5


def trained_too_long(*, update_on_kvstore):
    params = parameters(contexts=TWO)
    trainer = trainer_of(too_late, params, trainer={"update_on_kvstore": update_on_kvstore})
    for _ in range(4):
        step(trainer, params)
    return params[0].data(TWO[0]).asscalar()


def test_an_error_of_the_schedule_stops_an_update_that_is_made_beside_the_kvstore():
    with pytest.raises(RuntimeError, match="no rate for t >= 2"):
        trained_too_long(update_on_kvstore=False)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_of_an_error_in_an_update_on_the_kvstore_mxnet_prints_the_traceback_and_skips_the_update():
    """MXNet's fault, pinned: its C++ calls the updater and cannot raise."""
    assert trained_too_long(update_on_kvstore=True) == -1.0
