"""Tensor frameworks: the few functions that formulas need, by the names that each framework gives them.

The core imports no framework: whoever hands over a tensor has imported it. Arithmetic and comparison are operators in
all of them; only what `Runtime` lists differs. Arrays of a library that follows the array-API standard (JAX, CuPy, ...)
bring their namespace along. The frameworks are in one long module, side by side, to be compared.
"""

import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from lrsched_core._evaluation import float32
from lrsched_core._evaluation.tape import OPERATORS, Tape

# The operations on tapes, beside operators.
_CHANGES = ("integers", "doubled", "cast", "full", "fixed", "sum")
_CHOICES = ("where", "maximum", "minimum", "between", "chosen", "count", "take")
_FUNCTIONS = ("sin", "sqrt", "log", "log1p", "expm1", "floor")


class Runtime(ABC):
    """The functions of a framework. `x` is a tensor."""

    # The largest integer time.
    largest: int = 2**63 - 1

    def suited(self, x: Any) -> "Runtime":
        """The variant of this runtime that has the integers and floats of `x`."""
        return self

    @abstractmethod
    def functions(self, x: Any) -> Any:
        """A namespace with sin, sqrt, log, log1p and expm1."""

    @abstractmethod
    def kind(self, x: Any) -> str:
        """`"integer"`, `"float"` or `"other"`: what `x` holds."""

    @abstractmethod
    def float_dtype(self, x: Any) -> Any:
        """The dtype of the answer for times `x`: float32, or float64 where `x` or the framework's default is."""

    @abstractmethod
    def float64(self, x: Any) -> Any:
        """The dtype float64."""

    def wide(self, x: Any) -> Any:
        """float64 if the device of `x` can compute with it, whatever the dtype of the answer; else None."""
        return self.float64(x)

    @abstractmethod
    def integers(self, x: Any) -> Any:
        """`x` in a signed integer type that holds every time."""

    def _not_wrapped(self, x: Any, unsigned: bool) -> Any:
        """Integers, of which those that wrapped when they were converted from unsigned ones become the largest."""
        return self.where(x < 0, self.full(x, self.largest, x.dtype), x) if unsigned else x

    def doubled(self, x: Any) -> Any:
        """Integers `x` >= 0 in a type that holds twice the largest time, if that is needed and available."""
        return x

    def sum(self, x: Any, more: Any) -> Any:
        """The sum of integers `x` and whole numbers `more` >= 0, or the largest integer if that is less."""
        return self.minimum(x, self.largest - more) + more

    @abstractmethod
    def cast(self, x: Any, dtype: Any) -> Any:
        """`x` as another dtype."""

    @abstractmethod
    def constant(self, values: list[Any], dtype: Any, like: Any) -> Any:
        """A 1-d tensor where `like` is; `dtype` None means the type of `integers`."""

    @abstractmethod
    def full(self, like: Any, value: Any, dtype: Any) -> Any:
        """A tensor of the shape of `like`."""

    def number(self, value: float, dtype: Any, like: Any) -> Any:
        """A number to use beside tensors of a dtype (None: that of `integers`), as a tensor if that is faster."""
        del dtype, like
        return value

    def between(self, weight: Any, low: Any, high: Any) -> Any:
        """From `low` at weight 0 to `high` at weight 1, both exact; they are what `number` returns."""
        return weight * high + (1.0 - weight) * low

    def kept_on(self, t: Any) -> Any:
        """The device for which a tape for times like `t` is kept, or None if none is."""
        del t

    @property
    def steps(self) -> Mapping[str, Callable[..., Any]]:
        """The functions of tapes, by name."""
        raise NotImplementedError

    def recorded(self, record: Callable[[Any], Tape], integer: bool, dtype: Any, device: Any) -> Tape:
        """The tape that `record` makes for such times, to be used wherever `kept_on` returns this device."""
        raise NotImplementedError

    @abstractmethod
    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """`x` where the condition holds, else `y`."""

    @abstractmethod
    def maximum(self, x: Any, low: Any) -> Any:
        """The larger of `x` and a tensor or number."""

    @abstractmethod
    def minimum(self, x: Any, high: Any) -> Any:
        """The smaller of `x` and a tensor or number."""

    @abstractmethod
    def count(self, bounds: Any, x: Any) -> Any:
        """How many of the sorted `bounds` are <= x, for each x."""

    def take(self, column: Any, index: Any) -> Any:
        """`column[i]` for each i in `index`."""
        return column[index]

    def fixed(self, x: Any) -> Any:
        """`x` as a constant, whose gradient is 0."""
        return x

    def unwrap(self, x: Any) -> Any:
        """`x` as a plain tensor."""
        return x

    def called(self, function: Callable[[Any], Any], x: Any, dtype: Any) -> Any:
        """The value of a user's function at `x`, wanted in `dtype`."""
        del dtype
        return function(x)

    @abstractmethod
    def chosen(self, condition: Any, x: float, y: float) -> Any:
        """One of two numbers for each element of a tensor of conditions, in a dtype that mixes with float tensors."""


class Torch(Runtime):
    """PyTorch."""

    @property
    def _torch(self) -> Any:
        return sys.modules["torch"]

    def functions(self, x: Any) -> Any:
        return self._torch

    def kind(self, x: Any) -> str:
        if x.dtype.is_floating_point:
            return "float"
        return "other" if x.dtype.is_complex or x.dtype == self._torch.bool else "integer"

    def float_dtype(self, x: Any) -> Any:
        torch = self._torch
        dtype = x.dtype if x.dtype.is_floating_point else torch.get_default_dtype()
        return torch.float64 if dtype == torch.float64 else torch.float32

    def float64(self, x: Any) -> Any:
        return self._torch.float64

    def wide(self, x: Any) -> Any:
        # Apple's GPUs have no float64, nor do some of Intel's.
        return None if x.device.type in ("mps", "xpu") else self._torch.float64

    def integers(self, x: Any) -> Any:
        return self._not_wrapped(x.long(), x.dtype == self._torch.uint64)

    def cast(self, x: Any, dtype: Any) -> Any:
        return x if x.dtype == dtype else x.to(dtype)

    def constant(self, values: list[Any], dtype: Any, like: Any) -> Any:
        torch = self._torch
        dtype, device = torch.int64 if dtype is None else dtype, like.device
        if self._captures(device):
            # A CUDA graph may not copy from the host; a number is part of the kernel that writes it.
            return torch.stack([torch.full((), value, dtype=dtype, device=device) for value in values])
        return torch.tensor(values, dtype=dtype, device=device)

    def _captures(self, device: Any) -> bool:
        torch = self._torch
        if device.type != "cuda" or torch.compiler.is_compiling():
            return False
        # Fake tensors may be on CUDA in a torch that has none.
        return torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing()  # type: ignore[no-any-return]

    def kept_on(self, t: Any) -> Any:
        # Under torch.compile, what is looked up becomes part of the graph.
        return t.device if self._torch.compiler.is_dynamo_compiling() or self._is_plain(t) else None

    def _is_plain(self, t: Any) -> bool:
        """Whether tensors made now can be used later: they are not fake, nor a transform's, nor a CUDA graph's own."""
        inner = self._torch._C
        return (
            not inner._len_torch_dispatch_stack()
            and inner._functorch.peek_interpreter_stack() is None
            and not self._captures(t.device)
        )

    @cached_property
    def steps(self) -> Mapping[str, Callable[..., Any]]:
        own = {name: getattr(self, name) for name in (*_CHANGES, *_CHOICES)}
        return {**OPERATORS, **own, **{name: getattr(self._torch, name) for name in _FUNCTIONS}}

    def recorded(self, record: Callable[[Any], Tape], integer: bool, dtype: Any, device: Any) -> Tape:
        torch = self._torch
        # Tensors made in inference mode could not be used outside of it.
        with torch.inference_mode(False), torch.no_grad():
            return record(torch.zeros((), dtype=torch.int64 if integer else dtype, device=device))

    def between(self, weight: Any, low: Any, high: Any) -> Any:
        return self._torch.lerp(low, high, weight)

    def number(self, value: float, dtype: Any, like: Any) -> Any:
        torch = self._torch
        return torch.full((), value, dtype=torch.int64 if dtype is None else dtype, device=like.device)

    def full(self, like: Any, value: Any, dtype: Any) -> Any:
        return self._torch.zeros_like(like, dtype=dtype) + value

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        return self._torch.where(condition, x, y)

    def chosen(self, condition: Any, x: float, y: float) -> Any:
        # The default dtype would round for a float64 that is computed with later. float32 gives way to float64.
        x = self._torch.zeros_like(condition, dtype=self.wide(condition)) + x
        return self._torch.where(condition, x, y)

    def maximum(self, x: Any, low: Any) -> Any:
        return self._torch.clamp(x, min=low)

    def minimum(self, x: Any, high: Any) -> Any:
        return self._torch.clamp(x, max=high)

    def fixed(self, x: Any) -> Any:
        return x.detach()

    def take(self, column: Any, index: Any) -> Any:
        # A 0-d index in brackets would be read as a number. `take` is quicker, but inductor puts it there, and vmap has
        # no rule for it.
        return column.index_select(0, index.reshape(-1)).reshape(index.shape)

    def count(self, bounds: Any, x: Any) -> Any:
        return self._torch.searchsorted(bounds, x, right=True)


class TensorFlow(Runtime):
    """TensorFlow."""

    def __init__(self) -> None:
        self._wanted = threading.local()

    @property
    def _tf(self) -> Any:
        return sys.modules["tensorflow"]

    def functions(self, x: Any) -> Any:
        return self._tf.math

    def unwrap(self, x: Any) -> Any:
        return self._tf.convert_to_tensor(x)  # a variable is not a tensor

    def kind(self, x: Any) -> str:
        return "float" if x.dtype.is_floating else "integer" if x.dtype.is_integer else "other"

    def float_dtype(self, x: Any) -> Any:
        return self._tf.float64 if x.dtype == self._tf.float64 else self._tf.float32

    def float64(self, x: Any) -> Any:
        return self._tf.float64

    def integers(self, x: Any) -> Any:
        return self._not_wrapped(self._tf.cast(x, self._tf.int64), x.dtype == self._tf.uint64)

    def cast(self, x: Any, dtype: Any) -> Any:
        return self._tf.cast(x, dtype)

    def constant(self, values: list[Any], dtype: Any, like: Any) -> Any:
        return self._tf.constant(values, self._tf.int64 if dtype is None else dtype)

    def full(self, like: Any, value: Any, dtype: Any) -> Any:
        return self._tf.zeros_like(like, dtype) + value

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        # In a graph, a number beside a float64 tensor would first become float32.
        if isinstance(x, float) and self._tf.is_tensor(y):
            x = self._tf.constant(x, y.dtype)
        return self._tf.where(condition, x, y)

    def called(self, function: Callable[[Any], Any], x: Any, dtype: Any) -> Any:
        before = getattr(self._wanted, "dtype", None)
        self._wanted.dtype = dtype
        try:
            return function(x)
        finally:
            self._wanted.dtype = before

    def chosen(self, condition: Any, x: float, y: float) -> Any:
        # TensorFlow does not mix float dtypes, and a condition does not tell that of its times.
        dtype = getattr(self._wanted, "dtype", None) or self._tf.float32
        return self._tf.where(condition, self._tf.constant(x, dtype), self._tf.constant(y, dtype))

    def maximum(self, x: Any, low: Any) -> Any:
        return self._tf.maximum(x, self._tf.convert_to_tensor(low, x.dtype))

    def minimum(self, x: Any, high: Any) -> Any:
        return self._tf.minimum(x, self._tf.convert_to_tensor(high, x.dtype))

    def fixed(self, x: Any) -> Any:
        return self._tf.stop_gradient(x)

    def take(self, column: Any, index: Any) -> Any:
        return self._tf.gather(column, index)

    def count(self, bounds: Any, x: Any) -> Any:
        # TensorFlow searches row by row, and needs both to have the same rank.
        found = self._tf.searchsorted(bounds, self._tf.reshape(x, [-1]), side="right")
        return self._tf.reshape(found, self._tf.shape(x))


class ArrayApi(Runtime):
    """Any library of the array-API standard, by the namespace that its arrays carry; JAX above all."""

    def suited(self, x: Any) -> Runtime:
        xp = self.functions(x)
        return self if xp.iinfo(xp.asarray(0).dtype).bits == 64 else _ARRAY_API_OF_32_BITS

    def functions(self, x: Any) -> Any:
        return x.__array_namespace__()

    def kind(self, x: Any) -> str:
        xp = self.functions(x)
        if xp.isdtype(x.dtype, "real floating"):
            return "float"
        return "integer" if xp.isdtype(x.dtype, "integral") else "other"

    def float_dtype(self, x: Any) -> Any:
        xp = self.functions(x)
        if not xp.isdtype(x.dtype, "real floating"):
            return xp.asarray(0.0).dtype
        return x.dtype if xp.finfo(x.dtype).bits >= 32 else xp.float32

    def float64(self, x: Any) -> Any:
        return self.functions(x).float64

    def integers(self, x: Any) -> Any:
        xp = self.functions(x)
        dtype = xp.asarray(0).dtype
        # Booleans and floats are converted, too.
        unsigned = xp.isdtype(x.dtype, "unsigned integer") and xp.iinfo(x.dtype).bits == xp.iinfo(dtype).bits
        return self._not_wrapped(xp.astype(x, dtype), unsigned)

    def cast(self, x: Any, dtype: Any) -> Any:
        return self.functions(x).astype(x, dtype)

    def constant(self, values: list[Any], dtype: Any, like: Any) -> Any:
        xp = self.functions(like)
        return xp.asarray(values, dtype=xp.asarray(0).dtype if dtype is None else dtype)

    def full(self, like: Any, value: Any, dtype: Any) -> Any:
        return self.functions(like).zeros_like(like, dtype=dtype) + value

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        return self.functions(condition).where(condition, x, y)

    def chosen(self, condition: Any, x: float, y: float) -> Any:
        xp = self.functions(condition)
        if not hasattr(condition, "weak_type"):
            x = xp.asarray(x)  # the standard requires an array; JAX' weak types adapt to the dtype of their partner
        return xp.where(condition, x, y)

    def maximum(self, x: Any, low: Any) -> Any:
        return self.functions(x).maximum(x, low)

    def minimum(self, x: Any, high: Any) -> Any:
        return self.functions(x).minimum(x, high)

    def fixed(self, x: Any) -> Any:
        # Only JAX has gradients, and weak types.
        return sys.modules["jax"].lax.stop_gradient(x) if hasattr(x, "weak_type") else x

    def count(self, bounds: Any, x: Any) -> Any:
        return self.functions(x).searchsorted(bounds, x, side="right")


class ArrayApiOf32Bits(ArrayApi):
    """JAX, unless it is told to compute in 64 bits."""

    largest = 2**31 - 1

    def wide(self, x: Any) -> Any:
        return None

    def doubled(self, x: Any) -> Any:
        return self.functions(x).astype(x, self.functions(x).uint32)

    def sum(self, x: Any, more: Any) -> Any:
        x = self.doubled(x)
        return x + self.functions(x).asarray(more, dtype=x.dtype)

    def constant(self, values: list[Any], dtype: Any, like: Any) -> Any:
        # NumPy converts them, and would warn of overflow.
        return super().constant(values if dtype is None else [float32.nearest(x) for x in values], dtype, like)


def is_keras_variable(kind: type) -> bool:
    """Whether a type is Keras' variable, whose `value` is a framework's tensor."""
    # Keras' symbolic tensors have no `value`.
    return hasattr(kind, "value") and any(base.__module__.partition(".")[0] == "keras" for base in kind.__mro__)


_TORCH, _TENSORFLOW, _ARRAY_API, _ARRAY_API_OF_32_BITS = Torch(), TensorFlow(), ArrayApi(), ArrayApiOf32Bits()


def runtime(kind: type) -> Runtime | None:
    """The runtime of a type of tensor, or None if it is not one."""
    # By the names of its bases, because asking a framework would import it.
    for base in kind.__mro__:
        root = base.__module__.partition(".")[0]
        if root == "torch" and base.__name__ == "Tensor":
            return _TORCH
        if root == "tensorflow":
            return _TENSORFLOW
        # JAX' tracers have the namespace only as an attribute of the instance.
        if root in ("jax", "jaxlib") or (root not in ("numpy", "builtins") and "__array_namespace__" in base.__dict__):
            return _ARRAY_API
    return None
