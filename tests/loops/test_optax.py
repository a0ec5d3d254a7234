"""optax takes a schedule as it is: as the rate, as any other hyperparameter, inside its own combinators, resumed."""

import json
import operator
import random
import signal

import numpy as np
import pytest

from cases import WARMUP_COSINE, every_schedule
from forking import lines, said_by
from lrsched_core import Constant, Cosine, Function, Greedy, Linear, Plan, Plateau, Schedule, SquareRoot, from_dict

jax = pytest.importorskip("jax")
optax = pytest.importorskip("optax")
import jax.numpy as jnp


def close_to(schedule, times):
    """What a float32 graph must have computed."""
    return pytest.approx([schedule(t) for t in times], rel=5e-7, abs=0.0)


def steps(optimizer, gradients=8 * [1.0], state=None):
    """How far each update moves a parameter from 0, and the last state; compiled once for all."""
    at_zero = jnp.zeros(())

    @jax.jit
    def step(gradient, state):
        change, state = optimizer.update(gradient, state, at_zero)
        return -optax.apply_updates(at_zero, change), state

    state = optimizer.init(at_zero) if state is None else state
    rates = []
    for gradient in gradients:
        rate, state = step(jnp.float32(gradient), state)
        rates.append(float(rate))
    assert step._cache_size() == 1  # one trace, whatever the count
    return rates, state


# As the rate


@every_schedule
def test_the_nth_update_of_sgd_uses_the_schedule_at_n_minus_1(schedule):
    rates, _ = steps(optax.sgd(schedule))
    assert rates == close_to(schedule, range(8))


@every_schedule
def test_scale_by_schedule_multiplies_by_it(schedule):
    rates, _ = steps(optax.chain(optax.scale_by_schedule(schedule), optax.scale(-1.0)))
    assert rates == close_to(schedule, range(8))


def test_scan_over_the_updates_uses_the_schedule_at_each():
    optimizer, at_zero = optax.sgd(WARMUP_COSINE), jnp.zeros(())

    def step(state, gradient):
        change, state = optimizer.update(gradient, state, at_zero)
        return state, -change

    _, rates = jax.jit(lambda gradients: jax.lax.scan(step, optimizer.init(at_zero), gradients))(jnp.ones(8))
    assert rates.tolist() == close_to(WARMUP_COSINE, range(8))


def test_the_last_updates_that_optax_can_count_use_their_own_rates():
    """Its count stops at 2**31 - 1; near the end of a cosine float32 has lost the angle, and the rate, long before."""
    last = 2**31 - 1
    schedule = Cosine(0.3, steps=last + 1)
    optimizer = optax.sgd(schedule)
    near = jax.tree.map(lambda count: jnp.full_like(count, last - 3), optimizer.init(jnp.zeros(())))
    rates, _ = steps(optimizer, 5 * [1.0], near)
    assert rates == close_to(schedule, [last - 3, last - 2, last - 1, last, last])
    assert rates[3] > 0.0


# inject_hyperparams


@every_schedule
def test_inject_hyperparams_evaluates_the_schedule_at_every_update(schedule):
    rates, state = steps(optax.inject_hyperparams(optax.sgd)(learning_rate=schedule))
    assert rates == close_to(schedule, range(8))
    assert float(state.hyperparams["learning_rate"]) == rates[7]


def test_the_rate_in_the_state_is_the_one_that_was_used_last_and_before_training_the_first():
    optimizer, at_zero = optax.inject_hyperparams(optax.sgd)(learning_rate=WARMUP_COSINE), jnp.zeros(())
    state, step = optimizer.init(at_zero), jax.jit(optimizer.update)
    assert float(state.hyperparams["learning_rate"]) == WARMUP_COSINE(0)
    for t in range(8):
        change, state = step(jnp.ones(()), state, at_zero)
        assert float(state.hyperparams["learning_rate"]) == -float(change) == pytest.approx(WARMUP_COSINE(t), rel=5e-7)


def test_any_hyperparameter_can_be_injected():
    """Momentum with a heavy ball: the change is rate * velocity, and the velocity a sum over all updates."""
    momentum = Linear(0.9, 0.5, steps=4)
    optimizer = optax.inject_hyperparams(optax.sgd)(learning_rate=WARMUP_COSINE, momentum=momentum)
    rates, state = steps(optimizer)
    expected, velocity = [], 0.0
    for t in range(8):
        velocity = 1.0 + momentum(t) * velocity
        expected.append(WARMUP_COSINE(t) * velocity)
    assert rates == pytest.approx(expected, rel=1e-6)
    assert float(state.hyperparams["momentum"]) == 0.5


def test_weight_decay_and_betas_of_adamw_follow_schedules_of_their_own():
    decay, b1 = Cosine(0.1, 0.01, steps=5), Linear(0.9, 0.8, steps=4)
    adamw = optax.inject_hyperparams(optax.adamw)(learning_rate=WARMUP_COSINE, b1=b1, weight_decay=decay)

    def weights(optimizer_at):
        weight, state = jnp.ones(()), adamw.init(jnp.ones(()))
        made = []
        for t in range(8):
            change, state = optimizer_at(t).update(jnp.ones(()), state, weight)
            weight = optax.apply_updates(weight, change)
            made.append(float(weight))
        return made, state

    def with_numbers(t):
        numbers = {
            "learning_rate": Constant(WARMUP_COSINE(t)),
            "b1": Constant(b1(t)),
            "weight_decay": Constant(decay(t)),
        }
        return optax.inject_hyperparams(optax.adamw)(**numbers)

    scheduled, state = weights(lambda t: adamw)
    assert scheduled == pytest.approx(weights(with_numbers)[0], rel=1e-5)
    assert {name: float(state.hyperparams[name]) for name in ("b1", "weight_decay")} == pytest.approx(
        {"b1": b1(7), "weight_decay": decay(7)}
    )


# Groups


def test_multi_transform_trains_each_group_with_its_own_schedule():
    body, head = WARMUP_COSINE, Linear(0.5, 0.1, steps=7)
    optimizer = optax.multi_transform(
        {"slow": optax.sgd(body), "fast": optax.sgd(head)}, {"body": "slow", "head": "fast"}
    )
    at_zero = {"body": jnp.zeros(()), "head": jnp.zeros(())}
    state, rows = optimizer.init(at_zero), []
    step = jax.jit(optimizer.update)
    for _ in range(8):
        change, state = step({"body": jnp.ones(()), "head": jnp.ones(())}, state, at_zero)
        rows.append({name: -float(value) for name, value in change.items()})
    assert [row["body"] for row in rows] == close_to(body, range(8))
    assert [row["head"] for row in rows] == close_to(head, range(8))
    assert optax.tree.get_all_with_path(state, "count")[0][1] == 8  # each group counts its updates


# Which updates count


def test_multisteps_counts_the_updates_that_it_makes_and_not_the_gradients_that_it_gathers():
    optimizer = optax.MultiSteps(optax.sgd(WARMUP_COSINE), every_k_schedule=3)
    rates, state = steps(optimizer, 24 * [1.0])
    assert rates[2::3] == close_to(WARMUP_COSINE, range(8))
    assert [rate for i, rate in enumerate(rates) if i % 3 != 2] == 16 * [0.0]
    assert int(state.gradient_step) == 8


def test_an_update_that_apply_if_finite_skips_is_not_counted():
    optimizer = optax.apply_if_finite(optax.sgd(WARMUP_COSINE), max_consecutive_errors=5)
    rates, _ = steps(optimizer, [1.0, 1.0, float("nan"), 1.0, float("inf"), float("inf"), 1.0, 1.0])
    moved = [rates[i] for i in (0, 1, 3, 6, 7)]
    assert moved == close_to(WARMUP_COSINE, range(5))
    assert [rates[i] for i in (2, 4, 5)] == [0.0, 0.0, 0.0]


# Joined with schedules of optax


def test_a_schedule_joined_by_optax_bears_the_negative_times_of_the_other_branch():
    """optax evaluates the second schedule before its turn, at t - boundary < 0."""
    first, second = Linear(0.1, 0.5, steps=4), SquareRoot(0.5)
    rates, _ = steps(optax.sgd(optax.join_schedules([first, second], [4])))
    assert rates == close_to(first.then(second, at=4), range(8))


def test_join_schedules_takes_ours_between_those_of_optax():
    theirs = optax.cosine_decay_schedule(0.4, 4)
    rates, _ = steps(optax.sgd(optax.join_schedules([theirs, WARMUP_COSINE, theirs], [2, 6])))
    assert rates[:2] + rates[6:] == pytest.approx([float(theirs(t)) for t in (0, 1, 0, 1)], rel=5e-7)
    assert rates[2:6] == close_to(WARMUP_COSINE, range(4))


def of_optax(schedule):
    """A schedule of optax as one of ours; the page of recipes has the same lines."""

    def function(t):
        if isinstance(t, jax.Array):
            return schedule(t)
        with jax.ensure_compile_time_eval():  # inside jit, too, a number is answered with a number
            return float(schedule(t))

    return Function(function)


def test_ours_take_those_of_optax_as_functions():
    theirs = optax.cosine_decay_schedule(0.4, 4, alpha=0.1)
    composed = of_optax(theirs).with_warmup(2).then(Linear(0.1, steps=4), at=5)
    rates, _ = steps(optax.sgd(composed), 9 * [1.0])
    by_hand = [0.0, 0.2, *[float(theirs(t)) for t in range(3)], 0.1, 0.075, 0.05, 0.025]
    assert rates == pytest.approx(by_hand, rel=5e-7)
    assert [composed(t) for t in range(9)] == pytest.approx(by_hand, rel=5e-7)
    assert composed(np.arange(9)).tolist() == [composed(t) for t in range(9)]


def test_a_schedule_of_optax_given_to_function_as_it_is_answers_numbers():
    """It answers a number with an array of JAX without dimensions; inside jit that has no value, hence the recipe."""
    theirs = optax.cosine_decay_schedule(0.4, 4)
    assert [Function(theirs)(t) for t in range(6)] == [float(theirs(t)) for t in range(6)]


# Resumed by orbax. The state of optax holds counts and hyperparameters, never the schedule.


def orbax():
    pytest.importorskip("orbax.checkpoint")
    import orbax.checkpoint

    return orbax.checkpoint


OPTIMIZERS = {
    "sgd": lambda schedule: optax.sgd(schedule),
    "adam": lambda schedule: optax.adam(schedule),
    "inject_hyperparams": lambda schedule: optax.inject_hyperparams(optax.sgd)(learning_rate=schedule),
    "MultiSteps": lambda schedule: optax.MultiSteps(optax.sgd(schedule), every_k_schedule=2),
    "multi_transform": lambda schedule: optax.multi_transform({"all": optax.sgd(schedule)}, "all"),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_restored_by_orbax_a_training_goes_on_with_equal_rates(name, tmp_path):
    ocp, build = orbax(), OPTIMIZERS[name]
    whole, _ = steps(build(WARMUP_COSINE))
    first, state = steps(build(WARMUP_COSINE), 5 * [1.0])
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "state", state)
    with ocp.StandardCheckpointer() as checkpointer:
        like = jax.eval_shape(build(WARMUP_COSINE).init, jnp.zeros(()))
        restored = checkpointer.restore(tmp_path / "state", like)
    second, _ = steps(build(WARMUP_COSINE), 3 * [1.0], restored)
    assert first + second == whole


def test_a_restored_state_goes_on_with_the_schedule_of_the_new_program(tmp_path):
    """optax saves no schedule and so cannot notice another one; the page of recipes saves it beside the state."""
    ocp = orbax()
    _, state = steps(optax.sgd(WARMUP_COSINE), 5 * [1.0])
    with ocp.CheckpointManager(tmp_path) as manager:
        manager.save(
            5,
            args=ocp.args.Composite(
                state=ocp.args.StandardSave(state), schedule=ocp.args.JsonSave(WARMUP_COSINE.to_dict())
            ),
        )
    new = Linear(0.5, 0.1, steps=8)
    with ocp.CheckpointManager(tmp_path) as manager:
        like = jax.eval_shape(optax.sgd(new).init, jnp.zeros(()))
        restored = manager.restore(
            5, args=ocp.args.Composite(state=ocp.args.StandardRestore(like), schedule=ocp.args.JsonRestore())
        )
    assert steps(optax.sgd(new), 3 * [1.0], restored.state)[0] == close_to(new, range(5, 8))
    saved = from_dict(restored.schedule)
    assert isinstance(saved, Schedule)
    assert saved == WARMUP_COSINE != new


# A plan of several hyperparameters


PLAN = Plan(
    lr=WARMUP_COSINE,
    weight_decay=Cosine(0.1, 0.01, steps=5),
    beta1=Linear(0.9, 0.8, steps=4),
    beta2=Linear(0.9, 0.99, steps=6),
    eps=Linear(0.1, 0.01, steps=7),
)


def injected(plan):
    return optax.inject_hyperparams(optax.adamw)(**plan.arguments_for(optax.adamw))


def adamw_by_hand(plan, gradients):
    """The weight after each update of a weight that was 1."""
    weight, mean, square, weights = 1.0, 0.0, 0.0, []
    for t, gradient in enumerate(gradients):
        now = plan(t)
        mean = now["beta1"] * mean + (1 - now["beta1"]) * gradient
        square = now["beta2"] * square + (1 - now["beta2"]) * gradient**2
        ratio = mean / (1 - now["beta1"] ** (t + 1)) / ((square / (1 - now["beta2"] ** (t + 1))) ** 0.5 + now["eps"])
        weight -= now["lr"] * (ratio + now["weight_decay"] * weight)
        weights.append(weight)
    return weights


def weights_of(optimizer, gradients, weight=1.0, state=None):
    weight, restored = jnp.float32(weight), state is not None
    state, step = state if restored else optimizer.init(weight), jax.jit(optimizer.update)
    weights = []
    for gradient in gradients:
        change, state = step(jnp.float32(gradient), state, weight)
        weight = optax.apply_updates(weight, change)
        weights.append(float(weight))
    assert step._cache_size() == 1 + restored  # what orbax restores is bound to a device, until the first update
    return weights, state


def test_a_plan_moves_the_weights_as_it_says_also_from_a_checkpoint(tmp_path):
    ocp = orbax()
    gradients = [1.0, -0.5, 2.0, 0.25, 1.0, -1.0, 0.5, 3.0]
    first, state = weights_of(injected(PLAN), gradients[:5])
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "state", state)
    with ocp.StandardCheckpointer() as checkpointer:
        restored = checkpointer.restore(tmp_path / "state", jax.eval_shape(injected(PLAN).init, jnp.zeros(())))
    second, _ = weights_of(injected(PLAN), gradients[5:], first[-1], restored)
    assert first + second == pytest.approx(adamw_by_hand(PLAN, gradients), rel=1e-5)
    assert first + second == weights_of(injected(PLAN), gradients)[0]
    other = PLAN.replace(weight_decay=0.5)
    assert weights_of(injected(other), gradients)[0] == pytest.approx(adamw_by_hand(other, gradients), rel=1e-5)
    assert first != pytest.approx(adamw_by_hand(other, gradients)[:5], rel=1e-3)


def test_each_group_of_a_plan_trains_its_part():
    plan = Plan(groups={"slow": PLAN.replace(lr=PLAN["lr"] / 10), "fast": PLAN})
    optimizer = optax.multi_transform(
        {name: injected(group) for name, group in plan.groups.items()}, {"body": "slow", "head": "fast"}
    )
    weights = {"body": jnp.ones(()), "head": jnp.ones(())}
    state, rows = optimizer.init(weights), []
    step = jax.jit(optimizer.update)
    for _ in range(8):
        change, state = step(jax.tree.map(jnp.ones_like, weights), state, weights)
        weights = optax.apply_updates(weights, change)
        rows.append((float(weights["body"]), float(weights["head"])))
    expected = [adamw_by_hand(plan.groups[name], 8 * [1.0]) for name in ("slow", "fast")]
    assert rows == [pytest.approx(row, rel=1e-5) for row in zip(*expected, strict=True)]


# What an optimizer has no number for, or what another name means, is found in the live signatures.
@pytest.mark.parametrize(
    ("optimizer", "names"),
    [
        ("sgd", {"momentum": "momentum"}),
        ("adam", {"momentum": "b1", "eps": "eps"}),
        ("lion", {"beta1": "b1", "beta2": "b2", "weight_decay": "weight_decay"}),
        ("adafactor", {"weight_decay": "weight_decay_rate"}),
        ("rmsprop", {"momentum": "momentum", "eps": "eps", "decay": "decay"}),
        ("contrib.muon", {"momentum": "beta", "weight_decay": "weight_decay"}),
    ],
)
def test_a_plan_has_the_names_of_each_optimizer(optimizer, names):
    build = operator.attrgetter(optimizer)(optax)
    for function in (build, optax.inject_hyperparams(build)):
        given = Plan({"lr": 0.1, **dict.fromkeys(names, 0.5)}).arguments_for(function)
        assert {*given} == {"learning_rate", *names.values()}
    with pytest.raises(ValueError, match=r"^`plan` must be of what \w+ takes, got 'nesterov'"):
        Plan(lr=0.1, nesterov=1.0).arguments_for(build)
    optax.inject_hyperparams(build)(**given).init(jnp.ones((2, 2)))


# A rule, traced


@pytest.mark.parametrize("rule", [Plateau(0.5, patience=1), Greedy(0.5, 1, max_scale=2.0, window=2)], ids=repr)
def test_inside_a_scan_the_rates_used_are_those_of_the_schedule_times_the_scale_of_a_rule(rule):
    optimizer, zero = optax.sgd(WARMUP_COSINE), jnp.zeros(())
    losses = [random.Random(5).choice([0.5, 0.75, 1.0]) for _ in range(12)]

    def step(carry, loss):
        state, reaction = carry
        change, state = optimizer.update(jnp.ones(()), state, zero)
        return (state, rule.update(reaction, loss)), -change * reaction.scale

    begin = (optimizer.init(zero), jax.tree.map(jnp.asarray, rule.start()))
    (_, last), rates = jax.jit(lambda begin: jax.lax.scan(step, begin, jnp.array(losses)))(begin)
    state, expected = rule.start(), []
    for t, loss in enumerate(losses):
        expected.append(WARMUP_COSINE(t) * state.scale)
        state = rule.update(state, loss)
    assert rates.tolist() == pytest.approx(expected, rel=5e-7)
    assert last.scale == state.scale != 1.0


# Killed for real: one process imports JAX and orbax and forks, before either has started a thread. Each run is killed
# at an update drawn by lot and forked again to go on from the last checkpoint.

RUNS, LENGTH = 4, 12

TRAINING = """
import os, signal, sys
import jax, optax
import orbax.checkpoint as ocp
from forking import stretches
from lrsched_core import Cosine

LENGTH = int(sys.argv[3])

def training(folder, log, every, kill):
    optimizer = optax.inject_hyperparams(optax.sgd)(Cosine(0.3, 0.01, steps=7).with_warmup(4))

    @jax.jit
    def step(weight, state):
        change, state = optimizer.update(jax.numpy.ones(()), state, weight)
        return optax.apply_updates(weight, change), state

    weight = jax.numpy.zeros(())
    training = {"weight": weight, "state": optimizer.init(weight)}
    with ocp.CheckpointManager(folder / "checkpoints") as manager:
        if (latest := manager.latest_step()) is not None:
            training = manager.restore(latest, args=ocp.args.StandardRestore(training))
        while (update := int(training["state"].count)) < LENGTH:
            if update == kill:
                os.kill(os.getpid(), signal.SIGKILL)
            weight, state = step(**training)
            training = {"weight": weight, "state": state}
            with log.open("a") as file:
                print(update, float(state.hyperparams["learning_rate"]).hex(), float(weight).hex(), file=file)
            if (update + 1) % every == 0:
                manager.save(update + 1, args=ocp.args.StandardSave(training))
                manager.wait_until_finished()

stretches(training)
"""


def test_runs_killed_at_random_updates_resume_from_orbax_with_equal_rates(tmp_path):
    orbax()
    lot = random.Random(7)
    runs = [["whole", 5, None], *[[f"run-{i}", lot.randint(1, 4), lot.randrange(1, LENGTH)] for i in range(RUNS)]]
    said = said_by(TRAINING, tmp_path, json.dumps(runs), LENGTH)
    assert said.splitlines() == ["whole 0", *[f"run-{i} {-signal.SIGKILL} 0" for i in range(RUNS)]]
    whole = lines(tmp_path / "whole" / "first")
    schedule = Cosine(0.3, 0.01, steps=7).with_warmup(4)
    assert [float.fromhex(rate) for _, rate, _ in whole] == close_to(schedule, range(LENGTH))
    for name, every, kill in runs[1:]:
        resumed_at = kill // every * every
        assert lines(tmp_path / name / "first") == whole[:kill]
        assert lines(tmp_path / name / "second") == whole[resumed_at:]
