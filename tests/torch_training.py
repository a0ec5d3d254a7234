"""A torch optimizer of weights whose gradients are 1, so that each update moves them by the rate."""

import io

import torch


def halving(t):
    """Return a rate that differs at every t and is exact in float32: 1, 1/2, 1/4, ..."""
    return 0.5**t


def quarter_halving(t):
    """Return a quarter of the above."""
    return 0.25 * halving(t)


def make_optimizer(*rates, dtype=torch.float64):
    """Return an SGD with one parameter group, of one weight, for each of the rates."""
    groups = []
    for rate in rates or (1.0,):
        weight = torch.nn.Parameter(torch.zeros((), dtype=dtype))
        groups.append({"params": [weight], "lr": rate})
    return torch.optim.SGD(groups)


def add_group(optimizer, **options):
    """Give the optimizer one more group, of one weight."""
    weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
    optimizer.add_param_group({"params": [weight], **options})


def update(optimizer):
    """Update weights of 0 by gradients of 1, and return how far each of them moved."""
    weights = [group["params"][0] for group in optimizer.param_groups]
    for weight in weights:
        # From 0, so that the move is the rate itself, without the rounding of a sum.
        weight.data.zero_()
        weight.grad = torch.ones_like(weight)
    optimizer.step()
    return [-weight.item() for weight in weights]


def train(optimizer, scheduler, updates):
    """Return what each of the next updates moved the weights by."""
    moves = []
    for _ in range(updates):
        moves.append(update(optimizer))
        scheduler.step()
    return moves


def rates_of(optimizer):
    """Return the rates that the next update will use."""
    return [group["lr"] for group in optimizer.param_groups]


def through_a_file(state):
    """Return what torch's safe loader makes of a checkpoint file."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def loaded_from(first, second):
    """Load the states of some objects into others, through a file; return these."""
    for each, state in zip(second, through_a_file([each.state_dict() for each in first]), strict=True):
        each.load_state_dict(state)
    return second
