"""Exact values beside computed ones at ordinary inputs: half of the digits have to be right.

A formula can be true and lose every digit, or be infinite on its way: (e^z - e^-z)/(e^z + e^-z)
is NaN at 800. So the module is run in double precision at finite inputs of several sizes, and
each component is compared with the line itself in ball arithmetic. What may be off is half of
the digits of the value and of what the inputs' own rounding can make of it: kappa, the sum of
|x df/dx| over the inputs x, bounded from below by exact values at inputs that are moved.

These are some inputs, not all: what is promised at all inputs is what is proved of the text.
Where the running error of the text can be followed (`codegen.rounding`), its bound is told as
well.

Where a formula loses digits, an identity is looked for that would mend it, in what is left once the
table has been applied: what is there is not mended by it.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import inf, isnan
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Protocol, runtime_checkable

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray
from sympy import Add, Expr, Mul, Pow, exp, log, preorder_traversal

from codegen.docstrings import mathematics
from codegen.emitted import GENERATED, back_ends, texts_in
from codegen.execute.jobs import loadings, report
from codegen.execute.specification import (
    Case,
    Limits,
    Meaning,
    Plan,
    cases,
    shape,
    sizes,
)
from codegen.execute.uniformity import dependent
from codegen.interpret.errors import Unbounded
from codegen.interpret.loaded import Package
from codegen.kernel import Argument, Arguments, Floats, Gradient, Kernel, Value, Words
from codegen.line.line_module import MODULE, NAME, NUMPY, LineModule, module_of, with_note
from codegen.line.proved_line import Refusal, proved_line
from codegen.rounding.error_bounds import bounds
from derivations.claim import Between, OneOfTwo, Positive
from derivations.language.index_nodes import unfold
from derivations.proof.decide import Balls
from derivations.proof.fragment import NoValue

MOST = 2


def mending(expression: Expr) -> str:
    """Advice for the first things in an expression that can go wrong; empty if there are none."""
    advice = list(dict.fromkeys(_advice(expression)))[:MOST]
    return f"; prove {' and '.join(advice)}, and write the line by it" if advice else ""


def _advice(expression: Expr) -> Iterator[str]:
    for node in preorder_traversal(unfold(expression)):
        if isinstance(node, log) and (large := _exponential(node.args[0])) is not None:
            inside = Add(*(_less(term, large) for term in node.args[0].args))
            right = Add(large.args[0], log(inside), evaluate=False)
            yield f"{mathematics(node)} = {mathematics(right)} for the largest exponent"
        if isinstance(node, Pow) and node.exp == -1 and (large := _exponential(node.base)):
            base = Add(*(_less(term, large) for term in node.base.args))
            right = exp(-large.args[0]) / base
            yield f"{mathematics(node)} = {mathematics(right)} where {mathematics(large)} is large"
        if isinstance(node, Add) and any(one.is_Rational for one in node.args):
            number = next(one for one in node.args if one.is_Rational)
            negative = [one for one in node.args if (one.as_coeff_Mul()[0] * number).is_negative]
            if number and negative and not any(isinstance(one, exp) for one in negative):
                yield f"a form of {mathematics(node)} without the difference"


def _exponential(node: Expr) -> exp | None:
    """An exponential of something that varies, among the terms of a sum."""
    if not isinstance(node, Add):
        return None
    found = (one for term in node.args for one in Mul.make_args(term) if isinstance(one, exp))
    return next((one for one in sorted(found, key=_order) if one.free_symbols), None)


def _order(exponential: exp) -> tuple[bool, str]:
    return exponential.args[0].could_extract_minus_sign(), str(exponential)


def _less(term: Expr, large: exp) -> Expr:
    return term * exp(-large.args[0])


PRECISION = 8000  # bits of the balls
HALF = 2.0**-26  # half of the digits of a double
FLOOR = 1e-290  # what underflow may cost
SCALES = (1.0, 5.0, 28.0)  # of inputs that are multiplied: scores up to about 800
ALONE = (1.0, 20.0, 800.0)  # of a number alone
MOVED = Fraction(1, 2**80)
DIRECTIONS = 5
LONGEST = 3
FILE = "<gradient>"


@dataclass(frozen=True)
class Worst:
    """The largest error met, as a part of the value and of what rounding the inputs can cost."""

    inputs: int
    components: int
    error: float
    bound: float
    unbounded: str = ""

    def __str__(self) -> str:
        return (
            f"at {self.inputs} ordinary inputs, {self.components} components: off by at most "
            f"{self.error:.1e} of |f| + kappa; {self._running}"
        )

    @property
    def _running(self) -> str:
        if self.unbounded:
            return f"no running error bound ({self.unbounded})"
        return f"the running error bound there is at most {self.bound:.1e} of it"


def require_accurate(made: LineModule, conditions: tuple[object, ...]) -> Worst:
    """Run the module at ordinary inputs; raises Refusal at the first where it is not accurate."""
    function = loaded(made.text, made.backend)
    worst, bound, inputs, components = 0.0, 0.0, 0, 0
    unbounded = ""
    for drawn in _inputs(made.kernel, conditions):
        with np.errstate(all="ignore"):
            results = function(*drawn.arguments)
        names = [output.name for output in returned(made.kernel)]
        got = dict(zip(names, results, strict=True))
        running = made.by.UNBOUNDED or _running(function, drawn)
        if isinstance(running, str):
            unbounded = running
        for name, at, exact, kappa in _exact(made, drawn):
            inputs += at is None
            if at is None:
                continue
            value = float(np.asarray(_dense(got[name], drawn))[at])
            error = _error(value, exact, kappa)
            components += 1
            worst = max(worst, error)
            if not isinstance(running, str):
                allowed = abs(_float(exact)) + kappa + FLOOR / HALF
                bound = max(bound, float(running[names.index(name)][at]) / allowed)
            if error > HALF:
                raise Refusal(_said(made, drawn, name, at, value, exact))
    if not components:
        raise Refusal("no ordinary input was found at which the line has a value")
    return Worst(inputs, components, worst, bound, unbounded)


@runtime_checkable
class RowSparse(Protocol):
    """A row-sparse gradient of floats, of whichever back end's runtime."""

    rows: NDArray[np.intp]

    def dense(self, N: int) -> Floats:
        """The whole matrix."""


Loaded = Callable[..., tuple[Floats | RowSparse, ...]]  # a line's function


def _running(function: Loaded, drawn: _Drawn) -> list[Floats] | str:
    """A bound on the error of every component, or why none is given."""
    try:
        found = bounds(function, *drawn.arguments)
    except (TypeError, Unbounded) as error:
        return str(error).split(",")[0]
    except AttributeError:
        return "a number of Python's own"
    if any(isinstance(one, RowSparse) for one in function(*drawn.arguments)):
        return "a row-sparse result"
    return [np.vectorize(float, otypes=[float])(one.error) for one in found]


def loaded(text: str, backend: str = NUMPY) -> Loaded:
    """The function of a module, from its text; of another back end's on floats of NumPy."""
    by = back_ends()[backend]
    if by.FOLDER:
        path = f"{by.FOLDER}/{MODULE}.py"
        modules = Package({**texts_in(GENERATED), path: text}, by.stubs_on_floats())
        module, file = modules.module(f"{by.FOLDER}.{MODULE}"), f"generated/{path}"
    else:
        module, file = ModuleType(f"generated.{MODULE}"), FILE
        module.__package__ = "generated"
        exec(compile(text, file, "exec"), module.__dict__)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    function: Loaded = module.__dict__[NAME]
    return function


@dataclass(frozen=True)
class _Drawn:
    case: Case
    values: Mapping[Hashable, Fraction]
    arguments: Arguments


def _inputs(kernel: Kernel, conditions: tuple[object, ...]) -> Iterator[_Drawn]:
    """Random inputs of several scales, of sizes that differ; 20 and 800 of numbers alone."""
    numbers = [one for one in kernel.arguments if not one.is_integer]
    alone = not any(one.axes for one in numbers)
    every = (lengths for lengths in sizes(kernel, LONGEST) if 1 not in lengths.values())
    some = sorted(every, key=lambda lengths: -len({*lengths.values()}))[:3] or sizes(kernel, 1)
    for seed, scale in product(range(3), ALONE if alone else SCALES):
        random = Random(f"{seed} {scale}")
        lengths = some[seed % len(some)]
        limits = Limits(1, 1, 3)
        _, chosen = cases(kernel, lengths, limits, 0, 3)
        case = chosen[seed % len(chosen)]
        values: dict[Hashable, Fraction] = {}
        arguments: list[Floats | Words | float] = []
        for one in kernel.arguments:
            if one.is_integer:
                arguments.append(case.integers[one.name])
                continue
            array = np.empty(shape(one, lengths))
            for place in np.ndindex(array.shape):
                exact = alone and seed < 2
                array[place] = _number(one, conditions, scale, random, sign=seed, exact=exact)
                key = _key(one, place)
                values[key] = Fraction(float(array[place]))
            arguments.append(array if one.axes else float(array))
        yield _Drawn(case, values, tuple(arguments))


def _number(
    argument: Argument,
    conditions: tuple[object, ...],
    scale: float,
    random: Random,
    *,
    sign: int,
    exact: bool,
) -> float:
    held = getattr(argument.stands_for, "base", argument.stands_for)
    for condition in conditions:
        if isinstance(condition, Between) and condition.of == held:
            return float(condition.lower) + random.random() * float(
                condition.upper - condition.lower
            )
        if isinstance(condition, OneOfTwo) and condition.of == held:
            return float(random.choice((-1 if condition.signs else 0, 1)))
        if isinstance(condition, Positive) and condition.of == held:
            return abs(random.gauss(0, 1)) + 0.01
    if exact:  # the number itself, of either sign
        return scale if sign == 0 else -scale
    return random.gauss(0, 1) * scale


def _key(argument: Argument, place: tuple[int, ...]) -> Hashable:
    base = getattr(argument.stands_for, "base", None)
    return (str(base.name), tuple(n + 1 for n in place)) if base is not None else _symbol(argument)


def _symbol(argument: Argument) -> Hashable:
    return (argument.stands_for.name, ())


Component = tuple[str, tuple[int, ...] | None, arb, float]


def _exact(made: LineModule, drawn: _Drawn) -> Iterator[Component]:
    """Each component's exact value, and what moving the inputs does to it."""
    with ctx.workprec(PRECISION):
        plain = _values(made, drawn, drawn.values)
        if plain is None:
            return
        random = Random(0)
        moved = []
        for _ in range(DIRECTIONS):
            other = {k: v * (1 + MOVED * random.choice((-1, 1))) for k, v in drawn.values.items()}
            moved.append(_values(made, drawn, other))
        yield "", None, arb(0), 0.0
        for (name, at), value in plain.items():
            if not value.is_finite():
                continue
            slopes = [abs((one[name, at] - value) / _ball(MOVED)) for one in moved if one]
            kappa = max((_float(slope) for slope in slopes), default=0.0)
            yield name, at, value, kappa


def _values(
    made: LineModule, drawn: _Drawn, values: Mapping[Hashable, Fraction]
) -> dict[tuple[str, tuple[int, ...]], arb] | None:
    """All components at some inputs; None where one has no value."""
    meant = Meaning(made.kernel, made.claims, drawn.case, Balls(values))
    found: dict[tuple[str, tuple[int, ...]], arb] = {}
    try:
        for output in returned(made.kernel):
            for at, value in meant.output(output).items():
                found[output.name, at] = value
    except (NoValue, ZeroDivisionError):
        return None
    return found


def returned(kernel: Kernel) -> list[Value | Gradient]:
    """The outputs: nothing of a line is changed in place."""
    return [output for output in kernel.outputs if isinstance(output, Value | Gradient)]


def _dense(result: Floats | RowSparse, drawn: _Drawn) -> Floats:
    """A row-sparse gradient as a matrix."""
    if not isinstance(result, RowSparse):
        return result
    return result.dense(max(drawn.case.lengths.values()))


def _error(value: float, exact: arb, kappa: float) -> float:
    """How far off it is, as a part of what it may be."""
    magnitude = _float(exact)
    if isnan(value):
        return inf
    if magnitude == inf or kappa == inf:
        return 0.0  # out of range itself
    if abs(value) == inf:
        return inf
    return abs(float(exact - _ball(Fraction(value)))) / (abs(magnitude) + kappa + FLOOR / HALF)


def _float(ball: arb) -> float:
    try:
        return float(ball.mid())
    except OverflowError:
        return inf


def _ball(value: Fraction) -> arb:
    return arb(value.numerator) / arb(value.denominator)


def _said(
    made: LineModule, drawn: _Drawn, name: str, at: tuple[int, ...], value: float, exact: arb
) -> str:
    """The input, what came out there, and what should."""
    given = [
        f"{one.name} = {np.asarray(value_).tolist()}"
        for one, value_ in zip(made.kernel.arguments, drawn.arguments, strict=True)
    ]
    entry = f"{name}{list(at)}" if at else name
    return (
        f"the program is not accurate: at {', '.join(given)}, {entry} is {value:.6g}, should be "
        f"{_float(exact):.6g}{mending(made.computed[name != 'loss'])}"
    )


# The text of a module proved: run on exact symbols, and compared with the line as it was written.
#
# As for the package: at every size up to a bound and at one longer, every choice of labels or some,
# on every path. Where the line has cases by the sign of a number, that is refused: which case holds
# is not decided there.


PLAN = Plan(most=2, sizes=16, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=8, longer=3)


@dataclass(frozen=True)
class Executed:
    """How much was run."""

    cases: int
    entries: int

    def __str__(self) -> str:
        sizes = f"sizes up to {PLAN.most}, and {PLAN.longer}"
        return f"run on symbols at {sizes}: {self.cases} cases, {self.entries} entries"


def proved_text(made: LineModule) -> Executed:
    """Run the text; raises Refusal where an entry is not what the line says."""
    path = f"{made.module.replace('.', '/')}.py"
    for place in dependent({path: made.text}):
        raise Refusal(f"the program depends on a size: {place}")
    texts = {**texts_in(GENERATED), path: made.text}
    name = f"{made.module}.{NAME}"
    try:
        found = report(name, made.kernel, made.claims, loadings(texts), PLAN)
    except Exception as error:
        raise Refusal(
            f"the program cannot be run on symbols, so that it is not proved: "
            f"{type(error).__name__}: {error}"
        ) from None
    if not found.proved:
        wrong = found.count.failures[0] if found.count.failures else "nothing was decided"
        raise Refusal(f"the program does not compute the line: {wrong}")
    return Executed(found.count.cases, found.count.entries)


def kernel_of(
    path: Path, line: str, called: dict[str, str], backend: str = NUMPY
) -> tuple[LineModule, str]:
    """The module of a line, and what was found out about it; raises Refusal."""
    asked = proved_line(path, line)
    module = module_of(asked, called, backend)
    executed = proved_text(module)
    worst = require_accurate(module, asked.claim.conditions)
    told = f"The text was {executed}. {module.by.MEASURED}, {worst}."
    return with_note(module, asked, told), told
