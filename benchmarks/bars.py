"""The bars: what the library promises about its cost, each a number that a measurement must not exceed."""

from enum import Enum

from benchmarks.measure import Spread


class Bar(Enum):
    """What is measured, and how much it may be at most."""

    WARMUP_COSINE = "scalar call: warmup + cosine, x formula", 1.7
    THREE_PHASES = "scalar call: 3 phases, x formula", 1.7
    ONE_CYCLE = "scalar call: one-cycle, x formula", 1.7
    RESTARTS = "scalar call: restarts, x formula", 1.7
    FUNCTION = "scalar call of s.function(): warmup + cosine, x formula", 1.0
    WARMUP_COSINE_RIVALS = (
        "scalar call: warmup + cosine, x the fastest of textbook, MXNet, fvcore, transformers, timm",
        1.0,
    )
    THREE_PHASES_RIVALS = "scalar call: 3 phases, x the fastest of fvcore, transformers", 1.0
    ONE_CYCLE_RIVALS = "scalar call: one-cycle, x fvcore", 1.0
    RESTARTS_RIVALS = "scalar call: restarts, x the fastest of fvcore, transformers, timm", 1.0
    PHASES_100 = "scalar call: 100 phases, x 3 phases", 2.0
    PHASES_1000 = "scalar call: 1000 phases, x 3 phases", 3.0
    DEPTH = "scalar call: 100 phases as 100 nested `then`, x as one Sequence", 1.05
    FAR_COSINE = "scalar call: cosine at t = 1e9, x at t = 10", 1.2
    FAR_SQUARE_ROOT = "scalar call: inverse square root at t = 1e9, x at t = 10", 1.2
    ARRAY_WARMUP_COSINE = "array of 1e6, sorted: warmup + cosine, x nested np.where", 0.65
    ARRAY_SHUFFLED = "array of 1e6, shuffled: warmup + cosine, x nested np.where", 1.2
    ARRAY_PHASES = "array of 1e6, sorted: 100 phases, x warmup + cosine", 1.3
    ARRAY_MILESTONES = "array of 1e6, sorted: 10,000 milestones, x searchsorted + gather", 0.4
    ARRAY_MEMORY = "array of 1e6: the most memory beyond the input, bytes a point", 10.0
    ARRAY_PHASES_SHORT = "array of 1e4, sorted: 100 phases, x warmup + cosine", 1.5
    ARRAY_1 = "array of 1: warmup + cosine, x nested np.where", 1.2
    ARRAY_10 = "array of 10, sorted: warmup + cosine, x nested np.where", 1.2
    ARRAY_100 = "array of 100, sorted: warmup + cosine, x nested np.where", 1.2
    ARRAY_1000 = "array of 1000, sorted: warmup + cosine, x nested np.where", 1.2
    ON_CLOCK = 's.on(clock, "tokens"), a ramp of 3 sizes: scalar call, x s', 1.3
    ON_CLOCK_ARRAY = 's.on(clock, "tokens"), a ramp of 3 sizes: array of 1e6, x s', 1.3
    # Half of 1.84, which it was before tapes.
    TENSOR_3 = "torch tensor of one time: 3 phases, x torch.where by hand", 0.92
    TENSOR_100 = "torch tensor of one time: 100 phases, x 3 phases", 2.0
    TENSOR_1000 = "torch tensor of one time: 1000 phases, x 3 phases", 3.0
    COMPILE_100 = "torch.compile, seconds to the first value: 100 phases", 0.6
    COMPILE_1000 = "torch.compile, seconds to the first value: 1000 phases", 2.0
    COMPILED_100 = "torch.compile, the next calls: 100 phases, x 3 phases", 1.5
    COMPILED_1000 = "torch.compile, the next calls: 1000 phases, x 3 phases", 1.5
    STEP_1 = "ScheduleLR.step(): 1 group, x CosineAnnealingLR", 0.3
    STEP_10 = "ScheduleLR.step(): 10 groups, x CosineAnnealingLR", 0.15
    STEP_100 = "ScheduleLR.step(): 100 groups, x CosineAnnealingLR", 0.12
    STEP_1000 = "ScheduleLR.step(): 1000 groups, x CosineAnnealingLR", 0.12
    STEP_PLAN = "ScheduleLR.step(): a Plan of 3 options, x CosineAnnealingLR and a loop for the two others", 0.6
    STEP_RULE = "ScheduleLR.step() and observe(): a rule, x CosineAnnealingLR and ReduceLROnPlateau", 0.6
    KERAS = "Keras in-graph LearningRate: time over a constant rate's, x that of CosineDecay", 1.15
    BUILD = "building 1000 phases and attaching them, x SequentialLR", 1.0
    FIRST = "first value of warmup + cosine, the first of its kind: microseconds", 250.0
    FIRST_1000 = "first value of 1000 phases, the first of their kind: microseconds", 4000.0
    STATE = "bytes of ScheduleLR's state beyond the schedule's JSON, at most: 1 to 1000 phases", 300.0
    IMPORT = "import lrsched_core, x import numpy", 0.4
    IMPORT_FIRST = "import lrsched_core, build warmup + cosine, ask for its first rate: x import numpy", 0.4
    IMPORT_LOADS = "import lrsched_core: how many of NumPy and the frameworks it loads", 0.0
    TRACE_JAX = "compilations in 100 steps: jax.jit", 1.0
    TRACE_TORCH = "compilations in 100 steps: torch.compile", 1.0
    TRACE_TENSORFLOW = "compilations in 100 steps: tf.function", 1.0

    def __init__(self, what: str, limit: float) -> None:
        self.what, self.limit = what, limit

    def meets(self, measured: Spread) -> bool:
        """Whether the median is within the limit."""
        return measured.median <= self.limit
