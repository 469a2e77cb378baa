"""Calling a kernel: arguments the way it takes them, results as NumPy arrays."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from statistics import median
from time import perf_counter

import numpy as np

from derivations.implementation.inputs import Case, members
from derivations.implementation.question import PLAINLY, Array, Manner, Output, Problem, Value

# The arguments that a function says it takes.


_BY_POSITION = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.POSITIONAL_ONLY)
_NAMED = (*_BY_POSITION, Parameter.KEYWORD_ONLY)


def parameters(function: Callable[..., object]) -> dict[str, bool] | None:
    """Their names, and whether they are needed; None where it does not tell, or takes any."""
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD) for each in found):
        return None
    return {each.name: each.default is Parameter.empty for each in found if each.kind in _NAMED}


def split(
    function: Callable[..., object], given: Mapping[str, object]
) -> tuple[list[object], dict[str, object]]:
    """Arguments by position, as far as they come in the function's own order, and by name.

    Some transformations of functions, such as `jax.grad`, count positions only.
    """
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return list(given.values()), {}
    if any(each.kind is Parameter.VAR_POSITIONAL for each in found):
        return list(given.values()), {}
    first: list[str] = []
    for each in found:
        if each.name not in given or each.kind not in _BY_POSITION:
            break
        first.append(each.name)
    rest = {name: value for name, value in given.items() if name not in first}
    return [given[name] for name in first], rest


# Functions that are compiled anew for every shape, which are called with fewer of them.
#
# `jax.jit` compiles so, for some tenths of a second each. What calls such a function tells
# nothing of it, and is known by its times: the first call of a shape takes long, the next one
# does not.


SHAPES = 3  # that are seen before times are judged
SLOW = 0.03  # seconds that nothing takes at these sizes but compiling
TIMES = 10  # as long as another call of the same shape


def says_so(function: Callable[..., object]) -> bool:
    """Whether it has the methods of what `jax.jit` returns."""
    return all(hasattr(function, name) for name in ("lower", "eval_shape", "clear_cache"))


class Times:
    """How long the first call of every shape took, and the shortest of the others."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.known = says_so(function)
        self.first: dict[Hashable, float] = {}
        self.later: dict[Hashable, float] = {}

    def took(self, shape: Hashable, seconds: float) -> None:
        """One more call."""
        if shape in self.first:
            self.later[shape] = min(seconds, self.later.get(shape, seconds))
        else:
            self.first[shape] = seconds

    @property
    def compiled(self) -> bool:
        """Whether it is compiled for shapes, as far as is known by now."""
        both = [shape for shape in self.first if shape in self.later]
        if not self.known and len(both) >= SHAPES:
            first = median(self.first[shape] for shape in both)
            later = median(self.later[shape] for shape in both)
            self.known = first > max(SLOW, TIMES * later)
        return self.known


# A call, and what comes back.


Convert = Callable[..., object]  # of a NumPy array what a function takes


class WrongResult(Exception):
    """What came back cannot be read: how many results, or what kind of thing."""


class WrongKind(WrongResult):
    """What came back is no array of numbers that can be looked at."""


class NotConvertible(Exception):
    """The user's converter does not take arrays that lie in memory like this one."""


@dataclass
class Kernel:
    """The function under test; ``convert`` makes of a NumPy array what it takes."""

    function: Callable[..., object]
    problem: Problem
    convert: Convert | None = None
    calls: int = 0
    manner: Manner = PLAINLY

    def __post_init__(self) -> None:
        self.times = Times(self.function)

    @property
    def stepped(self) -> tuple[str, ...]:
        """The arguments that it changes in place, for each result that is looked at."""
        if self.manner.rate is None:
            return ()
        entries = {one.entry: one.name for one in self.problem.arguments}
        return tuple(entries[output.place[0]] for output in self.problem.judged)

    def __call__(self, values: Mapping[str, Value]) -> list[object]:
        """Its results in order, as they are; whatever it raises goes through."""
        given = {name: self._converted(self._shaped(value)) for name, value in values.items()}
        before = {name: np.array(values[name]) for name in self.stepped}
        for name, hook in self.manner.draws.items():
            hook(given.pop(name))
        if self.manner.rate is not None:
            given[self.manner.rate] = 1.0
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, named = split(self.function, given)
            self.calls += 1
            started = perf_counter()
            result = self.function(*first, **named)
            self.times.took(_shape(values), perf_counter() - started)
        if self.manner.rate is not None:
            return [before[name] - np.asarray(values[name]) for name in self.stepped]
        return self._apart(result)

    def read(self, result: object, output: Output, case: Case) -> Array:
        """A result as a NumPy array."""
        return read(result, output, case, columns=self.manner.columns)

    def _shaped(self, value: Value) -> Value:
        """A vector as a column, if it is to be one."""
        if not self.manner.columns or not isinstance(value, np.ndarray | np.floating):
            return value
        if value.dtype.kind != "f" or value.ndim > 1:
            return value
        return value.reshape(-1, 1)

    def _converted(self, value: Value) -> object:
        if self.convert is None or not isinstance(value, np.ndarray):
            return value
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self.convert(value)
        except Exception as error:
            raise NotConvertible from error

    def _apart(self, result: object) -> list[object]:
        count = len(self.problem.outputs)
        if isinstance(result, Mapping):
            return [
                None if each is None else _named(result, each.name) for each in self.problem.outputs
            ]
        if count > 1 and isinstance(result, tuple | list) and len(result) != count:
            result = tuple(_flat(result))
        if count == 1:
            listed = [*result] if isinstance(result, tuple | list) else []
            alone = len(listed) == 1 and not _is_scalar(self.problem.outputs[0])
            return listed if alone else [result]
        if not isinstance(result, tuple | list) or len(result) != count:
            got = f"{len(result)} results" if isinstance(result, tuple) else _kind(result)
            raise WrongResult(f"{count} results expected, {got} returned")
        return list(result)


def _shape(values: Mapping[str, Value]) -> Hashable:
    """What a compiler looks at."""
    return tuple((np.shape(each), getattr(each, "dtype", None)) for each in values.values())


def _flat(result: Sequence[object]) -> Iterator[object]:
    """Results in tuples in tuples: (loss, (grad_v, grad_U))."""
    for each in result:
        if isinstance(each, tuple | list) and not all(isinstance(x, int | float) for x in each):
            yield from _flat(each)
        else:
            yield each


def _named(result: Mapping[str, object], name: str) -> object:
    """A result out of a dictionary, by its name or one that people use."""
    bare = name.removeprefix("grad_")
    for key in (name, bare, f"d{bare}", f"grad{bare}", f"d_{bare}", f"{bare}_grad"):
        if key in result:
            return result[key]
    raise WrongResult(f"no {name!r} among the results, but {', '.join(map(str, result))}")


def read(result: object, output: Output, case: Case, *, columns: bool = False) -> Array:
    """A result as a NumPy array: row-sparse ones dense, tensors copied to the CPU.

    ``columns``: (d, 1) is a vector, (1, 1) a number.
    """
    array = _read(result, output, case)
    if columns and array.ndim == 2 and array.shape[1] == 1 and len(output.axes) < 2:
        array = array.reshape(-1) if output.axes else array.reshape(())
    return array


def _read(result: object, output: Output, case: Case) -> Array:
    if hasattr(result, "dense"):
        result = result.dense(len(members(output.axes[0].space, case.sizes)))
    if hasattr(result, "detach"):
        _refuse_numberless(result)
        result = result.detach().cpu()
        if hasattr(result, "to_dense"):
            result = result.to_dense()
        if hasattr(result, "numpy"):
            result = result.numpy()
    if hasattr(result, "__cuda_array_interface__") and hasattr(result, "get"):
        result = result.get()  # as CuPy copies an array to the CPU
    if isinstance(result, np.ndarray):
        array = result
    elif hasattr(result, "__dlpack__") and not hasattr(result, "__array__"):
        array = np.from_dlpack(result)
    else:
        try:
            array = np.asarray(result)
        except Exception as error:
            raise WrongResult(f"{_kind(result)} is no array ({error})") from None
    if array.dtype.kind not in "fiub":
        raise WrongKind(f"{_kind(result)} of dtype {array.dtype}, not numbers")
    return array


def _refuse_numberless(result: object) -> None:
    """Tensors of a kind that NumPy has no numbers for, by name."""
    kind = str(getattr(result, "dtype", "")).removeprefix("torch.")
    if kind in ("bfloat16", "float16", "half") or kind.startswith("float8"):
        raise WrongKind(f"a tensor of {kind}: what is checked is float32 and float64")
    if str(getattr(getattr(result, "device", ""), "type", "")) == "meta":
        raise WrongKind("a tensor on the meta device, which has no numbers")


def memory(result: object) -> list[Array]:
    """The NumPy arrays that a result lies in."""
    if isinstance(result, np.ndarray):
        return [result]
    if hasattr(result, "rows") and hasattr(result, "values"):
        parts = (result.rows, result.values)
        return [part for part in parts if isinstance(part, np.ndarray)]
    if hasattr(result, "detach") and not getattr(result, "is_sparse", False):
        try:
            return [result.detach().cpu().numpy()]
        except Exception:  # what has no numbers is told where it is read
            return []
    return []


def _is_scalar(output: Output | None) -> bool:
    return output is not None and not output.axes


def _kind(result: object) -> str:
    return f"a {type(result).__name__}"
