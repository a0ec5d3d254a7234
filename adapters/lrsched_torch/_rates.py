"""What may be a rate, or the value of another option."""

from lrsched_core._answer import as_rate as as_rate
