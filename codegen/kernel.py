"""Kernels as data, and their grounds: claims that are proved, and fit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sympy import Derivative, Expr, Function, Indexed, Integer, Symbol, preorder_traversal

from derivations.claim import NOTHING_ASSUMED, Assumed, Claim, Condition, Positive, Unequal, Verdict
from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.index_form import application, entry_at, letter
from derivations.language.index_nodes import Defined, substitute, unfold
from derivations.language.tree import Definition
from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import Derivation, derivation
from derivations.reader.environment import Scope

# A word chosen by its score: the member of an index set at which an expression is largest.
#
# A stable form holds for any word `a` that the scores are taken relative to; the kernels take
# the leading one. The choice is a named function with a closed body, like `Defined`, so that
# substitution never meets its bound index.


class Argmax(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application: the ``index`` at which ``body``, with ``params`` replaced, is largest."""

    params: tuple[Symbol, ...]
    index: Index
    body: Expr
    shown: str

    def opened(self) -> tuple[Index, Expr]:
        """The index to be chosen, and the expression to be made largest, in which it is free.

        It has another name where an argument has its name.
        """
        index = self.index
        while any(index in argument.free_symbols for argument in self.args):
            index = Index(f"{index.name}′", index.space)
        values = dict(zip(self.params, self.args, strict=True))
        return index, substitute(self.body, {**values, self.index: index})


def argmax(
    name: str, shown: str, params: tuple[Symbol, ...], index: Index, body: Expr
) -> type[Argmax]:
    """A new choice function; ``shown`` as for `derivations.language.index_nodes.define`."""
    members = {
        "nargs": len(params),
        "params": params,
        "index": index,
        "body": body,
        "shown": shown,
        "is_integer": True,
    }
    return type(name, (Argmax,), members)


# Arguments drawn for a kernel: what its data says of shapes and words, or what its subject says.
#
# For the bounds on rounding, which are compared with what is measured at such arguments.


Floats = NDArray[np.floating]
Words = NDArray[np.signedinteger]
Arguments = tuple[Floats | Words | float, ...]


@dataclass(frozen=True, eq=False)
class Draw:
    """Vectors U and V (N, d), K samples, B places, and where words and numbers come from."""

    rng: np.random.Generator
    U: Floats
    V: Floats
    K: int
    B: int

    def word(self) -> int:
        """A word."""
        return int(self.rng.integers(0, len(self.U)))

    def words(self, *shape: int) -> Words:
        """Words, with repetitions."""
        return self.rng.integers(0, len(self.U), shape)

    def numbers(self, *shape: int) -> Floats:
        """Numbers of a few sizes."""
        drawn: Floats = self.rng.normal(size=shape) * 10.0 ** self.rng.uniform(-2, 1, shape)
        return drawn.astype(self.U.dtype)


Drawn = Callable[[Draw], Arguments]


def by_shapes(kernel: Kernel) -> Drawn:
    """Arguments of the shapes that the kernel's data says: of N words, d coordinates, K samples.

    Every other axis has B places. Matrices (N, d) are U and V, vectors (d,) the first row of V.
    """

    def drawn(draw: Draw) -> Arguments:
        lengths = {"N": len(draw.U), "d": draw.U.shape[1], "K": draw.K}
        below = {
            axis.space: lengths.get(letter, draw.B)
            for one in kernel.arguments
            if not one.is_integer
            for axis, letter in zip(one.axes, one.letters, strict=True)
        }
        named = {"U": draw.U, "V": draw.V}
        left = [name for name in named if name not in {one.name for one in kernel.arguments}]

        def value(one: Argument) -> Floats | Words | float:
            shape = tuple(lengths.get(letter, draw.B) for letter in one.letters)
            if one.is_integer:
                words = below[members(one)]
                found = draw.rng.integers(0, words, shape)
                return found if one.axes else int(found)
            if one.letters == ("N", "d") and (one.name in named or left):
                return named[one.name if one.name in named else left.pop(0)]
            if one.letters == ("d",):
                row: Floats = draw.V[0]
                return row
            return draw.numbers(*shape) if one.axes else float(draw.rng.uniform(0.1, 3))

        return tuple(value(one) for one in kernel.arguments)

    return drawn


def members(argument: Argument) -> IndexSet:
    """The index set whose members an argument holds."""
    held = argument.stands_for
    space = held.space if isinstance(held, Index) else held.base.space
    assert isinstance(space, IndexSet)
    return space


# What a kernel is: its arguments, outputs and rewrites, as data.


@dataclass(frozen=True)
class Argument:
    """An argument of the kernel and what it stands for.

    ``stands_for`` is a scalar symbol, or an entry of a family at the running indices ``axes``;
    an index of the entry that is not an axis is fixed: ``V[c, i]`` with axis ``i`` is one row.
    ``letters`` names the axes' lengths in messages. ``left_out`` is the member of the first
    axis' index set that has no place in the array. An integer argument holds words, or where
    ``at_most`` names a derived size, integers from 0 to it.
    """

    name: str
    stands_for: Indexed | Symbol
    axes: tuple[Index, ...] = ()
    letters: tuple[str, ...] = ()
    left_out: Integer | None = None
    meaning: str = ""
    at_most: str = ""

    @property
    def is_integer(self) -> bool:
        """Whether it holds words or counts rather than numbers."""
        if isinstance(self.stands_for, Symbol):
            return isinstance(self.stands_for, Index)
        return bool(self.stands_for.base.label.is_integer)

    @property
    def fixed(self) -> tuple[Symbol, ...]:
        """The symbols that are given with the argument and do not run."""
        if isinstance(self.stands_for, Symbol):
            return (self.stands_for,)
        return tuple(index for index in self.stands_for.indices if index not in self.axes)


@dataclass(frozen=True)
class Value:
    """An output computed from a loss itself, with one entry for each of ``axes``."""

    name: str
    loss: Expr
    axes: tuple[Index, ...] = ()


@dataclass(frozen=True)
class Gradient:
    """An output computed from the right side of a claim, with one entry for each of ``axes``.

    Where the gradient is a sum over touched rows it is returned row-sparse, or made ``dense``.
    ``only_row`` says that the claim gives one row of the gradient, and that every other row is
    zero by the claim ``elsewhere``. ``by`` names the argument that it is taken by, where the left
    side of the claim need not be a derivative.
    """

    name: str
    claim: str
    axes: tuple[Index, ...]
    dense: str = ""
    only_row: tuple[Index, Expr] | None = None
    elsewhere: str = ""
    by: str = ""


@dataclass(frozen=True)
class Update:
    """An argument changed in place: less ``rate`` times its gradient.

    Where rows have rates of their own, these are numbers by the gradient's row, of sums over what
    falls on a row (its mass) that the kernel names.
    """

    argument: str
    gradient: Gradient
    rate: Expr


@dataclass(frozen=True)
class Derived:
    """A size that follows from the shapes of two arguments, by a function of the runtime."""

    symbol: Symbol
    name: str
    function: str
    arguments: tuple[str, str]


@dataclass(frozen=True)
class Parts:
    """Steps of a batch that are done for some places of ``axis`` at a time.

    The first of them turn the product ``large``, the last one is ``kept`` in its memory. With
    ``large``, the output ``out`` is written to a workspace that the caller may give.
    """

    axis: Index
    large: str
    steps: tuple[str, ...]
    kept: str
    out: str


@dataclass(frozen=True)
class Kernel:
    """A public function.

    ``loss`` is what every gradient must be a gradient of. ``rewrites`` are claims used from
    left to right; ``choices`` gives the values of symbols that only their right sides have, and
    of families of numbers that no argument holds: what is proved holds for all of them.
    ``calls`` maps claims to functions that compute their left sides. ``names`` are the steps
    that get a name: an expression, at whatever running indices it has, and the variable.
    ``also`` are claims that the docstring speaks of, ``parts`` says what is done in parts.
    Of a batch that gathers rows for each place of ``gathering``, some places are taken at a time.
    ``accuracy`` says how accurate it is, where the package does not; ``assumed`` what is given of
    its arguments.
    """

    name: str
    title: str
    loss: Expr
    arguments: tuple[Argument, ...]
    outputs: tuple[Value | Gradient | Update, ...]
    layout: tuple[IndexSet, ...]
    rewrites: tuple[str, ...] = ()
    choices: Mapping[Symbol | Indexed, Expr | Argmax] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[Expr, str] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    also: tuple[str, ...] = ()
    parts: Parts | None = None
    gathering: Index | None = None
    accuracy: str = ""
    assumed: Assumed = NOTHING_ASSUMED

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """The gradients that are returned, and those that arguments are moved against."""
        found = (out.gradient if isinstance(out, Update) else out for out in self.outputs)
        return tuple(output for output in found if isinstance(output, Gradient))

    @property
    def updates(self) -> tuple[Update, ...]:
        """What is changed in place."""
        return tuple(output for output in self.outputs if isinstance(output, Update))

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of all claims that the function rests on."""
        outputs = self.gradients
        gradients = [id for output in outputs for id in (output.claim, output.elsewhere) if id]
        return tuple(dict.fromkeys([*gradients, *self.rewrites, *self.calls.values(), *self.also]))


@dataclass(frozen=True)
class Elementwise:
    """A function of a number, applied to every entry of an array: the right side of a claim."""

    name: str
    title: str
    claim: str
    argument: Symbol
    names: Mapping[Expr, str] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[str, ...]:
        """The one claim that the function rests on."""
        return (self.claim,)


@dataclass(frozen=True)
class Module:
    """One emitted file of functions; ``origin`` names what it is made from.

    ``note`` is a paragraph of its docstring, below the title. The rounding of the functions that
    are ``bounded`` is studied, where nothing is said of those with gradients, at arguments by
    their shapes or as ``drawn`` by name; it is ``counted`` where the package defines B for them.
    """

    path: str
    title: str
    functions: tuple[Kernel | Elementwise, ...]
    origin: str = "codegen/subjects/"
    note: str = ""
    bounded: tuple[str, ...] | None = None
    drawn: Mapping[str, Drawn] = field(default_factory=dict)
    counted: bool = False

    def is_bounded(self, kernel: Kernel) -> bool:
        """Whether there is a running bound on the kernel's rounding."""
        return bool(kernel.gradients) if self.bounded is None else kernel.name in self.bounded


@dataclass(frozen=True)
class Equality:
    """``left = right`` at every index, where ``conditions`` hold."""

    id: str
    left: Expr
    right: Expr
    conditions: tuple[Condition, ...] = ()


def equalities(claims: Iterable[Claim]) -> dict[str, Equality]:
    """The claims by id; one whose sides have no meaning states no equality."""
    return {
        claim.id: Equality(claim.id, claim.sides.left, claim.sides.right, claim.conditions)
        for claim in claims
        if claim.misfit is None
    }


Entry = Callable[..., Expr]


class Document:
    """The derivation file of one subject; names are those of its declarations, as LaTeX."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.file = files("derivations") / subject / "written.md"

    @cached_property
    def derivation(self) -> Derivation:
        """Everything that the file says."""
        return derivation(self.file.read_text(encoding="utf-8"), self.file.name)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """For each line that the start of its chain equals this right side, under a longer id."""
        found = ((line.id, line.from_start or line.claim) for line in self.derivation.lines)
        return {id: replace(claim, id=self.id(id)) for id, claim in found}

    def id(self, line: str) -> str:
        """The id of a line among those of all subjects."""
        return f"{self.subject}.{line}"

    def scope(self, part: str) -> Scope:
        """What is declared at the last line of a part."""
        return [line for line in self.derivation.lines if line.part == part][-1].equality.scope

    def index(self, part: str, name: str) -> Index:
        """The index that a letter stands for."""
        return letter(self.scope(part).letters[name])

    def words(self, part: str, name: str) -> Callable[[Expr], Indexed]:
        """A list of labels, at a place."""
        (listed,) = self.scope(part).lists[name]
        return lambda place: WordArray(listed.name, listed.values)[place]

    def entry(self, part: str, name: str) -> Entry:
        """A number or an entry of a vector or matrix, at its subscripts in their order."""
        scope = self.scope(part)
        thing = scope.things[name]

        def at(*members: Expr) -> Expr:
            own = dict(zip(thing.letters, members, strict=False))
            return entry_at(thing.body, own, members[len(own) :], scope.names)

        return at

    def function(self, part: str, name: str) -> Entry:
        """A named function, at its arguments that are no vectors or matrices."""
        function = self.scope(part).functions[name]
        assert isinstance(function.meaning, Definition)
        definition, implicit = function.meaning, tuple(map(letter, function.implicit))
        return lambda *arguments: application(definition, *implicit, *arguments)

    def gradient(self, name: str, line: str, *rows: Index, dense: str = "") -> Gradient:
        """An output made from the right side of a line, ``rows`` before the line's own axes."""
        return Gradient(name, self.id(line), (*rows, *self.claims[line].sides.axes), dense)


class Misuse(Exception):
    """A kernel that uses a claim for what it does not say."""


def require_fit(function: Kernel | Elementwise, claims: Mapping[str, Equality]) -> None:
    """Raise Misuse unless every claim that the function names is stated, and fits."""
    for id in function.claims:
        if id not in claims:
            raise Misuse(f"{function.name} rests on the claim {id!r}, which is not stated")
    if isinstance(function, Elementwise):
        return
    for id in (*function.rewrites, *function.calls.values()):
        if claims[id].conditions:
            raise Misuse(f"{function.name} rewrites by {id}, which holds only under conditions")
    for output in function.outputs:
        if isinstance(output, Update):
            _require_gradient(function, output.gradient, claims)
        elif isinstance(output, Gradient):
            _require_gradient(function, output, claims)
        elif not (_is_loss(output, function) or _is_part(output, function)):
            raise Misuse(f"{output.name} is not the loss {function.loss}, nor what it is made of")


def _require_gradient(kernel: Kernel, output: Gradient, claims: Mapping[str, Equality]) -> None:
    claim = claims[output.claim]
    if not _is_gradient(claim, kernel):
        raise Misuse(f"{claim.id} is no gradient of {kernel.loss}, which {kernel.name} computes")
    if not all(_is_given(condition, kernel) for condition in claim.conditions):
        raise Misuse(f"{kernel.name} returns {claim.id}, which holds only under conditions")
    if output.only_row is None:
        return
    row, word = output.only_row
    rest = claims[output.elsewhere]
    elsewhere = (Unequal(row, word),)
    if not (_is_gradient(rest, kernel) and rest.right == 0 and rest.conditions == elsewhere):
        raise Misuse(f"{rest.id} does not say that the rows other than {word} are zero")


def _is_given(condition: Condition, kernel: Kernel) -> bool:
    """Whether the kernel is for such arguments only, and says so."""
    return isinstance(condition, Positive) and condition.of.name in kernel.assumed.positive


def _is_loss(output: Value, kernel: Kernel) -> bool:
    """The kernel's loss, or the terms of a loss that is a sum over the output's axes."""
    if not output.axes:
        return bool(output.loss == kernel.loss)
    whole = output.loss
    for axis in output.axes:
        whole = total(whole, axis)
    return isinstance(kernel.loss, Defined) and bool(whole == kernel.loss.body)


def _is_part(output: Value, kernel: Kernel) -> bool:
    """Numbers or a definition that stand in the loss; they may not be called the loss."""
    if output.name.startswith("loss") or not isinstance(output.loss, Indexed | Defined):
        return False
    parts = {*preorder_traversal(kernel.loss)}
    while found := {p.opened for p in parts if isinstance(p, Defined)} - parts:
        parts |= {*chain.from_iterable(map(preorder_traversal, found))}
    return output.loss in parts - {kernel.loss}


def _is_gradient(claim: Equality, kernel: Kernel) -> bool:
    """Whether the left side is a derivative of the loss, in whichever part that was defined."""
    if not isinstance(claim.left, Derivative):
        return False
    of = claim.left.expr
    return bool(of == kernel.loss or unfold(of) == unfold(kernel.loss))


__all__ = ["Disagreement", "NotProved", "require_proved"]


class NotProved(Exception):
    """Claims that kernels rest on and that are not proved: which, and what the judge said."""


def require_proved(functions: Iterable[Kernel | Elementwise], claims: Iterable[Claim]) -> None:
    """Judge every claim that the functions rest on; raise NotProved unless all are proved."""
    stated = {claim.id: claim for claim in claims}
    resting: dict[str, list[str]] = {}
    for function in functions:
        for id in function.claims:
            resting.setdefault(id, []).append(function.name)
    failures = []
    for id, names in resting.items():
        judgement = judge(stated[id])
        if judgement.verdict is not Verdict.PROVED:
            because = f" ({judgement.reason})" if judgement.reason else ""
            unique = ", ".join(dict.fromkeys(names))
            failures.append(f"{id} is {judgement.verdict.value}{because}; needed by {unique}")
    if failures:
        raise NotProved("\n".join(failures))
