"""What NumPy's elementwise operations and reductions do to the entries of symbolic arrays.

To admit another operation, say here what it means for two exact entries.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from codegen.execute.number import Condition, Number, plain
from codegen.execute.refused import Refused


def divided(left: Any, right: Any) -> Any:
    """The quotient; of whole numbers, too."""
    left, right = plain(left), plain(right)
    return left / right if isinstance(left, Number) else Fraction(left) / right


def smaller(left: Any, right: Any) -> Any:
    """The smaller of two numbers: at equality either."""
    left, right = plain(left), plain(right)
    if not isinstance(right, Number) and right == 0:  # of a number and 0, by the number's sign
        left, right = right, left
    return chosen(right < left, right, left)


def larger(left: Any, right: Any) -> Any:
    """The larger of two numbers."""
    return -smaller(-plain(left), -plain(right))


def chosen(holds: Any, yes: Any, no: Any) -> Any:
    """What `where` takes for one entry."""
    return holds.choose(yes, no) if isinstance(holds, Condition) else (yes if holds else no)


def exponential(entry: Any) -> Any:
    """exp, of a whole number only where it is 0."""
    return _function("exp", entry, {0: 1})


def logarithm1p(entry: Any) -> Any:
    """log1p."""
    return _function("log1p", entry, {0: 0})


def logarithm(entry: Any) -> Any:
    """log."""
    return _function("log", entry, {1: 0})


def hyperbolic_tangent(entry: Any) -> Any:
    """tanh."""
    return _function("tanh", entry, {0: 0})


def root(entry: Any) -> Any:
    """sqrt of a number; of whole ones, 0 and 1."""
    return _function("sqrt", entry, {0: 0, 1: 1})


def sign(entry: Any) -> Any:
    """1, 0 or -1, by cases."""
    entry = plain(entry)
    return chosen(entry > 0, 1, chosen(entry < 0, -1, 0))


def _function(name: str, entry: Any, known: dict[int, int]) -> Any:
    entry = plain(entry)
    if isinstance(entry, Number):
        return getattr(entry, name)()
    if entry not in known:
        raise Refused(f"{name} of {entry}")
    return known[entry]


def _exact(how: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *entries: how(*map(plain, entries))


ELEMENTWISE: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, _exact(operator.add)),
    "subtract": (2, _exact(operator.sub)),
    "multiply": (2, _exact(operator.mul)),
    "divide": (2, divided),
    "power": (2, _exact(operator.pow)),
    "square": (1, lambda entry: plain(entry) ** 2),
    "negative": (1, _exact(operator.neg)),
    "positive": (1, plain),
    "absolute": (1, _exact(abs)),
    "minimum": (2, smaller),
    "maximum": (2, larger),
    "exp": (1, exponential),
    "log": (1, logarithm),
    "log1p": (1, logarithm1p),
    "tanh": (1, hyperbolic_tangent),
    "sqrt": (1, root),
    "sign": (1, sign),
    "greater_equal": (2, _exact(operator.ge)),
    "greater": (2, _exact(operator.gt)),
    "less_equal": (2, _exact(operator.le)),
    "less": (2, _exact(operator.lt)),
    "bitwise_and": (2, operator.and_),
    "bitwise_or": (2, operator.or_),
    "logical_and": (2, operator.and_),
    "invert": (1, lambda entry: ~entry if isinstance(entry, Condition) else not entry),
}
UFUNCS = {name: np.frompyfunc(how, count, 1) for name, (count, how) in ELEMENTWISE.items()}
