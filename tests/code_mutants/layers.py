"""The layers of checks, each asked whether it sees that something is wrong: symbols, properties,
refusals of wrong arguments, ordinary numbers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

import generated
from codegen.execute.specification import QUICK, Plan, sizes
from codegen.execute.work_units import functions, loadings, names_of, report
from codegen.kernel import Equality, Kernel, equalities, members
from codegen.subjects import CLAIMS, MODULES
from tests.code_mutants.sites import Edit, users
from tests.kernels.examples import Property, examples
from tests.kernels.properties import PROPERTIES as OF_PAIRS
from tests.spans.properties import PROPERTIES as OF_SPANS
from tests.subjects.checks import CHECKS
from tests.subjects.kinds import KINDS
from tests.subjects.test_edges import REFUSED
from tests.subjects.test_kernels import examples as subject_examples

CASES = 12
LARGE = 40  # of lists of words, so that words come more often than are added up at once
CLOSE = 1e-9


def differs(edit: Edit, package: ModuleType, close: float = CLOSE) -> str | None:
    """The first kernel that returns other numbers, or fails; other bytes, if ``close`` is 0."""
    modules = users(edit.file)
    for name, kernel in functions(MODULES):
        module, function = name.split(".")
        if module not in modules or not isinstance(kernel, Kernel):
            continue
        for case in cases(name):
            wanted = outcome(generated, module, function, kernel, case)
            try:
                found = outcome(package, module, function, kernel, case)
            except Exception as error:
                return f"{name}: {type(error).__name__}"
            if not same(found, wanted, close):
                return name
    return None


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """Arguments for one kernel, the same on every run."""
    kernel: Any = dict(functions(MODULES))[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    every = sizes(kernel, 3)
    some = [dict(every[n]) for n in rng.integers(0, len(every), CASES)]
    long = {
        argument.letters[0]
        for argument in kernel.arguments
        if argument.is_integer and argument.axes
    }
    some.append({letter: LARGE if letter in long else 3 for letter in some[0]})
    return [given for lengths in some for given in _given(kernel, _fitting(kernel, lengths), rng)]


def _fitting(kernel: Kernel, lengths: dict[str, int]) -> dict[str, int]:
    for size in kernel.derived:
        narrow, wide = (next(a for a in kernel.arguments if a.name == n) for n in size.arguments)
        lengths[wide.letters[-1]] = lengths[narrow.letters[-1]] + 2 * lengths[size.name]
    return lengths


def _given(kernel: Kernel, lengths: dict[str, int], rng: Any) -> Iterator[dict[str, Any]]:
    rows = {
        a.axes[0].space: lengths[a.letters[0]]
        for a in kernel.arguments
        if a.axes and not a.is_integer
    }
    given: dict[str, Any] = {}
    for argument in kernel.arguments:
        shape = tuple(lengths[letter] for letter in argument.letters)
        if argument.is_integer:
            held = argument.at_most
            bound = lengths[held] + 1 if held else rows[members(argument)]
            given[argument.name] = rng.integers(0, bound, shape)
        else:
            given[argument.name] = rng.uniform(-1.5, 1.5, shape)
    yield given


def outcome(
    package: ModuleType, module: str, function: str, kernel: Kernel, case: dict[str, Any]
) -> list[Any]:
    """What a kernel returns or leaves behind, as arrays; with memory of three sizes, too."""
    called = getattr(getattr(package, module), function)
    found = []
    for pairs in (None, 1, 2, LARGE) if kernel.parts else (None,):
        own = {name: np.array(value) for name, value in case.items()}
        own = {name: value if value.shape else value[()] for name, value in own.items()}
        more = {}
        if pairs is not None:
            more["work"] = package.Workspace(*own["U"].shape, pairs)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = called(**own, **more)
        results = result if isinstance(result, tuple) and not hasattr(result, "rows") else (result,)
        for one in results:
            if hasattr(one, "rows"):
                found += [np.array(one.rows), np.array(one.values)]
            elif one is not None:
                found.append(np.array(one))
        found += [own[update.argument] for update in kernel.updates]
    return found


def same(found: list[Any], wanted: list[Any], close: float) -> bool:
    """Whether all arrays agree, up to so much of their largest entry."""
    if len(found) != len(wanted):
        return False
    for one, other in zip(found, wanted, strict=True):
        if one.shape != other.shape:
            return False
        if close == 0 and (one.dtype != other.dtype or one.tobytes() != other.tobytes()):
            return False
        scale = 1 + np.abs(other).max(initial=0)
        if not np.all(np.abs(np.asarray(one, float) - other) <= close * scale):
            return False
    return True


Given = dict[str, Any]
NEAR = 1e-4  # some of it is in single precision


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
    return bool(np.allclose(one, other, rtol=NEAR, atol=NEAR, equal_nan=True))


FUNCTIONS = dict(functions(MODULES))
EXAMPLES = 25
ARGUMENTS = (
    "bad_arguments_are_refused_before_any_work",
    "wrong_arguments_are_refused_and_change_nothing",
)


@cache
def _stated() -> dict[str, Equality]:
    return equalities(CLAIMS)


def symbolic(edit: Edit, texts: Mapping[str, str], plan: Plan = QUICK) -> str | None:
    """What running the files on symbols finds wrong."""
    ways = loadings(texts)
    modules = users(edit.file)
    names = [name for name in names_of(MODULES) if name.rpartition(".")[0] in modules]
    for name in sorted(names, key=_cost):
        found = report(name, FUNCTIONS.get(name), _stated(), ways, plan)
        if not found.proved:
            return str(next(iter(found.count.failures), "nothing was decided"))
    return None


def _cost(name: str) -> int:
    """The short runs first; the sort keeps the order otherwise."""
    return ("_runtime" in name) + 2 * ("spans" in name)


def hypothesis(edit: Edit, package: ModuleType) -> str | None:
    """The first property of the kernels that does not hold, arguments apart."""
    return _first_broken(edit, package, of_arguments=False)


def argument_checks(edit: Edit, package: ModuleType) -> str | None:
    """A wrong argument that is not refused as it should be."""
    broken = _first_broken(edit, package, of_arguments=True)
    return broken or _not_refused(package) or refused_otherwise(edit, package)


def _first_broken(edit: Edit, package: ModuleType, *, of_arguments: bool) -> str | None:
    modules = users(edit.file)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, check in _checks(modules, of_arguments):
            try:
                check(package)
            except Exception:
                return name
    return None


Check = tuple[str, Callable[[ModuleType], None]]


def _checks(modules: set[str], of_arguments: bool) -> Iterator[Check]:
    pairs = {"naive_softmax", "negative_sampling", "skip_gram"} & modules
    for prop in OF_PAIRS if pairs else ():
        if (prop.name in ARGUMENTS) == of_arguments:
            yield prop.name, _of_property(prop)
    for prop in OF_SPANS if "spans" in modules else ():
        if (prop.name in ARGUMENTS) == of_arguments:
            yield prop.name, _of_property(prop)
    for kind in KINDS if not of_arguments else ():
        if kind.module in modules:
            for check in CHECKS:
                yield f"{kind.name} {check.__name__}", _of_kind(kind, check)


def _of_property(prop: Property) -> Callable[[ModuleType], None]:
    def check(package: ModuleType) -> None:
        for case in examples(prop, 200 if prop.name in ARGUMENTS else EXAMPLES):
            prop.check(package, case)

    return check


def _of_kind(kind: Any, check: Callable[..., None]) -> Callable[[ModuleType], None]:
    def every(package: ModuleType) -> None:
        for case in subject_examples(kind)[:EXAMPLES]:
            check(package, kind, case)

    return every


def _not_refused(package: ModuleType) -> str | None:
    for function, given, change, error, message in REFUSED:
        module = function.__module__.split(".")[-1]
        spoilt = getattr(getattr(package, module), function.__name__)
        try:
            spoilt(**{**given, **change})
        except error as refusal:
            if _matches(message, str(refusal)):
                continue
        except Exception as other:
            return f"{module}.{function.__name__}: {type(other).__name__}"
        return f"{module}.{function.__name__} does not refuse {next(iter(change), '')}"
    return None


@cache
def _pattern(message: str) -> Any:
    import re

    return re.compile(message)


def _matches(message: str, text: str) -> bool:
    return _pattern(message).search(text) is not None
