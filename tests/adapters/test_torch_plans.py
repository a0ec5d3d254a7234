"""`ScheduleLR` on a plan: several options, groups by name, and the history of what was followed."""

import math

import pytest

from lrsched_core import Clock, Constant, Cosine, Linear, Plan, Plateau, diff, wsd

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import SequentialLR  # only where torch is installed

from lrsched_torch import ScheduleLR, from_torch, plan_of  # as above
from torch_training import through_a_file  # as above

LR, DECAY, MOMENTUM = (
    Cosine(0.3, 0.01, steps=20).with_warmup(6),
    Linear(0.1, 0.01, steps=25),
    Linear(0.9, 0.5, steps=25),
)
UPDATES = 30


def parameter(value=1.0):
    weight = torch.nn.Parameter(torch.tensor(value, dtype=torch.float64))
    weight.grad = torch.ones_like(weight)
    return weight


def sgd(*groups):
    return torch.optim.SGD([{"params": [parameter()], **group} for group in groups or ({},)], lr=0.1, momentum=0.5)


def adam(*groups, kind=torch.optim.AdamW):
    return kind([{"params": [parameter()], **group} for group in groups or ({},)], lr=0.1)


def options(optimizer):
    return [{key: value for key, value in group.items() if key != "params"} for group in optimizer.param_groups]


# Common names and torch's own, where each is kept.
NAMES = [
    (sgd, "momentum", lambda group: group["momentum"]),
    (adam, "momentum", lambda group: group["betas"][0]),
    (adam, "beta1", lambda group: group["betas"][0]),
    (adam, "betas[0]", lambda group: group["betas"][0]),
    (adam, "beta2", lambda group: group["betas"][1]),
    (adam, "betas[1]", lambda group: group["betas"][1]),
    (adam, "eps", lambda group: group["eps"]),
    (adam, "weight_decay", lambda group: group["weight_decay"]),
    (sgd, "dampening", lambda group: group["dampening"]),
]


@pytest.mark.parametrize("form", [lambda name, one: Plan({name: one}, lr=LR), lambda name, one: {"lr": LR, name: one}])
@pytest.mark.parametrize(("make", "name", "read"), NAMES, ids=[f"{m.__name__}-{n}" for m, n, _ in NAMES])
def test_each_name_is_translated(make, name, read, form):
    optimizer = make({}, {})
    scheduler = ScheduleLR(optimizer, form(name, MOMENTUM))
    for t in range(UPDATES):
        assert [read(group) for group in optimizer.param_groups] == [MOMENTUM(t)] * 2
        assert [group["lr"] for group in optimizer.param_groups] == [LR(t)] * 2 == scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()


def test_weights_move_as_planned():
    """SGD by hand: decay, momentum and rate of each update."""
    weight = parameter(2.0)
    optimizer = torch.optim.SGD([weight], lr=0.5, momentum=0.5)
    scheduler = ScheduleLR(optimizer, Plan(lr=LR, weight_decay=DECAY, momentum=MOMENTUM))
    expected, buffer = 2.0, None
    for t in range(UPDATES):
        optimizer.step()
        scheduler.step()
        gradient = 1.0 + DECAY(t) * expected
        buffer = gradient if buffer is None else MOMENTUM(t) * buffer + gradient
        expected -= LR(t) * buffer
        assert math.isclose(weight.item(), expected, rel_tol=1e-13)


GROUPED = Plan(
    lr=LR, beta1=MOMENTUM, groups={"head": Plan(lr=Constant(0.4), weight_decay=DECAY), "still": Plan(eps=1e-6)}
)


def test_groups_follow_the_plan_of_their_name():
    optimizer = adam({}, {"name": "head", "lr": 0.7}, {"name": "still", "lr": 0.2}, {"name": "another"})
    scheduler = ScheduleLR(optimizer, GROUPED)
    for t in range(UPDATES):
        first, head, still, another = options(optimizer)
        for group in (first, another):
            assert (group["lr"], group["betas"], group["weight_decay"]) == (LR(t), (MOMENTUM(t), 0.999), 0.01)
        assert (head["lr"], head["betas"], head["weight_decay"]) == (0.4, (0.9, 0.999), DECAY(t))
        assert (still["lr"], still["betas"], still["eps"]) == (0.2, (0.9, 0.999), 1e-6)
        assert scheduler.get_last_lr() == [LR(t), 0.4, 0.2, LR(t)]
        optimizer.step()
        scheduler.step()


def test_two_optimizers_share_a_plan():
    plan = Plan(groups={"muon": Plan(lr=LR, momentum=MOMENTUM), "adam": Plan(lr=0.1, beta1=0.8)})
    muon = torch.optim.Muon([torch.nn.Parameter(torch.ones(2, 2))]) if hasattr(torch.optim, "Muon") else sgd()
    other = adam()
    first, second = ScheduleLR(muon, plan.groups["muon"]), ScheduleLR(other, plan.groups["adam"])
    for t in range(5):
        assert (muon.param_groups[0]["lr"], muon.param_groups[0]["momentum"]) == (LR(t), MOMENTUM(t))
        assert (other.param_groups[0]["lr"], other.param_groups[0]["betas"][0]) == (0.1, 0.8)
        muon.step()
        other.step()
        first.step()
        second.step()


REFUSED = [
    (sgd, [{}], Plan(beta1=0.9), r"^`schedule` must name options that every parameter group has, got 'beta1'\. Hint: "),
    (adam, [{}], Plan(beta1=0.9, momentum=0.8), "must name each option once, got 'momentum' and 'beta1', both 'betas"),
    (sgd, [{}], GROUPED, r"^`schedule\.groups` must name parameter groups of the optimizer, got 'head'\. .* none\.$"),
    (
        sgd,
        [{"name": "head"}],
        Plan(groups={"head": Plan(beta1=0.9)}),
        r"^`schedule\.groups\['head'\]` must name options that its parameter groups have, got 'beta1'",
    ),
    (
        sgd,
        [{"name": "a"}, {"name": "b"}],
        Plan(groups={"a": Plan(lr=LR)}),
        r"^`schedule\.groups` must have a plan for each parameter group, got none for group 1, 'b'\. Hint: ",
    ),
    (sgd, [{"lr": 0.1}, {"lr": 0.2}], Plan(lr=LR), r"^`schedule\['lr'\]` must be one for each .* from 0\.1 to 0\.2\."),
    (
        sgd,
        [{"name": "a", "lr": 0.1}, {"name": "a", "lr": 0.2}],
        Plan(groups={"a": Plan(lr=LR)}),
        "must be one for each .* from 0.1 to 0.2",
    ),
]


@pytest.mark.parametrize(("make", "groups", "plan", "message"), REFUSED)
def test_what_does_not_fit_is_refused_both_ways(make, groups, plan, message):
    with pytest.raises(ValueError, match=message):
        ScheduleLR(make(*groups), plan)


def test_a_group_that_joins_follows_the_plan_of_its_name_or_is_refused():
    optimizer = sgd({"name": "a"})
    scheduler = ScheduleLR(optimizer, Plan(groups={"a": Plan(lr=LR)}))
    optimizer.step()
    scheduler.step()
    optimizer.add_param_group({"params": [parameter()], "name": "a"})
    scheduler.step()
    assert [group["lr"] for group in optimizer.param_groups] == [LR(2)] * 2
    optimizer.add_param_group({"params": [parameter()], "name": "b"})
    with pytest.raises(ValueError, match="got none for group 2, 'b'"):
        scheduler.step()


CLOCK = Clock(batch_size=8, samples_per_epoch=20, epochs=10)
PLANS = [
    (sgd, [{}], Plan(lr=LR, weight_decay=DECAY, momentum=MOMENTUM)),
    (sgd, [{}, {}], Plan(lr=wsd(0.3, warmup=10, stable=80, decay=40), weight_decay=0.1).on(CLOCK, "samples")),
    (adam, [{}, {"name": "head"}, {"name": "still"}], GROUPED),
]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize("rule", [None, Plateau(0.5, patience=1)])
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize(("make", "groups", "plan"), PLANS)
def test_a_plan_is_resumed_and_read_back(make, groups, plan, order, rule, mode):
    optimizer = make(*groups)
    scheduler = ScheduleLR(optimizer, plan, rule=rule, mode=mode)

    def train(optimizer, scheduler, times):
        seen = []
        for t in times:
            seen.append(options(optimizer))
            optimizer.step()
            if rule:
                scheduler.observe(float(t % 5))
            scheduler.step()
        return seen

    whole = train(optimizer, scheduler, range(9))
    states = through_a_file([optimizer.state_dict(), scheduler.state_dict()])
    whole += train(optimizer, scheduler, range(9, 20))
    assert plan_of(states[1]) == plan
    optimizer = make(*groups)
    scheduler = ScheduleLR(optimizer, plan_of(states[1]), rule=rule, mode=mode)
    for part, state in list(zip((optimizer, scheduler), states, strict=True))[:: -1 if order else 1]:
        part.load_state_dict(state)
    assert train(optimizer, scheduler, range(9, 20)) == whole[9:]


def resumed(state, given, make=sgd, groups=({},), **how):
    scheduler = ScheduleLR(make(*groups), given, **how)
    scheduler.load_state_dict(state)
    return scheduler


def at(given, updates, make=sgd, groups=({},), state=None, **how):
    scheduler = resumed(state, given, make, groups, **how) if state else ScheduleLR(make(*groups), given, **how)
    for _ in range(updates):
        scheduler.optimizer.step()
        scheduler.step()
    return scheduler.state_dict()


def spread(given, t):
    """Values of whatever `plan_of` gives."""
    if isinstance(given, Plan):
        return {**given(t), **{name: plan(t) for name, plan in given.groups.items()}}
    if isinstance(given, dict):
        return {name: spread(one, t) for name, one in given.items()}
    return [one(t) for one in given] if isinstance(given, list) else given(t)


FORMS = [
    (sgd, ({},), lambda lr: lr),
    (sgd, ({},), lambda lr: [lr]),
    (sgd, ({},), lambda lr: {"lr": lr, "momentum": [lr]}),
    (sgd, ({},), lambda lr: Plan(lr=lr, momentum=lr)),
    (adam, ({}, {"name": "head"}), lambda lr: Plan(lr=lr, groups={"head": Plan(lr=2 * lr, beta1=lr)})),
]


@pytest.mark.parametrize("mode", ["absolute", "factor"])
@pytest.mark.parametrize(("make", "groups", "form"), FORMS)
def test_the_checkpoint_tells_the_whole_history(make, groups, form, mode):
    """Three schedules one after the other, each taken at the clock of a checkpoint."""
    one, two, three = Linear(0.4, 0.2, steps=9), Constant(0.25), Cosine(0.3, steps=12)
    keep = {"make": make, "groups": groups, "on_change": "keep", "mode": mode}
    state = at(form(one), 3, **keep)
    state = at(form(two), 4, state=through_a_file(state), **keep)
    state = at(form(three), 2, state=through_a_file(state), **keep)
    whole = plan_of(through_a_file(state))
    for t in range(15):
        now = one if t < 3 else two if t < 7 else three
        assert spread(whole, t) == spread(plan_of(at(form(now), 0, make, groups, mode=mode)), t)
    # What is given now may be what was followed last, or the whole.
    for given in (form(three), whole):
        again = resumed(state, given, make, groups, mode=mode).state_dict()
        assert [spread(plan_of(again), t) for t in range(15)] == [spread(whole, t) for t in range(15)]
    with pytest.raises(ValueError, match="must be the one that the checkpoint was made with"):
        resumed(state, form(two), make, groups, mode=mode)
    # Again and again: it grows by changes alone.
    assert resumed(state, form(three), **keep).state_dict() == state


def test_of_each_option_that_can_be_written_the_history_is_told():
    state = at({"lr": LR, "momentum": lambda t: 0.5}, 3)
    state = resumed(state, {"lr": DECAY, "momentum": MOMENTUM}, on_change="keep").state_dict()
    assert plan_of(state) == {"lr": LR.then(DECAY.advance(3), at=3), "momentum": MOMENTUM}


def test_what_is_to_come_alone_is_no_history():
    new = LR.cooldown(at=3, steps=4)
    assert plan_of(resumed(at(LR, 3), new, on_change="future").state_dict()) == new


def test_a_change_at_the_beginning_leaves_no_history():
    state = at(LR, 0)
    assert plan_of(resumed(state, MOMENTUM, on_change="keep").state_dict()) == MOMENTUM


def test_a_future_is_taken_where_the_past_is_the_same():
    plan = Plan(lr=LR, weight_decay=DECAY)
    state = at(plan, 8)
    new = plan.replace(lr=LR.cooldown(at=8, steps=4))
    scheduler = resumed(state, new, on_change="future")
    assert [plan_of(scheduler.state_dict())(t) for t in range(20)] == [new(t) for t in range(20)]
    other = plan.replace(weight_decay=Constant(0.1))
    with pytest.raises(ValueError, match=r"before t=8, got another, which first differs at t=1: .* for 'weight_decay'"):
        resumed(state, other, on_change="future")


def test_of_groups_too_the_future_alone_may_change():
    head = Plan(lr=LR, momentum=MOMENTUM)
    plan = Plan(lr=LR, groups={"head": head})
    groups = ({"name": "body"}, {"name": "head", "momentum": 0.9})
    state = at(plan, 8, sgd, groups)

    def changed(t):
        return plan.replace(groups={"head": head.replace(momentum=MOMENTUM.then(Constant(0.25), at=t))})

    scheduler = resumed(state, changed(8), sgd, groups, on_change="future")
    assert scheduler.optimizer.param_groups[1]["momentum"] == 0.25
    assert diff(plan_of(scheduler.state_dict()), changed(8)).first is None
    with pytest.raises(ValueError, match=r"before t=8, got another, which first differs at t=5: .* for 'momentum'"):
        resumed(state, changed(5), sgd, groups, on_change="future")


def test_another_batch_size_is_another_clock():
    plan = Plan(lr=Linear(0.3, steps=400))
    one, other = (plan.on(Clock(batch_size=size), "samples") for size in (8, 16))
    state = at(one, 5)
    with pytest.raises(ValueError, match="which first differs at t=1"):
        resumed(state, other)
    joined = plan_of(resumed(state, other, on_change="keep").state_dict())
    assert (joined(4), joined(5)) == (one(4), other(5))


NAMED = [{"name": "body"}, {"name": "head"}]
BY_NAME = Plan(lr=LR, groups={"head": Plan(lr=LR * 2, weight_decay=DECAY)})


@pytest.mark.parametrize("saved", [[{}, {}], NAMED])
def test_groups_keep_their_names_when_a_state_without_them_is_loaded(saved):
    """Torch takes over whatever a group of the state has, and leaves out what it has not."""
    optimizer = sgd(*NAMED)
    scheduler = ScheduleLR(optimizer, BY_NAME)
    optimizer.load_state_dict(sgd(*saved).state_dict())
    for t in range(3):
        assert [group["lr"] for group in optimizer.param_groups] == [LR(t), 2 * LR(t)] == scheduler.get_last_lr()
        assert optimizer.param_groups[1]["weight_decay"] == DECAY(t)
        optimizer.step()
        scheduler.step()


def test_a_state_whose_groups_have_other_names_is_refused_or_kept_out():
    state = sgd(*reversed(NAMED)).state_dict()
    optimizer = sgd(*NAMED)
    scheduler = ScheduleLR(optimizer, BY_NAME)
    with pytest.raises(ValueError, match=r"^`state_dict` must have 'body' for parameter group 0, .* got 'head'\."):
        optimizer.load_state_dict(state)
    assert [group["name"] for group in optimizer.param_groups] == ["body", "head"]
    optimizer = sgd(*NAMED)
    scheduler = ScheduleLR(optimizer, BY_NAME, on_change="keep")
    optimizer.load_state_dict(state)
    assert [group["name"] for group in optimizer.param_groups] == ["body", "head"]
    assert [group["lr"] for group in optimizer.param_groups] == [LR(0), 2 * LR(0)] == scheduler.get_last_lr()


def test_a_plan_with_code_trains_and_is_not_compared():
    optimizer = sgd()
    scheduler = ScheduleLR(optimizer, Plan(lr=lambda t: 0.5 / (t + 1), weight_decay=0.1))
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 0.25
    state = through_a_file(scheduler.state_dict())
    with pytest.raises(TypeError, match="must hold schedules that have a form, got Plan"):
        plan_of(state)
    assert resumed(state, Plan(lr=lambda t: 0.5 / (t + 1), weight_decay=0.1)).get_last_lr() == [0.25]


def test_a_sequence_of_plans():
    optimizer = sgd()
    parts = [ScheduleLR(optimizer, Plan(lr=LR, momentum=MOMENTUM)), ScheduleLR(optimizer, Plan(lr=DECAY, momentum=0.3))]
    scheduler = SequentialLR(optimizer, parts, milestones=[4])
    seen = []
    for _ in range(8):
        seen.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"]))
        optimizer.step()
        scheduler.step()
    assert seen == [*[(LR(t), MOMENTUM(t)) for t in range(4)], *[(DECAY(t), 0.3) for t in range(4)]]


def test_tensors_are_filled_and_a_compiled_step_goes_on_with_them():
    weight = torch.nn.Parameter(torch.ones(()))
    weight.grad = torch.ones(())
    optimizer = torch.optim.AdamW([weight], lr=torch.tensor(0.1), weight_decay=0.0, capturable=False, foreach=False)
    plan = Plan(lr=LR, weight_decay=DECAY)
    scheduler = ScheduleLR(optimizer, plan)
    rate = optimizer.param_groups[0]["lr"]
    step = torch.compile(optimizer.step, backend="eager")
    for t in range(4):
        assert optimizer.param_groups[0]["lr"] is rate
        assert (rate.item(), optimizer.param_groups[0]["weight_decay"]) == (pytest.approx(LR(t)), DECAY(t))
        step()
        scheduler.step()


def test_what_a_plan_says_of_the_groups_is_read_back():
    optimizer = adam({}, {"name": "head"})
    scheduler = ScheduleLR(optimizer, Plan(lr=LR, groups={"head": Plan(lr=DECAY)}))
    assert from_torch(scheduler) == [LR, DECAY]
    scheduler = ScheduleLR(adam({}, {"name": "head"}), Plan(lr=LR, groups={"head": Plan(eps=1e-6)}))
    with pytest.raises(TypeError, match="must set 'lr' of every group"):
        from_torch(scheduler)
