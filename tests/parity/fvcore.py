"""`fvcore.common.param_scheduler`, asked for `where = t / max_iter` as detectron2 asks."""

from fvcore.common import param_scheduler as theirs

from lrsched_core.compat import fvcore as ours
from parity.case import Case, maker
from parity.comparison import grid


def rates(scheduler):
    """Asks a scheduler for each update."""

    def run(count, max_iter=100, **arguments):
        asked = scheduler(**arguments)
        return [asked(t / max_iter) for t in range(count)]

    return run


def length(max_iter=100, **_):
    return max_iter


made = maker("fvcore.common.param_scheduler", theirs, ours, rates)


def case(name, grid, ends=True, quirks=""):
    """A scheduler that is asked up to its end, or past it."""
    return made(name, grid, length, quirks, last=length if ends else None)


COSINE = ("CosineParamScheduler", {"start_value": 0.1, "end_value": 0.001})
LINEAR = ("LinearParamScheduler", {"start_value": 0.001, "end_value": 0.1})
CONSTANT = ("ConstantParamScheduler", {"value": 0.1})
STEPS = ("StepParamScheduler", {"num_updates": 10, "values": [0.1, 0.01, 0.001]})
HALVES = ("StepParamScheduler", {"num_updates": 10, "values": [0.1, 0.01]})


def their_composite(count, max_iter, schedulers, lengths, interval_scaling):
    children = [getattr(theirs, name)(**arguments) for name, arguments in schedulers]
    # It writes into the list of lengths that it is given.
    asked = theirs.CompositeParamScheduler(children, [*lengths], interval_scaling)
    return [asked(t / max_iter) for t in range(count)]


def our_composite(max_iter, schedulers, lengths, interval_scaling):
    children = [
        getattr(ours, name)(**arguments, **({} if "Constant" in name else {"max_iter": max_iter}))
        for name, arguments in schedulers
    ]
    return ours.CompositeParamScheduler(children, lengths, interval_scaling, max_iter=max_iter)


VALUES = [0.3, 0.1, 0.02]
LENGTHS = {"max_iter": [90, 1, 7, 1000]}

CASES = [
    case("ConstantParamScheduler", [{"value": 0.1}]),
    case(
        "CosineParamScheduler",
        grid({"start_value": 0.1, "end_value": 0.001}, {"start_value": 0.0, "end_value": 0.1}, **LENGTHS),
        ends=False,
        quirks="rises again after the end, or falls",
    ),
    case(
        "ExponentialParamScheduler",
        grid({"start_value": 2.0}, decay=[0.02, 0.9, 1.5], **LENGTHS),
        ends=False,
        quirks="goes on after the end",
    ),
    case(
        "LinearParamScheduler",
        grid({"start_value": 0.0001, "end_value": 0.01}, {"start_value": 0.1, "end_value": 0.0}, **LENGTHS),
        quirks="not reproduced: goes on after the end, below 0",
    ),
    case(
        "PolynomialDecayParamScheduler",
        grid({"base_value": 0.1}, power=[0.9, 1.0, 2.0, 3.5], **LENGTHS),
        quirks="not reproduced: complex after the end",
    ),
    case(
        "MultiStepParamScheduler",
        grid(
            {"values": VALUES, "milestones": [30, 60, 90]},
            {"values": VALUES, "milestones": [3, 6, 9]},
            {"values": VALUES, "milestones": [30, 60], "num_updates": 91},
            {"values": VALUES, "num_updates": 8},
            {"values": [0.1], "num_updates": 8},
            **LENGTHS,
        ),
        quirks="not reproduced: changes a millionth of the training early",
    ),
    case("StepParamScheduler", grid({"num_updates": 120}, values=[VALUES, [0.1], [0.4, 0.3, 0.2, 0.1]], **LENGTHS)),
    case(
        "StepWithFixedGammaParamScheduler",
        grid({"base_value": 0.1, "num_updates": 120}, num_decays=[3, 1, 8], gamma=[0.1, 0.7], **LENGTHS),
    ),
    Case(
        "fvcore.common.param_scheduler.CompositeParamScheduler",
        our_composite,
        their_composite,
        grid(
            {"schedulers": [LINEAR, COSINE], "lengths": [0.1, 0.9], "interval_scaling": ["rescaled", "rescaled"]},
            {"schedulers": [CONSTANT, COSINE], "lengths": [0.3, 0.7], "interval_scaling": ["rescaled", "fixed"]},
            {
                "schedulers": [LINEAR, CONSTANT, COSINE],
                "lengths": [0.1, 0.2, 0.6999],
                "interval_scaling": ["fixed", "fixed", "rescaled"],
            },
            {"schedulers": [LINEAR, STEPS], "lengths": [0.25, 0.75], "interval_scaling": ["rescaled", "rescaled"]},
            {"schedulers": [HALVES, HALVES], "lengths": [0.1, 0.9], "interval_scaling": ["rescaled", "rescaled"]},
            {"schedulers": [STEPS, HALVES], "lengths": [0.7, 0.3], "interval_scaling": ["fixed", "fixed"]},
            max_iter=[100, 1, 30, 1000],
        ),
        length,
        last=length,
        spelling="Sequence((Linear(0.001, 0.1, steps=100).stretch(0.1), ...), milestones=(10,))",
        quirks="not reproduced: changes a millionth of the training early",
    ),
]
