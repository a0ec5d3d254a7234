# The public names, and where each is at home. Type checkers and editors read this list, and so does the package when it
# runs: a name is imported when it is first asked for. Nothing else has to be told of a new one.

from lrsched_core._catalogue.decays.exponentials import Exponential as Exponential
from lrsched_core._catalogue.decays.exponentials import Saturating as Saturating
from lrsched_core._catalogue.decays.powers import InverseTime as InverseTime
from lrsched_core._catalogue.decays.powers import PowerDecay as PowerDecay
from lrsched_core._catalogue.decays.powers import SquareRoot as SquareRoot
from lrsched_core._catalogue.decays.rectification import RAdam as RAdam
from lrsched_core._catalogue.interpolated import Interpolated as Interpolated
from lrsched_core._catalogue.noise import Noise as Noise
from lrsched_core._catalogue.ramps.cosine import Cosine as Cosine
from lrsched_core._catalogue.ramps.cosine_power import CosinePower as CosinePower
from lrsched_core._catalogue.ramps.exponentials import Geometric as Geometric
from lrsched_core._catalogue.ramps.exponentials import NormalizedExponential as NormalizedExponential
from lrsched_core._catalogue.ramps.hyperbolas import ExponentialHyperbolic as ExponentialHyperbolic
from lrsched_core._catalogue.ramps.hyperbolas import Hyperbolic as Hyperbolic
from lrsched_core._catalogue.ramps.linear import Linear as Linear
from lrsched_core._catalogue.ramps.logarithm import Logarithmic as Logarithmic
from lrsched_core._catalogue.ramps.powers import Polynomial as Polynomial
from lrsched_core._catalogue.ramps.powers import Power as Power
from lrsched_core._catalogue.ramps.rational import Rex as Rex
from lrsched_core._catalogue.ramps.sigmoid import Tanh as Tanh
from lrsched_core._catalogue.recipes.cycles import exp_range as exp_range
from lrsched_core._catalogue.recipes.cycles import fractal_chebyshev as fractal_chebyshev
from lrsched_core._catalogue.recipes.cycles import one_cycle as one_cycle
from lrsched_core._catalogue.recipes.cycles import range_test as range_test
from lrsched_core._catalogue.recipes.cycles import restarts as restarts
from lrsched_core._catalogue.recipes.cycles import restarts_at as restarts_at
from lrsched_core._catalogue.recipes.cycles import triangular as triangular
from lrsched_core._catalogue.recipes.cycles import triangular2 as triangular2
from lrsched_core._catalogue.recipes.plateaus import flat_cosine as flat_cosine
from lrsched_core._catalogue.recipes.plateaus import infinite as infinite
from lrsched_core._catalogue.recipes.plateaus import slanted_triangular as slanted_triangular
from lrsched_core._catalogue.recipes.plateaus import tri_stage as tri_stage
from lrsched_core._catalogue.recipes.plateaus import warmup_hold_cosine as warmup_hold_cosine
from lrsched_core._catalogue.recipes.plateaus import wsd as wsd
from lrsched_core._catalogue.recipes.plateaus import wsd_periods as wsd_periods
from lrsched_core._catalogue.recipes.transformers import inverse_sqrt as inverse_sqrt
from lrsched_core._catalogue.recipes.transformers import noam as noam
from lrsched_core._catalogue.recipes.transformers import token_power as token_power
from lrsched_core._catalogue.recipes.transformers import untuned_exponential_warmup as untuned_exponential_warmup
from lrsched_core._catalogue.recipes.transformers import untuned_linear_warmup as untuned_linear_warmup
from lrsched_core._catalogue.steps import Factor as Factor
from lrsched_core._catalogue.steps import MultiFactor as MultiFactor
from lrsched_core._catalogue.steps import PiecewiseConstant as PiecewiseConstant
from lrsched_core._run.clock import Clock as Clock
from lrsched_core._run.plan import Plan as Plan
from lrsched_core._run.ramps import batch_ramp as batch_ramp
from lrsched_core._text.data import from_dict as from_dict
from lrsched_core._text.data import from_json as from_json
from lrsched_core._text.data import to_json as to_json
from lrsched_core._text.emission.emitting import emit as emit
from lrsched_core._text.names import register as register
from lrsched_core._text.parse import parse as parse
from lrsched_core._text.pickling import _rebuild as _rebuild
from lrsched_core._text.schema import json_schema as json_schema
from lrsched_core._text.tools import register_with as register_with
from lrsched_core._value.constant import Constant as Constant
from lrsched_core._value.function import CustomSchedule as CustomSchedule
from lrsched_core._value.function import Function as Function
from lrsched_core._value.operators.limits import maximum as maximum
from lrsched_core._value.operators.limits import minimum as minimum
from lrsched_core._value.operators.sequence import Sequence as Sequence
from lrsched_core._value.schedule import Schedule as Schedule

__all__: list[str]
__version__: str
