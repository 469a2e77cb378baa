"""One kernel at one case, on every path and in every variant: called, compared entry by entry."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import exp, log
from random import Random
from typing import Protocol, runtime_checkable

import numpy as np
from flint import fmpq_mpoly
from numpy.typing import NDArray

from codegen.emitted import Argument, Runner
from codegen.execute.specification import (
    Case,
    Expected,
    Given,
    Place,
    Specification,
    expected,
    shape,
)
from codegen.interpret.array import Integers, Listed, Plain
from codegen.interpret.branching import (
    Coverage,
    Holds,
    Path,
    Refused,
    State,
    Tree,
    differing,
    every_path,
)
from codegen.interpret.loaded import Loaded
from codegen.interpret.symbolic import EXACT, Number, Symbols, number, symbolic
from codegen.kernel import Elementwise, Equality, Kernel, Update
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.field import Branch, Field, Finer, TooManyVariables, Value
from derivations.proof.field import Value as Element
from derivations.proof.fragment import NoValue

# What a kernel returned or changed, against what it had to: entry by entry, decided exactly.


Entries = Mapping[Place, Tree[Element]]


@runtime_checkable
class RowSparse(Protocol):
    """A row-sparse gradient of symbols, as the runtime makes it."""

    rows: Integers
    values: Symbols


@dataclass(frozen=True)
class Mismatch:
    """One entry that is wrong, or what else is wrong with an output."""

    output: str
    entry: Place | None
    reason: str
    got: Element | None = None
    want: Element | None = None
    case: Holds | None = None


def mismatches(
    state: State, name: str, got: object, want: Entries, lists: int
) -> Iterator[Mismatch]:
    """What is wrong with an output; ``lists`` is the number of its axes.

    A row-sparse gradient has to list distinct rows in order, and what it does not list is zero.
    """
    if isinstance(got, RowSparse):
        yield from _rows(state, name, got, want)
        return
    shape = tuple(max((at[n] for at in want), default=-1) + 1 for n in range(lists))
    if lists == 0:
        yield from _entry(state, name, (), got, want[()])
        return
    if not isinstance(got, np.ndarray | Symbols):
        yield Mismatch(name, None, f"is a {type(got).__name__}, should be an array")
    elif not _fits(got.shape, shape, want):
        yield Mismatch(name, None, f"has shape {got.shape}, should be {shape}")
    else:
        for at, value in want.items():
            yield from _entry(state, name, at, EXACT.lifted(got).entries[at], value)


def _fits(found: Place, shape: Place, want: Entries) -> bool:
    return found == shape if want else len(found) == len(shape) and 0 in found


def _rows(state: State, name: str, got: RowSparse, want: Entries) -> Iterator[Mismatch]:
    rows = np.asarray(got.rows).tolist()
    if rows != sorted(set(rows)) or len(rows) != len(got.values):
        yield Mismatch(name, None, f"lists the rows {rows} for {len(got.values)} rows")
        return
    width = max(at[1] for at in want) + 1
    if got.values.shape != (len(rows), width):
        yield Mismatch(name, None, f"has rows of shape {got.values.shape[1:]}, should be {width}")
        return
    place = {row: n for n, row in enumerate(rows)}
    if rows and not 0 <= rows[0] <= rows[-1] <= max(at[0] for at in want):
        yield Mismatch(name, None, f"lists the rows {rows}, which are not all there")
        return
    for (row, column), value in want.items():
        entry = EXACT.lifted(got.values).entries[place[row], column] if row in place else 0
        yield from _entry(state, name, (row, column), entry, value)


def _entry(
    state: State, name: str, at: Place, got: object, want: Tree[Element]
) -> Iterator[Mismatch]:
    if isinstance(got, Symbols) and got.ndim == 0:
        got = got.item()
    if isinstance(got, np.ndarray | Symbols):
        yield Mismatch(name, at, f"is an array of shape {got.shape}, should be a number")
        return
    wrong = differing(state, number(state, got).tree, want)
    if wrong is not None:
        yield Mismatch(name, at, "is not what was proved", *wrong)


# Where two exact values differ: their numbers at one point, for a reader. Never a verdict.


TRIES = 200


def shown(got: Value, want: Value, case: Holds, state: State) -> str:
    """Both values at a point where the case in which they differ is the one that holds."""
    random = Random(0)
    text = ""
    for attempt in range(TRIES):
        point = _point(state.field, random)
        try:
            left, right = (_as_float(value, state.field, point) for value in (got, want))
            holds = all(
                (_as_float(state.conditions[n], state.field, point) >= 0) == wanted
                for n, wanted in case.items()
            )
        except (ArithmeticError, ValueError):
            continue
        if attempt == 0 or holds:
            text = f"{left:.6g}, should be {right:.6g}, at {_named(state.field, point)}"
        if holds and f"{left:.6g}" != f"{right:.6g}":
            break
    return text or "values that no point shows"


def _point(field: Field, random: Random) -> dict[int, float]:
    point = {n: random.choice((-1, 1)) * random.randint(1, 8) / 4 for n in field.coordinates}
    for n, argument in field.arguments.items():
        point[n] = exp(_as_float(argument, field, point))
    for key, n in field.numbers.items():
        if isinstance(key, tuple) and key[0] == "log" and n not in point:
            known = {str(one): one for one in field.irreducible}
            inside = key[1] if isinstance(key[1], int) else _polynomial(known[key[1]], point)
            point[n] = log(abs(inside))
    return point


def _as_float(value: Value, field: Field, point: dict[int, float]) -> float:
    """The value at a point, as a float."""
    result = _polynomial(value.numerator, point)
    for n, power in value.denominator:
        result /= _polynomial(field.irreducible[n], point) ** power
    return result


def _polynomial(polynomial: fmpq_mpoly, point: dict[int, float]) -> float:
    total = 0.0
    for powers, coefficient in polynomial.to_dict().items():
        term = int(coefficient.p) / int(coefficient.q)
        for n, power in enumerate(powers):
            if power:
                term *= point[n] ** int(power)
        total += term
    return total


def _named(field: Field, point: dict[int, float]) -> str:
    named = []
    for key, n in field.numbers.items():
        if n in field.coordinates and isinstance(key, tuple):
            indices = ",".join(str(index) for index in key[1])
            named.append(
                f"{key[0]}[{indices}] = {point[n]:g}" if indices else f"{key[0]} = {point[n]:g}"
            )
    return ", ".join(named)


# One call of a kernel with symbols, and what became of its arguments.


@dataclass(frozen=True)
class Variant:
    """One way to run a kernel: ``loaded`` so, and with memory for so many pairs.

    ``how`` says what is run, where that is not just the function of the kernel's name.
    """

    name: str
    loaded: Loaded[Symbols]
    pairs: int | None = None
    how: Runner | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is set."""
        own = self.loaded
        return own.sparse and not own.small and not own.overflow and self.pairs is None


class Call:
    """The arguments of one call, and what became of them."""

    def __init__(self, kernel: Kernel, case: Case, state: State, given: Given) -> None:
        self.kernel, self.state = kernel, state
        self.arguments: dict[str, Argument] = {}
        for argument in kernel.arguments:
            if argument.is_integer:
                value = case.integers[argument.name]
                self.arguments[argument.name] = value if isinstance(value, int) else value.copy()
            else:
                array = np.empty(shape(argument, case.lengths), object)
                for at, entry in given[argument.name].items():
                    array[at] = Number(state, entry)
                self.arguments[argument.name] = symbolic(array)
        self.before = {
            name: np.array(_plain(value))
            for name, value in self.arguments.items()
            if isinstance(value, np.ndarray | Symbols)
        }
        self.results: Mapping[str, object] = {}
        self.axes = {
            output.argument if isinstance(output, Update) else output.name: len(
                output.gradient.axes if isinstance(output, Update) else output.axes
            )
            for output in kernel.outputs
        }

    def made(self, variant: Variant, module: str) -> Mapping[str, object]:
        """Call the kernel; what it returned or changed, by name.

        A single word is a Python integer in one variant, one of NumPy in the others.
        """
        if not variant.is_plain:
            self.arguments = {name: _of_numpy(value) for name, value in self.arguments.items()}
        loaded = variant.loaded.module(module)
        function = getattr(loaded, self.kernel.name)
        if variant.how is not None:
            self.results = variant.how(loaded, self.kernel, self.arguments, self.state)
            return self.results
        more: dict[str, object] = {}
        if variant.pairs is not None:
            U = self.arguments[self.kernel.arguments[1].name]
            assert isinstance(U, Symbols)
            memory = variant.loaded.module("_runtime.batches").Workspace
            more["work"] = memory(*U.shape, variant.pairs, object)
            function(*self.arguments.values(), **more)  # so that the memory holds old numbers
        results = function(*self.arguments.values(), **more)
        updated = {update.argument for update in self.kernel.updates}
        if updated:
            if results is not None:
                raise Refused("a step in place returns something")
            return {name: self.arguments[name] for name in updated}
        if not isinstance(results, tuple) or isinstance(results, RowSparse):
            results = (results,)
        names = [output.name for output in self.kernel.outputs if not isinstance(output, Update)]
        self.results = dict(zip(names, results, strict=True))
        return self.results

    def spoilt(self) -> str | None:
        """An argument that was changed and should not be, or that a result is part of."""
        updated = {update.argument for update in self.kernel.updates}
        for name, value in self.arguments.items():
            if not isinstance(value, np.ndarray | Symbols):
                continue
            if name not in updated and not _unchanged(_plain(value), self.before[name]):
                return f"{name} was changed"
            for result_name, result in self.results.items():
                parts = (result.rows, result.values) if isinstance(result, RowSparse) else (result,)
                plain = (_plain(p) for p in parts if isinstance(p, np.ndarray | Symbols))
                if any(np.shares_memory(part, _plain(value)) for part in plain):
                    return f"{result_name} is memory of {name}"
        return None


def _plain(array: Plain | Symbols) -> Plain:
    return array.entries if isinstance(array, Symbols) else array


def _unchanged(now: Plain, before: Plain) -> bool:
    if now.dtype != object:
        return bool(np.array_equal(now, before))
    return all(x is y for x, y in zip(now.flat, before.flat, strict=True))


def _of_numpy(value: Argument) -> Argument:
    return np.intp(value) if isinstance(value, int) else value


# One kernel at one case, on every path and in every variant: run, and compared.


ROOM = (20, 40, 80, 160, 400)  # variables of the field, tried in turn
MOST_SIGNS = 256  # ways that the signs of terms can be at one case
MOST_FINER = 8
FEW_PATHS = 4  # of every variant but the first


@dataclass(frozen=True)
class Failure:
    """Where the emitted text does not compute what was proved."""

    kernel: str
    variant: str
    case: str
    what: str

    def __str__(self) -> str:
        return f"{self.kernel} ({self.variant}) at {self.case}: {self.what}"


@dataclass
class Count:
    """What was run and decided."""

    cases: int = 0
    runs: int = 0
    entries: int = 0
    drawn_paths: int = 0
    room: int = 0  # variables of the largest field
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what another one counted."""
        self.cases += other.cases
        self.runs += other.runs
        self.entries += other.entries
        self.drawn_paths += other.drawn_paths
        self.room = max(self.room, other.room)
        self.failures += other.failures


def run_case(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    most_paths: int,
    room: int = ROOM[0],
) -> Count:
    """Run the kernel at one case under each variant; at most one failure of each is told.

    Every path is gone in the first variant, up to so many; a few in the others. The field is laid
    out for ``room`` variables, for more where these are too few.
    """
    finer: dict[Hashable, int] = {}
    rooms = [each for each in ROOM if each >= room]
    while rooms:
        try:
            limits = (most_paths, rooms[0])
            return _in_all_signs(kernel, module, claims, case, variants, limits, finer)
        except TooManyVariables:
            rooms.pop(0)
        except Finer as wanted:
            if len(finer) > MOST_FINER:
                raise
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
    raise Refused(f"more than {ROOM[-1]} variables at {case}")


def _in_all_signs(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    limits: tuple[int, int],
    finer: Mapping[Hashable, int],
) -> Count:
    """The case once for each way that the signs of terms can be which a value turns on."""
    most_paths, room = limits
    whole = Count()
    waiting: list[dict[str, int]] = [{}]
    without_value: Exception | None = None
    for _ in range(MOST_SIGNS):
        signs = waiting.pop()
        try:
            meant = Specification(kernel, claims, case, room, signs, finer)
            whole.add(_run(kernel, module, meant, variants, most_paths))
        except (NoValue, ZeroDivisionError) as error:
            without_value = error
        except Branch as unknown:
            waiting += ({**signs, unknown.term: sign} for sign in unknown.signs if sign)
        if not waiting or whole.failures:
            if not whole.runs and without_value is not None:
                raise without_value
            whole.cases = 1
            return whole
    raise Refused(f"more than {MOST_SIGNS} cases by sign at {case}")


def _run(
    kernel: Kernel,
    module: str,
    meant: Specification,
    variants: Sequence[Variant],
    most_paths: int,
) -> Count:
    count = Count(cases=1, room=meant.field.variables)
    given = {a.name: meant.argument(a) for a in kernel.arguments if not a.is_integer}
    outputs = expected(kernel, meant, given)
    size = sum(len(output.entries) for output in outputs.values())
    for place, variant in enumerate(variants):
        most = min(most_paths, FEW_PATHS) if place else most_paths
        covered = Coverage()

        def once(path: Path, variant: Variant = variant) -> str | None:
            state = State(meant.field, path)
            return _wrong(Call(kernel, meant.case, state, given), variant, module, outputs)

        for wrong in every_path(once, most, covered):
            if wrong is not None:
                name = f"{module}.{kernel.name}"
                count.failures.append(Failure(name, variant.name, str(meant.case), wrong))
                break
        count.runs += covered.runs
        count.entries += covered.runs * size
        count.drawn_paths += place == 0 and not covered.all_paths
    return count


def _wrong(
    call: Call, variant: Variant, module: str, outputs: Mapping[str, Expected]
) -> str | None:
    """What is wrong with one run, if anything is. Whatever is raised is wrong, too."""
    try:
        returned = call.made(variant, module)
        for name, output in outputs.items():
            want, axes = output.trees(call.state), call.axes[name]
            for wrong in mismatches(call.state, name, returned[name], want, axes):
                return _described(wrong, call.state)
        return call.spoilt()
    except (TooManyVariables, Branch, Finer, NoValue):
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _described(wrong: Mismatch, state: State) -> str:
    entry = "" if not wrong.entry else str(list(wrong.entry))
    if wrong.got is None or wrong.want is None or wrong.case is None:
        return f"{wrong.output}{entry} {wrong.reason}"
    values = shown(wrong.got, wrong.want, wrong.case, state)
    return f"{wrong.output}{entry} {wrong.reason}: {values}"


# The functions of one number, on a symbol: both sides of every condition.


ROOM_OF_ONE = 8
EVERY_SIGN = "both signs"


def run_elementwise(
    function: Elementwise, module: str, claims: Mapping[str, Equality], loaded: Loaded[Symbols]
) -> Count:
    """Run it on one symbol; it has to be what the claim's left side is."""
    state = State(Field(ROOM_OF_ONE), Path())
    interpreter = Interpreter(Instance({}, {}, {}), state.field)
    want: Entries = {(): interpreter.value(claims[function.claim].left)}
    number = symbolic(Number(state, interpreter.value(function.argument)))
    count = Count(cases=1, runs=1, entries=1)
    try:
        got = getattr(loaded.module(module), function.name)(number)
        wrong = next((f"is {one.reason}" for one in mismatches(state, "", got, want, 0)), None)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong is not None:
        name = f"{module}.{function.name}"
        count.failures.append(Failure(name, "", f"{function.argument}", wrong))
    return count


# The row sums of the runtime by themselves: words far apart, shared rows, numbers or none.
#
# Kernels call them with small words; here words are as far apart as makes them sort, too.


WORDS = (((0, 1, 2), 4), ((0, 3, 9000), 3))  # three words, and how many places a list has
DIRECT_ROOM = 40
D = 2
NAMES = ("_runtime.rows.row_sums", "_runtime.rows.matrix_of")


def run_row_sums(name: str, ways: Sequence[Variant]) -> Count:
    """Every list of up to so many words out of three."""
    count = Count()
    for words, most in WORDS if name == NAMES[0] else WORDS[:1]:
        for length in range(most + 1):
            for chosen in product(words, repeat=length):
                count.cases += 1
                for way in ways:
                    for wrong in _wrong_directly(name, way, list(chosen), count):
                        at = f"words = {list(chosen)}"
                        count.failures.append(Failure(name, way.name, at, wrong))
                        return count
    return count


def _wrong_directly(name: str, way: Variant, words: list[int], count: Count) -> Iterator[str]:
    for terms in ("rows", "numbers", "shared", "several"):
        state = State(Field(DIRECT_ROOM), Path())
        given, want = _terms(state, terms, words)
        count.runs += 1
        try:
            rows = way.loaded.module("_runtime.rows")
            if name == NAMES[0]:
                got = rows.row_sums(*given)
                listed = sorted(set(words))
                if np.asarray(got.rows).tolist() != listed:
                    yield f"lists the rows {got.rows}, should list {listed}"
                dense = got.dense(max(words, default=0) + 1)
            else:
                dense = rows.matrix_of(max(words, default=0) + 1, *given)
            some = {at: want.get(at, state.field.constant(0)) for at in _places(words, dense)}
            if dense.shape[1] != D:
                yield f"has rows of length {dense.shape[1]}, should be {D}"
            for at, value in some.items():
                count.entries += 1
                for wrong in mismatches(state, f"{list(at)}", dense[at], {(): value}, 0):
                    yield f"{terms}: {wrong.output} {wrong.reason}"
        except Exception as error:
            yield f"{terms}: {type(error).__name__}: {error}"


def _places(words: list[int], dense: Symbols) -> Iterator[tuple[int, int]]:
    """Rows of words, and some beside them."""
    rows = {*words, *(word + 1 for word in words), 0}
    return ((row, i) for row in sorted(rows) if row < len(dense) for i in range(D))


def _terms(
    state: State, kind: str, words: list[int]
) -> tuple[list[Listed[Symbols]], dict[tuple[int, int], Element]]:
    """Terms for the functions, and what they add up to."""
    field = state.field
    index = np.array(words, np.intp)
    want: dict[tuple[int, int], Element] = {}

    def symbols(letter: str, *shape: int) -> tuple[NDArray[np.object_], Symbols]:
        values = np.empty(shape, object)
        array = np.empty(shape, object)
        for at in np.ndindex(shape):
            value = values[at] = field.parameter((letter, at))
            array[at] = Number(state, value)
        return values, symbolic(array)

    def add(word: int, factor: Element, row: NDArray[np.object_]) -> None:
        for i in range(D):
            before = want.get((word, i), field.constant(0))
            want[word, i] = field.add(before, field.multiply(factor, row[i]))

    numbers, weights = symbols("a", len(words))
    one = field.constant(1)
    if kind == "shared":
        row, shared = symbols("r", D)
        for word, number in zip(words, numbers, strict=True):
            add(word, number, row)
            add(word, field.multiply(field.constant(-2), one), row)
        return [
            (index, weights, shared),
            (index, -2, shared.moved(lambda part: np.broadcast_to(part, (len(words), D)))),
        ], want
    rows, given = symbols("r", len(words), D)
    for word, number, row in zip(words, numbers, rows, strict=True):
        add(word, one if kind == "rows" else number, row)
    if kind == "several":
        parts = (slice(0, 1), slice(1, 2), slice(2, None))
        return [(index[part], weights[part], given[part]) for part in parts], want
    return [(index, weights if kind == "numbers" else None, given)], want
