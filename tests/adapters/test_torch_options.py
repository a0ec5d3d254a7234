"""`ScheduleLR` on any option of the parameter groups, and on groups that come and go."""

import copy
import pickle

import pytest

from lrsched_core import Constant, Cosine, Linear

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import ExponentialLR, SequentialLR  # only where torch is installed

from lrsched_torch import ScheduleLR  # as above
from torch_training import (  # as above
    add_group,
    halving,
    loaded_from,
    make_optimizer,
    quarter_halving,
    rates_of,
    train,
    update,
)


def weights(*values):
    """Parameters whose gradients are 1."""
    made = []
    for value in values:
        weight = torch.nn.Parameter(torch.tensor(value, dtype=torch.float64))
        weight.grad = torch.ones_like(weight)
        made.append(weight)
    return made


def test_weight_decay_moves_a_weight_by_its_schedule():
    """SGD adds weight_decay * weight to the gradient, which is 0 here."""
    (weight,) = weights(1.0)
    weight.grad.zero_()
    optimizer = torch.optim.SGD([weight], lr=1.0, weight_decay=7.0)
    scheduler = ScheduleLR(optimizer, {"weight_decay": halving})
    moves = []
    for _ in range(4):
        weight.data.fill_(1.0)
        optimizer.step()
        scheduler.step()
        moves.append(1.0 - weight.item())
    assert moves == [1.0, 0.5, 0.25, 0.125]


def test_momentum_and_dampening_are_those_of_the_schedules_at_each_update():
    """The update is the momentum buffer: m(t) * buffer + (1 - d(t)) * 1."""
    (weight,) = weights(0.0)
    optimizer = torch.optim.SGD([weight], lr=1.0, momentum=0.9)
    scheduler = ScheduleLR(
        optimizer, {"lr": Constant(1.0), "momentum": quarter_halving, "dampening": Linear(0.5, steps=4)}
    )
    moves = [move for (move,) in train(optimizer, scheduler, 4)]
    buffer, expected = 1.0, [1.0]
    for t in range(1, 4):
        buffer = quarter_halving(t) * buffer + (1 - Linear(0.5, steps=4)(t))
        expected.append(buffer)
    assert moves == expected


def adam_by_hand(rates, betas, eps):
    """Adam's moves for gradients of 1, by its paper, with other numbers at every update."""
    first = second = 0.0
    moves = []
    for n, (rate, (beta1, beta2), tiny) in enumerate(zip(rates, betas, eps, strict=True), 1):
        first, second = beta1 * first + (1 - beta1), beta2 * second + (1 - beta2)
        moves.append(rate * first / (1 - beta1**n) / ((second / (1 - beta2**n)) ** 0.5 + tiny))
    return moves


@pytest.mark.parametrize("tensors", [False, True])
def test_betas_and_eps_are_those_of_the_schedules_at_each_update(tensors):
    """Each of the two is an option of its own; the tensors that the optimizer has stay its tensors."""
    betas = tuple(torch.tensor(beta, dtype=torch.float64) for beta in (0.9, 0.99)) if tensors else (0.9, 0.99)
    eps = torch.tensor(0.5, dtype=torch.float64) if tensors else 0.5
    optimizer = torch.optim.Adam(weights(0.0), lr=1.0, betas=betas, eps=eps, foreach=False)
    beta1, beta2, tiny = Linear(0.8, 0.5, steps=4), Cosine(0.9, 0.95, steps=4), Linear(0.5, 0.1, steps=4)
    scheduler = ScheduleLR(optimizer, {"lr": halving, "betas[1]": beta2, "betas[0]": beta1, "eps": tiny})
    moves = [move for (move,) in train(optimizer, scheduler, 5)]
    times = range(5)
    expected = adam_by_hand(map(halving, times), [(beta1(t), beta2(t)) for t in times], map(tiny, times))
    assert moves == pytest.approx(expected, rel=1e-12)
    (group,) = optimizer.param_groups
    if tensors:
        assert [each is mine for each, mine in zip(group["betas"], betas, strict=True)] == [True, True]
        assert group["eps"] is eps
    else:
        assert group["betas"] == (beta1(5), beta2(5))
        assert [type(beta) for beta in group["betas"]] == [float, float]


def test_options_that_are_not_named_are_left_to_others():
    """The rate here is torch's, the weight decay ours."""
    optimizer = make_optimizer()
    rates, decay = ExponentialLR(optimizer, 0.5), ScheduleLR(optimizer, {"weight_decay": quarter_halving})
    seen = []
    for _ in range(3):
        seen.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["weight_decay"], decay.get_last_lr()))
        update(optimizer)
        rates.step()
        decay.step()
    assert seen[0] == (1.0, 0.25, [1.0])
    assert [each[:2] for each in seen] == [(1.0, 0.25), (0.5, 0.125), (0.25, 0.0625)]


def test_each_option_can_have_a_schedule_for_each_group():
    optimizer = make_optimizer(1.0, 1.0)
    scheduler = ScheduleLR(optimizer, {"lr": halving, "momentum": [halving, quarter_halving]})
    update(optimizer)
    scheduler.step()
    assert rates_of(optimizer) == [0.5, 0.5]
    assert [group["momentum"] for group in optimizer.param_groups] == [0.5, 0.125]


def test_a_factor_scales_what_each_group_was_given_of_each_option():
    """Also in a group that joins later, and of a pair."""
    groups = [{"params": weights(0.0), "betas": (0.5, 0.75), "weight_decay": 8.0}, {"params": weights(0.0)}]
    optimizer = torch.optim.AdamW(groups, lr=1.0, betas=(0.25, 0.5), weight_decay=4.0)
    scheduler = ScheduleLR(
        optimizer, {"betas[0]": halving, "weight_decay": halving, "lr": Constant(1.0)}, mode="factor"
    )
    optimizer.step()
    scheduler.step()
    optimizer.add_param_group({"params": weights(0.0), "weight_decay": 16.0})
    scheduler.step()
    seen = [(group["lr"], group["betas"], group["weight_decay"]) for group in optimizer.param_groups]
    # The last group joined at t = 1, with what is then a half of what it is taken to have been given.
    assert seen == [(1.0, (0.125, 0.75), 2.0), (1.0, (0.0625, 0.5), 1.0), (1.0, (0.125, 0.5), 8.0)]


@pytest.mark.parametrize(
    ("given_now", "on_change", "seen"),
    [(8.0, "refuse", [2.0, 1.0]), (16.0, "keep", [4.0, 2.0]), (16.0, "refuse", None)],
)
def test_what_a_group_was_given_of_an_option_is_in_the_optimizer_s_checkpoint(given_now, on_change, seen):
    """So it is not scaled twice; another value is refused or taken, never the old one without a word."""

    def start(decay, **options):
        optimizer = torch.optim.SGD(weights(0.0), lr=1.0, weight_decay=decay)
        return optimizer, ScheduleLR(optimizer, {"weight_decay": halving}, mode="factor", **options)

    first, second = start(8.0), start(given_now, on_change=on_change)
    train(*first, 2)
    if seen is None:
        message = r"^`initial_weight_decay`, .* must be 8\.0 in parameter group 0, .*, got 16\.0\. Hint: on_change='ke"
        with pytest.raises(ValueError, match=message):
            loaded_from(first, second)
        return
    optimizer, scheduler = loaded_from(first, second)
    decays = [optimizer.param_groups[0]["weight_decay"]]
    train(optimizer, scheduler, 1)
    assert [*decays, optimizer.param_groups[0]["weight_decay"]] == seen


def test_scaling_what_nobody_knows_is_refused():
    """As torch refuses to go on from a rate without `initial_lr`."""
    optimizer = make_optimizer()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    with pytest.raises(KeyError, match=r"param 'initial_momentum' is not specified in param_groups\[0\]"):
        ScheduleLR(optimizer, {"momentum": halving}, mode="factor", last_epoch=3)


@pytest.mark.parametrize(
    "name",
    [
        "momentun",
        "nesterov",  # a yes or no
        "foreach",  # None
        "params",
        "initial_lr",
        "lr[0]",
        3,
    ],
)
def test_an_option_that_the_groups_do_not_have_is_refused_by_name(name):
    optimizer = make_optimizer()
    optimizer.param_groups[0]["initial_lr"] = 1.0
    message = (
        rf"^`schedule` must name options that every parameter group has, got {name!r}\."
        r" Hint: they have 'lr', 'momentum', 'dampening', 'weight_decay'\.$"
    ).replace("[0]", r"\[0\]")
    with pytest.raises(ValueError, match=message):
        ScheduleLR(optimizer, {"lr": halving, name: halving})
    assert rates_of(optimizer) == [1.0]


def test_a_pair_is_refused_with_the_names_of_its_numbers():
    optimizer = torch.optim.Adam(weights(0.0))
    message = r"got 'betas'\. Hint: they have 'lr', 'betas\[0\]', 'betas\[1\]', 'eps', 'weight_decay'\.$"
    with pytest.raises(ValueError, match=message):
        ScheduleLR(optimizer, {"betas": (halving, halving)})


def test_an_option_that_one_group_lacks_is_refused():
    optimizer = make_optimizer(1.0, 1.0)
    optimizer.param_groups[1]["scale"] = 2.0
    with pytest.raises(ValueError, match=r"options that every parameter group has, got 'scale'\."):
        ScheduleLR(optimizer, {"scale": halving})


def test_flattening_an_option_that_differs_between_groups_is_refused():
    """Weight decay is commonly 0 for biases."""
    groups = [{"params": weights(0.0), "weight_decay": 0.0}, {"params": weights(0.0)}]
    optimizer = torch.optim.SGD(groups, lr=1.0, weight_decay=0.1)
    message = (
        r"^`schedule\['weight_decay'\]` must be one for each parameter group where their own values differ,"
        r" got a single one for values from 0\.0 to 0\.1\."
        r" Hint: pass a list of schedules, or mode='factor' to scale each group's own value\.$"
    )
    with pytest.raises(ValueError, match=message):
        ScheduleLR(optimizer, {"weight_decay": halving})


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_a_bad_value_of_any_option_is_refused_before_any_is_written(mode):
    optimizer = make_optimizer()
    optimizer.param_groups[0]["momentum"] = 1.0
    schedules = {"lr": halving, "momentum": lambda t: float("nan") if t == 1 else 0.5}
    scheduler = ScheduleLR(optimizer, schedules, mode=mode)
    update(optimizer)
    with pytest.raises(ValueError, match=r"^`schedule\['momentum'\]` must give a finite rate >= 0, got nan at t=1\.$"):
        scheduler.step()
    assert rates_of(optimizer) == [1.0]


def test_betas_must_stay_below_1():
    """Adam divides by 1 - beta**n. As a factor, 1 is what it should be."""
    optimizer = torch.optim.Adam(weights(0.0))
    message = r"^`schedule\['betas\[0\]'\]` must give a rate >= 0 and < 1\.0, got 1\.0 at t=0\.$"
    with pytest.raises(ValueError, match=message):
        ScheduleLR(optimizer, {"betas[0]": Constant(1.0)})
    ScheduleLR(optimizer, {"betas[0]": Constant(1.0)}, mode="factor")
    assert optimizer.param_groups[0]["betas"] == (0.9, 0.999)


def test_tensors_that_groups_share_are_parted_for_every_option():
    """A group that takes the default later gets the default, not the value of the moment."""
    beta, decay = torch.tensor(0.5, dtype=torch.float64), torch.tensor(8.0, dtype=torch.float64)
    groups = [{"params": weights(0.0)}, {"params": weights(0.0)}]
    optimizer = torch.optim.Adam(groups, lr=decay, betas=(beta, beta), weight_decay=decay, foreach=False)
    scheduler = ScheduleLR(
        optimizer, {name: [halving, quarter_halving] for name in ("lr", "betas[0]", "weight_decay")}, mode="factor"
    )

    def seen():
        return [
            (g["lr"].item(), g["betas"][0].item(), g["betas"][1].item(), g["weight_decay"].item())
            for g in optimizer.param_groups
        ]

    assert seen() == [(8.0, 0.5, 0.5, 8.0), (2.0, 0.125, 0.5, 2.0)]
    optimizer.step()
    scheduler.step()
    assert seen() == [(4.0, 0.25, 0.5, 4.0), (1.0, 0.0625, 0.5, 1.0)]
    optimizer.add_param_group({"params": weights(0.0)})
    assert seen()[2] == (8.0, 0.5, 0.5, 8.0)


def test_several_options_follow_torch_s_sequence():
    """Where all of its schedulers set them."""
    optimizer = make_optimizer()
    parts = [
        ScheduleLR(optimizer, {"lr": halving, "momentum": quarter_halving}),
        ScheduleLR(optimizer, {"lr": quarter_halving, "momentum": halving}),
    ]
    scheduler = SequentialLR(optimizer, parts, milestones=[2])
    seen = []
    for _ in range(4):
        seen.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"]))
        update(optimizer)
        scheduler.step()
    assert seen == [(1.0, 0.25), (0.5, 0.125), (0.25, 1.0), (0.125, 0.5)]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))], ids=["copy", "pickle"])
def test_copies_set_several_options_too(again):
    optimizer = make_optimizer(1.0, 1.0)
    schedules = {"lr": [Cosine(0.3, steps=4), Linear(0.3, steps=4)], "momentum": Linear(0.5, steps=4)}
    scheduler = ScheduleLR(optimizer, schedules)
    update(optimizer)
    scheduler.step()
    twin = again(scheduler)
    del twin.optimizer.param_groups[0]
    twin.step()
    (group,) = twin.optimizer.param_groups
    assert (group["lr"], group["momentum"]) == (Linear(0.3, steps=4)(2), 0.25)
    assert rates_of(optimizer) == [schedule(1) for schedule in schedules["lr"]]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
def test_one_schedule_goes_on_when_groups_are_removed(mode):
    optimizer = make_optimizer(1.0, 1.0, 1.0)
    scheduler = ScheduleLR(optimizer, {"lr": halving, "weight_decay": quarter_halving}, mode=mode)
    del optimizer.param_groups[0]
    assert train(optimizer, scheduler, 2) == [[1.0] * 2, [0.5] * 2]


def test_each_group_keeps_its_schedule_when_others_are_removed():
    """After loading a checkpoint too, which makes the groups anew."""
    optimizer = make_optimizer(1.0, 1.0, 1.0)
    scheduler = ScheduleLR(optimizer, [halving, quarter_halving, Constant(3.0)])
    del optimizer.param_groups[0]
    assert train(optimizer, scheduler, 2) == [[0.25, 3.0], [0.125, 3.0]]
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    del optimizer.param_groups[0]
    scheduler.step()
    assert rates_of(optimizer) == [3.0]


def test_a_group_in_the_place_of_a_removed_one_does_not_inherit_its_schedule():
    optimizer = make_optimizer(1.0, 1.0)
    scheduler = ScheduleLR(optimizer, [halving, quarter_halving])
    del optimizer.param_groups[1]
    add_group(optimizer, lr=3.0)
    update(optimizer)
    with pytest.raises(ValueError, match=r"got none for group 1, which was added later\. Hint: a single schedule"):
        scheduler.step()


def test_groups_whose_parameters_are_all_exchanged_keep_their_places():
    """As when a model is sharded after its optimizer was made."""
    optimizer = make_optimizer(1.0, 1.0)
    scheduler = ScheduleLR(optimizer, [halving, quarter_halving])
    for group in optimizer.param_groups:
        group["params"] = weights(0.0)
    assert train(optimizer, scheduler, 2) == [[1.0, 0.25], [0.5, 0.125]]
