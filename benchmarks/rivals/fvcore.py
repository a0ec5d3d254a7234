"""fvcore's schedulers: functions of the part of training that is done."""

from fvcore.common.param_scheduler import (
    CompositeParamScheduler,
    ConstantParamScheduler,
    CosineParamScheduler,
    ExponentialParamScheduler,
    LinearParamScheduler,
    MultiStepParamScheduler,
    ParamScheduler,
)

from benchmarks.policies import (
    END,
    FLOOR,
    HOLD_UNTIL,
    HORIZON,
    MANY,
    MANY_FACTOR,
    PEAK,
    PERIOD,
    RISE,
    WARMUP,
    Policy,
    height,
)
from benchmarks.rivals.table import Function, Functions


def functions() -> Functions:
    """The schedulers, asked for a step."""
    plateau = ConstantParamScheduler(PEAK)
    ramp = LinearParamScheduler(0.0, PEAK)
    wave = CosineParamScheduler(PEAK, FLOOR)
    rest = END, ConstantParamScheduler(FLOOR)
    values = [PEAK * MANY_FACTOR**i for i in range(len(MANY) + 1)]
    return {
        "fvcore": {
            Policy.CONSTANT: _by_step(plateau),
            Policy.EXPONENTIAL: _by_step(ExponentialParamScheduler(PEAK, 0.9999**HORIZON)),
            Policy.STEPS: _by_step(MultiStepParamScheduler([PEAK, 0.01, 0.001], HORIZON, [30_000, 60_000])),
            Policy.MANY_STEPS: _by_step(MultiStepParamScheduler(values, HORIZON, list(MANY))),
            # Past its end this one rises again, so a user has to join a constant to it.
            Policy.COSINE: _joined((0, wave), rest),
            Policy.WARMUP_COSINE: _joined((0, ramp), (WARMUP, wave), rest),
            Policy.THREE_PHASES: _joined((0, ramp), (WARMUP, plateau), (HOLD_UNTIL, wave), rest),
            Policy.ONE_CYCLE: _joined(
                (0, CosineParamScheduler(PEAK / 25, PEAK)),
                (RISE, CosineParamScheduler(PEAK, 1e-6)),
                (END, ConstantParamScheduler(1e-6)),
            ),
            Policy.RESTARTS: _joined(*[(start, wave) for start in range(0, END, PERIOD)], rest),
            Policy.PHASES_100: _waves(100, rest),
            Policy.PHASES_1000: _waves(1000, rest),
        }
    }


def _by_step(scheduler: ParamScheduler) -> Function:
    return lambda t: scheduler(t / HORIZON)


def _joined(*parts: tuple[int, ParamScheduler]) -> Function:
    starts = [start for start, _ in parts]
    lengths = [(stop - start) / HORIZON for start, stop in zip(starts, [*starts[1:], HORIZON], strict=True)]
    schedulers = [scheduler for _, scheduler in parts]
    return _by_step(CompositeParamScheduler(schedulers, lengths, ["rescaled"] * len(parts)))


def _waves(n: int, rest: tuple[int, ParamScheduler]) -> Function:
    return _joined(*[(END // n * i, CosineParamScheduler(height(i), FLOOR)) for i in range(n)], rest)
