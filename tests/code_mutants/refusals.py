"""Wrong arguments, one at a time, for every kernel: each is refused as the committed file does.

Lengths, words out of range, dtypes, missing axes; and arguments that are right in another form:
lists, other integers, single precision, which have to be taken.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

import generated
from codegen.execute.work_units import functions
from codegen.kernel import Kernel
from codegen.subjects import MODULES
from tests.code_mutants.edit import Edit
from tests.code_mutants.numbers import cases
from tests.code_mutants.package import users

Given = dict[str, Any]
CLOSE = 1e-4  # some of it is in single precision


def refused_otherwise(edit: Edit, package: ModuleType) -> str | None:
    """The first call that ends otherwise than with the committed files."""
    modules = users(edit.file)
    for name, kernel in functions(MODULES):
        if name.rpartition(".")[0] in modules and isinstance(kernel, Kernel):
            for what, given in _spoilt(name):
                wanted, found = (_end(one, name, given) for one in (generated, package))
                if not _alike(wanted, found):
                    return f"{name} given {what}"
    return None


@cache
def _spoilt(name: str) -> list[tuple[str, Given]]:
    given = {key: v if np.ndim(v) else np.asarray(v)[()] for key, v in cases(name)[-1].items()}
    return [
        (f"{what} {argument}", {**given, argument: value})
        for argument in given
        for what, value in _others(np.asarray(given[argument]))
    ] + [
        ("lists", {key: np.asarray(value).tolist() for key, value in given.items()}),
        ("single precision", {key: _single(value) for key, value in given.items()}),
        ("small integers", {key: _small(value) for key, value in given.items()}),
    ]


def _single(value: Any) -> Any:
    return np.float32(value) if np.asarray(value).dtype == np.float64 else value


def _small(value: Any) -> Any:
    return value if np.asarray(value).dtype == np.float64 else np.asarray(value, np.int32)


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    yield "a string for", "word"
    yield "None for", None
    yield "true values for", value > 0
    yield "complex numbers for", value + 0j
    if value.ndim:
        yield "fewer places in", value[:-1]
        yield "more places in", np.concatenate([value, value[:1]])
        yield "no places in", value[:0]
        yield "one axis more in", value[np.newaxis]
        yield "one axis less in", value[0]
        yield "fewer columns in", value[..., :-1]
        yield "ragged rows in", [[0], [0, 0]]
    if value.dtype.kind == "i":
        for word in (-1, 3, 1000):
            changed = value.copy() if value.ndim else np.array(value)
            changed.flat[-1:] = word
            yield f"the word {word} in", changed if value.ndim else word
        yield "numbers for", value.astype(float)
    else:
        yield "single precision for", value.astype(np.float32)
        yield "half precision for", value.astype(np.float16)
        yield "integers for", np.rint(value).astype(int)


def _end(package: ModuleType, name: str, given: Given) -> Any:
    """The arrays that come out or are left behind, or what is raised."""
    module, function = name.split(".")
    own = {key: _copied(value) for key, value in given.items()}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = getattr(getattr(package, module), function)(**own)
    except Exception as error:
        return type(error).__name__, str(error)
    results = result if isinstance(result, tuple) and not hasattr(result, "rows") else (result,)
    parts = [p for one in results for p in (one if hasattr(one, "rows") else (one,))]
    left = [value for value in own.values() if isinstance(value, np.ndarray)]
    return [np.asarray(part) for part in (*parts, *left) if part is not None]


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _alike(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, tuple) or isinstance(found, tuple):
        return bool(isinstance(wanted, tuple) and wanted == found)
    pairs = zip(wanted, found, strict=False)
    return len(wanted) == len(found) and all(_near(one, other) for one, other in pairs)


def _near(one: Any, other: Any) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return bool(np.allclose(one, other, rtol=CLOSE, atol=CLOSE, equal_nan=True))
