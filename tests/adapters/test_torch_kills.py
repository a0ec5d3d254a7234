"""A hundred runs that are killed at random updates go on, from their last checkpoint, as if they had not been."""

import os

import pytest

from forking import lines, said_by
from lrsched_core import Cosine

pytest.importorskip("torch")

RUNS, UPDATES = 100, 30

# One process imports torch, and forks one for each stretch of each run. A run logs a line for every update: its number,
# the options that it used and the weights that it left, as exact text. It saves every 4 updates, and kills itself
# where it is told to, by the one signal that no process can catch.
PROGRAM = """
import os, random, signal, sys
import torch
import torch._dynamo  # the first optimizer would import it, in every process anew
from forking import forked
from lrsched_core import Cosine, Linear
from lrsched_torch import ScheduleLR
from torch.optim.lr_scheduler import ReduceLROnPlateau, SequentialLR

folder, runs, updates = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
OPTIONS = ("lr", "weight_decay", "momentum", "betas")


def schedule():
    return Cosine(0.3, 0.01, steps=20).with_warmup(6)


def start(kind):
    torch.set_num_threads(1)
    weights = [torch.nn.Parameter(torch.ones((), dtype=torch.float64)) for _ in range(2)]
    groups = [{"params": [weight], "lr": rate} for weight, rate in zip(weights, (1.0, 0.5 if kind == 2 else 1.0))]
    if kind == 3:
        optimizer = torch.optim.AdamW(groups, weight_decay=0.5)
    else:
        optimizer = torch.optim.SGD(groups, momentum=0.5)
    if kind == 0:
        return weights, (optimizer, ScheduleLR(optimizer, schedule()))
    if kind == 1:
        return weights, (optimizer, ScheduleLR(optimizer, [schedule(), lambda t: 1 / (t + 3)]))
    if kind == 2:
        scheduler = ScheduleLR(optimizer, schedule(), mode="factor", on_edit="keep")
        return weights, (optimizer, scheduler, ReduceLROnPlateau(optimizer, factor=0.7, patience=1))
    if kind == 3:
        options = {"lr": schedule(), "betas[0]": Linear(0.9, 0.5, steps=25), "weight_decay": [schedule(), schedule()]}
        return weights, (optimizer, ScheduleLR(optimizer, options))
    parts = [ScheduleLR(optimizer, schedule()), ScheduleLR(optimizer, Linear(0.4, steps=18))]
    return weights, (optimizer, SequentialLR(optimizer, parts, milestones=[11]))


def text(value):
    return ",".join(map(float.hex, value)) if isinstance(value, tuple) else float(value).hex()


def train(kind, name, kill_at=0, place=""):
    weights, states = start(kind)
    optimizer, scheduler, *plateau = states
    path, done = os.path.join(folder, name + ".checkpoint"), 0
    if os.path.exists(path):
        done, values, *saved = torch.load(path, weights_only=True)
        for weight, value in zip(weights, values):
            weight.data.fill_(value)
        for each, state in zip(states, saved):
            each.load_state_dict(state)
    log = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for n in range(done + 1, updates + 1):

        def maybe_die(here):
            if n == kill_at and here == place:
                os.kill(os.getpid(), signal.SIGKILL)

        used = [text(group[key]) for group in optimizer.param_groups for key in OPTIONS if key in group]
        for weight in weights:
            weight.grad = torch.full_like(weight, 0.1 * (-1) ** n)
        maybe_die("before the update")
        optimizer.step()
        line = [str(n), *used, *(text(weight.item()) for weight in weights)]
        os.write(log, (" ".join(line) + chr(10)).encode())
        maybe_die("before the scheduler")
        scheduler.step()
        for each in plateau:
            each.step(-(n // 4))
        maybe_die("before the checkpoint")
        if n % 4 == 0:
            state = [n, [weight.item() for weight in weights], *(each.state_dict() for each in states)]
            torch.save(state, path + ".part")
            maybe_die("while it is written")
            os.replace(path + ".part", path)


places = ("before the update", "before the scheduler", "before the checkpoint", "while it is written")
for kind in range(5):
    assert forked(train, kind, f"uninterrupted-{kind}") == 0
chance = random.Random(20)
kills = 0
for run in range(runs):
    kind, name = run % 5, f"run-{run}"
    for kill in range(chance.randint(1, 3)):
        # The next update after the last checkpoint, or a later one.
        place = chance.choice(places)
        first = 4 * (kill + 1) if place == "while it is written" else 1
        kill_at = chance.randrange(first, updates + 1, 4 if place == "while it is written" else 1)
        code = forked(train, kind, name, kill_at, place)
        # A run that has come further meanwhile ends by itself.
        assert code in (-signal.SIGKILL, 0), code
        kills += code == -signal.SIGKILL
        if kill == 0:
            assert code == -signal.SIGKILL
        if code == 0:
            break
    else:
        assert forked(train, kind, name) == 0
print(kills)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_hundred_killed_runs_use_the_rates_of_the_uninterrupted_ones(tmp_path):
    """Bit for bit, with the weights: by one schedule, a list, factors on a plateau, several options, a sequence."""
    assert int(said_by(PROGRAM, tmp_path, RUNS, UPDATES)) >= RUNS
    uninterrupted = [lines(tmp_path / f"uninterrupted-{kind}") for kind in range(5)]
    schedule = Cosine(0.3, 0.01, steps=20).with_warmup(6)
    assert [float.fromhex(line[1]) for line in uninterrupted[0]] == [schedule(t) for t in range(UPDATES)]
    replayed = 0
    for run in range(RUNS):
        expected = uninterrupted[run % 5]
        assert [int(line[0]) for line in expected] == [*range(1, UPDATES + 1)]
        logged = lines(tmp_path / f"run-{run}")
        # What was done again after a kill was done in the same way.
        assert all(line == expected[int(line[0]) - 1] for line in logged)
        assert {int(line[0]) for line in logged} == {*range(1, UPDATES + 1)}
        replayed += len(logged) - UPDATES
    assert replayed > RUNS // 2
