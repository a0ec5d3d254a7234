"""What torch's safe loader, `torch.load` as it is by default, may build: schedules."""

import torch

from lrsched_core import parse
from lrsched_core._catalogue import on_register
from lrsched_core._value.pickling import _rebuild

# Both refuse whatever is no value of this library, or of a class that is allowed by itself.
torch.serialization.add_safe_globals([parse, _rebuild])
on_register(lambda cls: torch.serialization.add_safe_globals([cls]))
