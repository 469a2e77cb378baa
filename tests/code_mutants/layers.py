"""The layers of checks, each asked of a mutant whether it sees that something is wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from codegen.execute.chosen_cases import QUICK, Plan
from codegen.execute.work_units import functions, loadings, names_of, report
from codegen.grounds import Equality, equalities
from codegen.subjects import CLAIMS, MODULES
from tests.code_mutants.edit import Edit
from tests.code_mutants.package import users
from tests.code_mutants.refusals import refused_otherwise
from tests.kernels.examples import Property, examples
from tests.kernels.properties import PROPERTIES as OF_PAIRS
from tests.spans.properties import PROPERTIES as OF_SPANS
from tests.subjects.checks import CHECKS
from tests.subjects.kinds import KINDS
from tests.subjects.test_edges import REFUSED
from tests.subjects.test_kernels import examples as subject_examples

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
