"""What may be a rate, or the value of another option."""

from lrsched_core._value.answer import as_rate as as_rate
