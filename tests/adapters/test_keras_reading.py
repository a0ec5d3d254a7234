"""A Keras schedule, as it is or from an optimizer, gives the same rates when it is read."""

import pytest

from lrsched_core import Cosine, Factor

keras = pytest.importorskip("keras")

from lrsched_keras import LearningRate, from_keras

theirs = keras.optimizers.schedules

SCHEDULES = [
    theirs.ExponentialDecay(0.5, decay_steps=7, decay_rate=0.9),
    theirs.ExponentialDecay(0.5, decay_steps=7, decay_rate=0.9, staircase=True),
    theirs.PiecewiseConstantDecay([3, 7, 7, 20], [0.5, 0.1, 0.2, 0.3, 0.0]),
    theirs.PolynomialDecay(0.5, decay_steps=20, end_learning_rate=0.1, power=2.0),
    theirs.PolynomialDecay(0.5, decay_steps=7, end_learning_rate=0.1, power=0.5, cycle=True),
    theirs.InverseTimeDecay(0.5, decay_steps=7, decay_rate=0.5),
    theirs.InverseTimeDecay(0.5, decay_steps=7, decay_rate=0.5, staircase=True),
    theirs.CosineDecay(0.5, decay_steps=20, alpha=0.1),
    theirs.CosineDecay(0.1, decay_steps=20, alpha=0.1, warmup_target=0.5, warmup_steps=7),
    theirs.CosineDecayRestarts(0.5, first_decay_steps=7, t_mul=1.5, m_mul=0.7, alpha=0.1),
]
every_schedule = pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)


@every_schedule
def test_a_schedule_is_read(schedule):
    read = from_keras(schedule)
    times = range(60)
    assert [read(t) for t in times] == pytest.approx([float(schedule(t)) for t in times], rel=1e-6, abs=1e-8)


@every_schedule
def test_a_saved_schedule_is_read(schedule):
    """From an optimizer's configuration, where Keras keeps the class by its name."""
    config = keras.optimizers.SGD(schedule).get_config()
    again = keras.optimizers.SGD.from_config(config)
    assert from_keras(again._learning_rate) == from_keras(schedule)


def test_a_schedule_is_the_same_at_any_update():
    """The optimizer counts, the schedule does not."""
    optimizer = keras.optimizers.SGD(theirs.CosineDecay(0.5, decay_steps=20))
    variable = keras.Variable([0.0])
    optimizer.build([variable])
    for t in range(30):
        assert from_keras(optimizer._learning_rate) == Cosine(0.5, steps=20)
        assert float(optimizer.learning_rate) == pytest.approx(Cosine(0.5, steps=20)(t), rel=1e-5, abs=1e-8)
        optimizer.apply([keras.ops.ones(1)], [variable])


def test_what_is_read_looks_as_it_would_be_written():
    assert from_keras(SCHEDULES[8]) == Cosine(0.5, 0.05, steps=20).with_warmup(7, start=0.1)


def test_our_own_schedule_comes_back():
    schedule = Cosine(0.5, steps=9)
    assert from_keras(LearningRate(schedule)) is schedule


def test_a_rate_in_a_tensor_or_a_variable_is_read_as_the_number_that_it_holds():
    rate, decay = keras.Variable(0.5), keras.ops.convert_to_tensor(0.25)
    schedule = theirs.ExponentialDecay(rate, decay_steps=7, decay_rate=decay, staircase=True)
    assert from_keras(schedule) == Factor(0.5, 0.25, every=7)


# What is refused


def test_a_whole_number_as_the_first_rate_is_refused():
    """Keras then rounds all that it computes."""
    schedule = theirs.ExponentialDecay(1, decay_steps=7, decay_rate=0.9)
    assert float(schedule(1)) == 0.0
    with pytest.raises(TypeError, match=r"^`initial_learning_rate` of the schedule must be a float, got 1, with which"):
        from_keras(schedule)


def test_a_schedule_that_goes_below_0_is_refused():
    schedule = theirs.PolynomialDecay(0.5, decay_steps=7, end_learning_rate=-0.5)
    with pytest.raises(ValueError, match=r"^`end_learning_rate` must be >= 0, got -0.5\.$"):
        from_keras(schedule)


class Half(theirs.ExponentialDecay):
    """A subclass."""

    def __call__(self, step):
        return super().__call__(step) / 2


@pytest.mark.parametrize("schedule", [0.1, lambda t: 0.1, Half(0.5, 7, 0.9), keras.optimizers.SGD(0.1)])
def test_what_cannot_be_read_is_refused(schedule):
    with pytest.raises(TypeError, match=r"^`schedule` must be one that Keras has .*, got .* Hint: .*Function"):
        from_keras(schedule)
